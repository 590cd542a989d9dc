#include <catch2/catch.hpp>

#include "ops/binary_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

static Model random_product(RandomModels& random, DType type) {
  const auto out = [&](const Tensor& a, const Tensor& b) -> Quantization {
    const float product = a.quantization.scale[0] * b.quantization.scale[0];
    if (type == DType::int16) return {{product * random.real(5000, 30000)}, {0}};
    return {{product * random.real(10, 200)}, {random.pick(-128, 127)}};
  };
  return random_pairs(random, "mul", type, random.shape(), out, activation(random.pick(none, relu6)));
}

static const Cases mul_cases{{.op = "mul", .types = numeric, .make = random_product}};

TEST_CASE("mul multiplies what its inputs stand for, whatever their scales and zero points") {
  const Quantization half{{0.5f}, {0}};
  CHECK(of_two("mul", 10, half, 20, {{0.25f}, {0}}, {{1}, {0}}) == 25);     // 5 * 5
  CHECK(of_two("mul", 10, {{0.5f}, {-10}}, 20, plain, {{4}, {-3}}) == 47);  // 10 * 20 / 4
  CHECK(of_two("mul", -128, plain, 127, plain, plain) == -128);
  CHECK(of_two("mul", 1, half, 1, plain, plain) == 1);   // 0.5: where nothing is shifted, halves go up
  CHECK(of_two("mul", -1, half, 1, plain, plain) == 0);  // -0.5
}

TEST_CASE("mul clamps to its fused activation") {
  CHECK(of_two("mul", 5, plain, 5, plain, plain, activation(relu6)) == 6);
  CHECK(of_two("mul", -5, plain, 5, plain, plain, activation(relu)) == 0);
}

TEST_CASE("mul of int16 and of floats, with one channel's factor for all its values") {
  CHECK(of_plain<std::int16_t>("mul", DType::int16, {1, 1, 2, 2}, {2}, {100, -200, 300, 7, 2, 3}, {{0.5f}, {0}}) ==
        std::vector<std::int16_t>{100, -300, 300, 11});
  CHECK(of_plain<float>("mul", DType::float32, {2, 1}, {2}, {1, 2, 10, 20}, {}) == std::vector<float>{10, 20, 20, 40});
}

TEST_CASE("mul of int32 is of the numbers themselves, and wraps around") {
  CHECK(of_plain<std::int32_t>("mul", DType::int32, {2}, {1}, {7, 1 << 20, 1 << 12}, {}) ==
        std::vector<std::int32_t>{7 << 12, 0});
}

TEST_CASE("mul says what it cannot run") {
  const auto product = [](DType type, const Quantization& in, const Quantization& out) {
    return one_node("mul", {{"a", type, {2}, in, {}}, {"b", type, {2}, in, {}}}, {}, {{"out", type, {2}, out, {}}});
  };
  CHECK_THAT(refusal_of(product(DType::int8, plain, {{1e-5f}, {0}})), Contains("that overflows 32 bits"));
  CHECK_THAT(refusal_of(product(DType::int16, plain, {{0.9f}, {0}})), Contains("that overflows 32 bits"));
  CHECK_THAT(refusal_of(product(DType::int16, plain, {{1}, {5}})), Contains("the zero point 5, which int16 may not"));
  CHECK_THAT(refusal_of(product(DType::uint8, plain, plain)), Contains("both must be the same of int8, int16"));
}
