#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Model hard_swish_of(DType type, const Shape& shape, const Quantization& in, const Quantization& out) {
  return one_node("hard_swish", {{"in", type, shape, in, {}}}, {}, {{"out", type, {}, out, {}}});
}

static Model random_hard_swish(RandomModels& random, DType type) {
  const Quantization in = random.quantization(type);
  Quantization out = random.quantization(type);
  if (type != DType::float32) out.scale[0] = in.scale[0] * random.real(0.5f, 2);
  return hard_swish_of(type, random.shape(), in, out);
}

static const Cases hard_swish_cases{{.op = "hard_swish", .types = int8_and_float, .make = random_hard_swish}};

TEST_CASE("hard_swish is 0 up to -3, x from 3 on, and x * (x + 3) / 6 between") {
  const Quantization tenths{{0.1f}, {0}};
  CHECK(run(hard_swish_of(DType::int8, {5}, tenths, tenths), {-128, -30, 0, 30, 120}) == Numbers{0, 0, 0, 30, 120});
  CHECK(run(hard_swish_of(DType::int8, {3}, tenths, {{0.01f}, {-100}}), {-15, 10, 15}) == Numbers{-128, -33, 13});
}

TEST_CASE("hard_swish of int8 is within one step of the function, whatever the scales") {
  RandomModels random(5);
  for (int round = 0; round < 200; ++round) {
    const Quantization in{{random.real(0.001f, 1)}, {random.pick(-128, 127)}};
    const Quantization out{{in.scale[0] * random.real(0.3f, 2)}, {random.pick(-128, 127)}};
    for (int q = -128; q <= 127; ++q) {
      const float x = in.scale[0] * static_cast<float>(q - in.zero_point[0]);
      const float steps = x * std::clamp(x + 3, 0.0f, 6.0f) / 6 / out.scale[0] + static_cast<float>(out.zero_point[0]);
      const int actual = run(hard_swish_of(DType::int8, {1}, in, out), {q})[0];
      CHECK(std::abs(static_cast<float>(actual) - std::clamp(steps, -128.0f, 127.0f)) < 1.02f);
    }
  }
}

TEST_CASE("hard_swish says what it cannot run") {
  CHECK_THAT(refusal_of(hard_swish_of(DType::int8, {1}, {{1000}, {0}}, plain)), Contains("too large, or its output's"));
  CHECK_THAT(refusal_of(hard_swish_of(DType::int8, {1}, {{1e20f}, {0}}, {{1e20f}, {0}})), Contains("is too large"));
  CHECK_THAT(refusal_of(hard_swish_of(DType::int16, {1}, plain, plain)), Contains("both must be the same of int8"));
}
