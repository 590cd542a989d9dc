#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Model logs_of(DType type, const Shape& shape, const Quantization& in,
                     const Quantization& out = {{1.0f / 16}, {127}}) {
  return one_node("log_softmax", {{"in", type, shape, in, {}}}, {},
                  {{"out", type, {}, type == DType::float32 ? Quantization{} : out, {}}});
}

static Model random_logs(RandomModels& random, DType type) {
  return logs_of(type, random.shape(), random.quantization(type));
}

static const Cases log_softmax_cases{{.op = "log_softmax", .types = int8_and_float, .make = random_logs}};

TEST_CASE("log_softmax of equal values is minus the logarithm of their number") {
  CHECK(run(logs_of(DType::int8, {4}, {{0.1f}, {0}}), {5, 5, 5, 5}) == Numbers{105, 105, 105, 105});  // 127 - 22.2
  CHECK(answer<float>(logs_of(DType::float32, {2}, {}), std::vector<float>{3, 3})[0] == Approx(-std::log(2.0)));
}

TEST_CASE("log_softmax is of each row by itself, and saturates") {
  CHECK(run(logs_of(DType::int8, {2, 2}, plain), {10, 0, -128, 127}) == Numbers{127, -33, -128, 127});
}

TEST_CASE("log_softmax of int8 is within one step of the exact value") {
  RandomModels random(5);
  for (int i = 0; i < 200; ++i) {
    const int count = random.pick(1, 40);
    const float scale = random.real(0.001f, 0.3f);
    Numbers in;
    double sum = 0;
    for (int c = 0; c < count; ++c) in.push_back(random.pick(-128, 127));
    for (const int q : in) sum += std::exp(double{scale} * q);
    const Numbers out = run(logs_of(DType::int8, {count}, {{scale}, {3}}), in);
    for (int c = 0; c < count; ++c)
      CHECK(std::abs(out[c] - std::max(127 + 16 * (double{scale} * in[c] - std::log(sum)), -128.0)) <= 1);
  }
}

TEST_CASE("log_softmax says what it cannot run") {
  CHECK_THAT(refusal_of(logs_of(DType::int8, {2}, plain, plain)),
             Contains("its output's scale is not 1/16 with zero point 127"));
  CHECK_THAT(refusal_of(logs_of(DType::int8, {5000}, plain)), Contains("it has 5000 classes; at most 4095"));
  CHECK_THAT(refusal_of(logs_of(DType::int8, {2}, {{1e-9f}, {0}})), Contains("is not between 2^-26 and 32"));
  CHECK_THAT(refusal_of(logs_of(DType::int16, {2}, plain)), Contains("both must be the same of int8, float32"));
}
