#include "board/load.h"

#include <catch2/catch.hpp>

using namespace dragonet;

TEST_CASE("a listening chip's load is what features and answers take of the time between answers") {
  const Board& board = find_board("mkrzero");  // 48 MHz
  const Counts all{.inference = {300, 40'000'000, 8'000'000},
                   .features = {100, 24'000'000, 0},
                   .layers = {{"layer_00_conv_2d", {20, 1000, 0}}}};
  const Counts one = of_one_inference(all, 2);
  CHECK(one.inference == Count{150, 20'000'000, 4'000'000});
  CHECK(one.layers[0].count == Count{10, 500, 0});
  CHECK(one.features == all.features);

  const std::vector<Heard> heard{{.readings = 100}, {.readings = 150}};  // at 100 Hz every half second
  const Load load = load_of(one, heard, 2, 100, board);
  CHECK(load.features == Approx(0.25));  // half a second's cycles in two seconds
  CHECK(load.model == Approx(1));        // half a second's cycles every half second
  CHECK_FALSE(load.keeps_up());
  CHECK(load.too_often() == Approx(1 / 0.75));
  CHECK(load_of(one, {{.readings = 100}}, 2, 100, board).keeps_up());
}
