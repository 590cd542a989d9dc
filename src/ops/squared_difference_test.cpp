#include <catch2/catch.hpp>

#include "ops/binary_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

/// Errors of half a step in either input come to no more than half a step of the square.
static Model random_difference(RandomModels& random, DType type) {
  const auto out = [&](const Tensor& a, const Tensor& b) -> Quantization {
    const float scales = a.quantization.scale[0] + b.quantization.scale[0];
    const float steps = type == DType::int16 ? 32768 : 255;
    return {{scales * scales * steps * random.real(0.5f, 2)}, {type == DType::int16 ? 0 : random.pick(-128, 127)}, 0};
  };
  return random_pairs(random, "squared_difference", type, random.shape(), out);
}

static const Cases difference_cases{{.op = "squared_difference", .types = numeric, .make = random_difference}};

TEST_CASE("squared_difference squares the difference of what its inputs stand for") {
  CHECK(of_two("squared_difference", 10, {{0.5f}, {0}}, 8, {{0.25f}, {0}}, plain) == 9);               // 5 - 2
  CHECK(of_two("squared_difference", 8, {{0.25f}, {0}}, 10, {{0.5f}, {0}}, {{0.5f}, {-100}}) == -82);  // 18 steps
  CHECK(of_two("squared_difference", -128, plain, 127, plain, plain) == 127);
}

TEST_CASE("squared_difference of int32 and of floats") {
  CHECK(of_plain<std::int32_t>("squared_difference", DType::int32, {2}, {1}, {7, -1, 3}, {}) ==
        std::vector<std::int32_t>{16, 16});
  CHECK(of_plain<float>("squared_difference", DType::float32, {2}, {1}, {0.5f, 3, 1}, {}) ==
        std::vector<float>{0.25f, 4});
}

TEST_CASE("squared_difference says what it cannot run") {
  const Tensor in{"in", DType::int8, {1}, plain, {}};
  CHECK_THAT(refusal_of(one_node("squared_difference", {in, in}, {}, {{"out", DType::int8, {}, {{1e-5f}, {0}}, {}}})),
             Contains("its output's scale 1e-05 is too small for its inputs'"));
}
