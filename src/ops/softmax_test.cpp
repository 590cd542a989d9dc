#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Model random_model(RandomModels& random, DType type) {
  Tensor out{.name = "out", .dtype = type};
  if (type == DType::int8) out.quantization = {{1.0f / 256}, {-128}, 0};
  if (type == DType::int16) out.quantization = {{1.0f / 32768}, {0}, 0};
  return one_node("softmax", {random.tensor(type, random.shape())}, {{"beta", random.one_in(4) ? 0.5 : 1.0}}, {out});
}

static const Cases softmax_cases{{.op = "softmax", .types = int8_int16_float, .make = random_model}};

static OneNode classes(int count, float scale = 1) {
  return {.op = "softmax",
          .in = {1, count},
          .attributes = {{"beta", 1.0}},
          .in_quantization = {{scale}, {0}},
          .out_quantization = {{1.0f / 256}, {-128}}};
}

TEST_CASE("softmax shares out 256 steps above -128, in proportion to exp") {
  CHECK(run(one_node(classes(2)), {5, 5}) == Numbers{0, 0});
  // exp(0) : exp(-1) : exp(-2) = 0.665 : 0.245 : 0.090, and 256 of them 170.3, 62.7, 23.05
  CHECK(run(one_node(classes(3)), {2, 1, 0}) == Numbers{170 - 128, 63 - 128, 23 - 128});
}

static Model to_int16(const OneNode& one) {
  Model model = one_node(one);
  model.tensors[1].dtype = DType::int16;
  model.tensors[1].quantization = {{1.0f / 65536}, {-32768}, 0};
  return model;
}

TEST_CASE("softmax of int8 to int16 shares out 65536 steps above -32768, in proportion to exp") {
  const auto shares = [](const Numbers& logits) {
    const Model model = to_int16(classes(static_cast<int>(logits.size())));
    check_supported(model);
    Tensor out;
    out.data = reference_output(model, bytes_of(logits));
    const auto values = dragonet::values<std::int16_t>(out);
    return Numbers(values.begin(), values.end());
  };
  CHECK(shares({5, 5}) == Numbers{0, 0});
  CHECK(shares({127, -128}) == Numbers{32767, -32768});
  const Numbers three = shares({2, 1, 0});  // 65536 times 0.66524, 0.24473 and 0.09003
  CHECK(std::abs(three[0] + 32768 - 43597) <= 2);
  CHECK(std::abs(three[1] + 32768 - 16038) <= 2);
  CHECK(std::abs(three[2] + 32768 - 5900) <= 2);
  Model other = to_int16(classes(2));
  other.tensors[1].quantization.zero_point = {0};
  CHECK_THAT(refusal_of(other), Contains("its output's scale is not 1/65536 with zero point -32768"));
}

TEST_CASE("softmax saturates at 127, since a share of 1 would be 256 steps") {
  CHECK(run(one_node(classes(1)), {-128}) == Numbers{127});
  CHECK(run(one_node(classes(2)), {127, -128}) == Numbers{127, -128});
}

TEST_CASE("softmax's beta multiplies the logits") {
  OneNode one = classes(2);
  one.attributes["beta"] = 0.5;
  CHECK(run(one_node(one), {2, 0}) == run(one_node(classes(2)), {1, 0}));
}

TEST_CASE("softmax looks only at differences: the zero point does not matter") {
  OneNode one = classes(3, 0.3f);
  const Numbers expected = run(one_node(one), {3, -7, 0});
  one.in_quantization.zero_point = {-128};
  CHECK(run(one_node(one), {103, 93, 100}) == expected);
}

TEST_CASE("softmax of many equal classes rounds each share of 256: 1 below 512 of them, and 0 from there on") {
  CHECK(run(one_node(classes(511)), Numbers(511, 9)) == Numbers(511, 1 - 128));
  CHECK(run(one_node(classes(1000)), Numbers(1000, 9)) == Numbers(1000, -128));
  CHECK(run(one_node(classes(4095)), Numbers(4095, 9)) == Numbers(4095, -128));
}

TEST_CASE("softmax is within one step of exp in doubles, over random scales and logits") {
  RandomModels random(11);
  for (int round = 0; round < 300; ++round) {
    const float scale = std::pow(10.0f, random.real(-3, 0.5f));
    const int count = random.pick(2, 30);
    Numbers in(count);
    for (int& q : in) q = random.pick(-128, 127);
    const int largest = *std::max_element(in.begin(), in.end());
    double sum = 0;
    for (const int q : in) sum += std::exp(double{scale} * (q - largest));
    const Numbers out = run(one_node(classes(count, scale)), in);
    for (int c = 0; c < count; ++c) {
      const double share = 256 * std::exp(double{scale} * (in[c] - largest)) / sum - 128;
      INFO("round " << round << ", class " << c << ", scale " << scale);
      CHECK(std::abs(out[c] - std::min(share, 127.0)) <= 1);
    }
  }
}

TEST_CASE("softmax shares out each run of the last dimension by itself, in any shape") {
  OneNode one = classes(2);
  for (const Shape& shape : {Shape{3, 2}, Shape{1, 3, 1, 2}, Shape{1, 1, 3, 2}, Shape{3, 1, 1, 2}}) {
    one.in = shape;
    CHECK(run(one_node(one), {5, 5, 100, -100, 9, 9}) == Numbers{0, 0, 127, -128, 0, 0});
  }
}

/// Of int16 logits in steps of `scale`; shares of 32768.
static std::vector<int> wide_shares(float scale, const std::vector<std::int16_t>& logits) {
  const Tensor in{.name = "in",
                  .dtype = DType::int16,
                  .shape = {static_cast<int>(logits.size())},
                  .quantization = {{scale}, {0}, 0}};
  const Tensor out{.name = "out", .dtype = DType::int16, .quantization = {{1.0f / 32768}, {0}, 0}};
  const Model model = one_node("softmax", {in}, {{"beta", 1.0}}, {out});
  check_supported(model);
  Tensor shares = out, given = in;
  set_values<std::int16_t>(given, logits);
  shares.data = reference_output(model, given.data);
  return {values<std::int16_t>(shares).begin(), values<std::int16_t>(shares).end()};
}

TEST_CASE(
    "softmax of int16 is within 4 of 32768 steps of exp in doubles, over random scales and logits up to 10 apart") {
  RandomModels random(12);
  for (int round = 0; round < 300; ++round) {
    const float scale = std::pow(10.0f, random.real(-5, -3.82f));
    std::vector<std::int16_t> logits(random.pick(1, 30));
    for (std::int16_t& q : logits) q = static_cast<std::int16_t>(random.pick(-32768, 32767));
    const int largest = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const int q : logits) sum += std::exp(double{scale} * (q - largest));
    const std::vector<int> shares = wide_shares(scale, logits);
    for (std::size_t c = 0; c < logits.size(); ++c) {
      INFO("round " << round << ", class " << c << ", scale " << scale);
      CHECK(std::abs(shares[c] - std::min(32768 * std::exp(double{scale} * (logits[c] - largest)) / sum, 32767.0)) <=
            4);
    }
  }
}

TEST_CASE("softmax says what it cannot run") {
  const auto refusal = [](auto change) {
    Model model = one_node(classes(4));
    change(model);
    return refusal_of(model);
  };
  CHECK(refusal([](Model&) {}) == "");
  CHECK_THAT(refusal([](Model& m) { m.tensors[0].shape = {}; }), Contains("at most 4095 classes"));
  CHECK_THAT(refusal([](Model& m) {
               m.tensors[0].shape = {1, 4096};
             }),
             Contains("its input is 1x4096; at most 4095 classes"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].attributes = {}; }), Contains("its beta is 0, not a positive number"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].attributes["beta"] = NAN; }), Contains("its beta is nan"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].attributes["beta"] = INFINITY; }), Contains("its beta is inf"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[0].quantization.scale = {1e-9f}; }),
             Contains("so small that all classes are equal"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[1].quantization.zero_point = {0}; }),
             Contains("its output's scale is not 1/256 with zero point -128"));
  const auto widened = [](Model& m) {
    m.tensors[0].dtype = m.tensors[1].dtype = DType::int16;
    m.tensors[1].quantization = {{1.0f / 32768}, {0}, 0};
  };
  CHECK(refusal(widened) == "");
  CHECK_THAT(refusal([&](Model& m) { widened(m), m.tensors[0].quantization.scale = {3}; }),
             Contains("so large that 32 bits overflow"));
  CHECK_THAT(refusal([&](Model& m) { widened(m), m.tensors[1].quantization.scale = {1.0f / 256}; }),
             Contains("its output's scale is not 1/32768 with zero point 0"));
}
