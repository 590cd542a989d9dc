#include <catch2/catch.hpp>

#include "ops/binary_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

/// alpha of one value per channel, and of any other part of the input's shape. One value for several channels is no
/// constant: of such, XNNPACK reads beyond the end in this version.
static Model random_prelu(RandomModels& random, DType type) {
  const Shape shape = random.shape();
  Tensor alpha = random.tensor(type, {shape.back()});
  if (random.one_in(2)) {
    alpha.shape = shape;
    for (int& size : alpha.shape) size = random.one_in(2) ? 1 : size;
  }
  const Tensor in = random.tensor(type, shape);
  Quantization out;
  if (type == DType::int8) out = {{in.quantization.scale[0] * random.real(1, 3)}, {random.pick(-128, 127)}};
  const bool is_one = element_count(alpha.shape) == 1 && shape.back() > 1;
  if (!is_one && !random.one_in(3)) alpha = random.with_values(alpha);
  return one_node("prelu", {in, alpha}, {}, {{.name = "out", .dtype = type, .quantization = out}});
}

static const Cases prelu_cases{{.op = "prelu", .types = int8_and_float, .make = random_prelu}};

TEST_CASE("prelu multiplies what is negative by its alpha, and brings all to the output's scale") {
  const Quantization half{{0.5f}, {0}};
  CHECK(of_two("prelu", -20, plain, 1, half, plain) == -10);
  CHECK(of_two("prelu", 20, plain, 1, half, {{2}, {5}}) == 15);
  CHECK(of_two("prelu", -20, {{1}, {-10}}, -3, {{0.5f}, {1}}, plain) == 20);  // -10 * -2
  CHECK(of_plain<float>("prelu", DType::float32, {2, 2}, {2}, {-1, -2, 3, -4, 0.5f, 0.25f}, {}) ==
        std::vector<float>{-0.5f, -0.5f, 3, -1});
}

TEST_CASE("prelu says what it cannot run") {
  const auto of = [](const Shape& in, const Shape& alpha, float out_scale) {
    return one_node("prelu", {{"in", DType::int8, in, plain, {}}, {"alpha", DType::int8, alpha, plain, {}}}, {},
                    {{"out", DType::int8, in, {{out_scale}, {0}}, {}}});
  };
  CHECK(refusal_of(of({2, 3}, {3}, 1)) == "");
  CHECK_THAT(refusal_of(of({3}, {2, 3}, 1)), Contains("its alpha of 2x3 is larger than its input of 3"));
  CHECK_THAT(refusal_of(of({3}, {3}, 1e-5f)), Contains("that overflows 32 bits"));
}
