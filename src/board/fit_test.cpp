#include "board/fit.h"

#include <catch2/catch.hpp>

using namespace dragonet;
using Catch::Matchers::Contains;
using Room = Symbol::Room;

static FirmwareImage image_with(FlashUse flash, RamUse ram) {
  FirmwareImage image;
  image.emitted.layers = {"layer_00_conv_2d", "layer_01_fully_connected"};
  image.emitted.layer_names = {"block/conv", "scores"};
  image.flash = flash;
  image.ram = ram;
  image.symbols = {{"m::layer_00_conv_2d", 0x2100, 80, true, Room::model_code},
                   {"m::layer_01_fully_connected", 0x2150, 90, true, Room::model_code},
                   {"m::layer_00_conv_2d_weights", 0x3000, 400, false, Room::constants},
                   {"m::layer_00_conv_2d_bias", 0x3190, 64, false, Room::constants},
                   {"m::layer_01_fully_connected_weights", 0x4000, 250'000, false, Room::constants},
                   {"m::labels", 0x5000, 8, false, Room::constants}};
  return image;
}

static const FlashUse small_flash{.constants = 1, .model_code = 1, .firmware_code = 1, .total = 3, .limit = 253'952};
static const RamUse small_ram{.activations = 1, .input = 0, .static_ = 1, .stack = 1, .total = 3, .limit = 32'768};

TEST_CASE("an image that fits has no problems") {
  CHECK(fit_problems(image_with(small_flash, small_ram), find_board("mkrzero")).empty());
}

TEST_CASE("constants are summed by layer, the largest first; others stand for themselves") {
  const std::vector<LayerBytes> layers = constants_by_layer(image_with(small_flash, small_ram));
  REQUIRE(layers.size() == 3);
  CHECK(layers[0].layer == "scores");
  CHECK(layers[1].bytes == 464);
  CHECK(layers[2].layer == "labels");
}

TEST_CASE("flash that is too small is answered with by how much, and which layers are largest") {
  const FlashUse flash{
      .constants = 250'472, .model_code = 170, .firmware_code = 4'000, .total = 254'642, .limit = 253'952};
  const std::vector<Problem> problems = fit_problems(image_with(flash, small_ram), find_board("mkrzero"));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].where == "Arduino MKR Zero, flash");
  CHECK_THAT(problems[0].what, Contains("takes 254 642 B of flash, 690 B more than the 253 952 B there are"));
  CHECK_THAT(problems[0].what, Contains("largest: scores 250 000 B, block/conv 464 B"));
}

TEST_CASE("RAM that is too small is said with what takes it and what would help") {
  const RamUse ram{.activations = 40'000, .input = 0, .static_ = 100, .stack = 400, .total = 40'500, .limit = 32'768};
  const std::vector<Problem> problems = fit_problems(image_with(small_flash, ram), find_board("mkrzero"));
  REQUIRE(problems.size() == 1);
  CHECK_THAT(problems[0].what, Contains("takes 40 500 B of RAM, 7 732 B more") && Contains("activations 40 000 B"));
  CHECK_THAT(problems[0].next, Contains("fewer filters in the first layers"));
}

TEST_CASE("bytes are written in groups of three digits") {
  CHECK(bytes_text(0) == "0 B");
  CHECK(bytes_text(999) == "999 B");
  CHECK(bytes_text(1000) == "1 000 B");
  CHECK(bytes_text(1234567) == "1 234 567 B");
}
