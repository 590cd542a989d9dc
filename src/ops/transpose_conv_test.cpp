#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

/// The output that a convolution of that kernel and stride makes an input of this side from; one of several.
static int out_side(RandomModels& random, std::int64_t padding, int in, int kernel, int stride) {
  if (padding == same) return (in - 1) * stride + random.pick(1, stride);
  return (in - 1) * stride + kernel + random.pick(0, stride - 1);
}

static Tensor random_weights(RandomModels& random, DType type, const Shape& shape) {
  Tensor weights{.name = "weights", .dtype = type == DType::float32 ? type : DType::int8, .shape = shape};
  if (type == DType::float32) return random.with_values(weights);
  weights.quantization = {std::vector<float>(random.one_in(3) ? 1 : shape[0]), {}, 0};
  for (float& scale : weights.quantization.scale) scale = random.real(0.002f, 0.02f);
  weights.quantization.zero_point.resize(weights.quantization.scale.size());
  return random.with_values(weights);
}

static Tensor random_bias(RandomModels& random, DType type, int channels) {
  if (type == DType::float32) return random.with_values({.name = "bias", .dtype = type, .shape = {channels}});
  Numbers bias(channels);
  for (int& b : bias) b = random.pick(-20000, 20000);
  return constant("bias", DType::int32, {channels}, bias);
}

static Model random_model(RandomModels& random, DType type) {
  const Shape in = random.image();
  const int kernel_h = random.pick(1, 5), kernel_w = random.pick(1, 5), channels = random.pick(1, 6);
  Attributes attributes = window_attributes(random.pick(same, valid), 1, random.pick(none, relu6));
  const int stride_h = random.pick(1, 3), stride_w = random.pick(1, 3);
  attributes["stride_h"] = stride_h, attributes["stride_w"] = stride_w;
  const auto padding = std::get<std::int64_t>(attributes["padding"]);
  const int height = out_side(random, padding, in[1], kernel_h, stride_h);
  const int width = out_side(random, padding, in[2], kernel_w, stride_w);
  std::vector<Tensor> inputs{numbers({1, height, width, channels}),
                             random_weights(random, type, {channels, kernel_h, kernel_w, in[3]}),
                             random.tensor(type, in)};
  if (!random.one_in(4)) inputs.push_back(random_bias(random, type, channels));
  Tensor out{.name = "out", .dtype = type, .quantization = random.quantization(type)};
  const float taps = static_cast<float>(kernel_h * kernel_w * in[3]);
  if (type != DType::float32)
    out.quantization.scale[0] = inputs[2].quantization.scale[0] * 0.85f * std::sqrt(taps) * random.real(0.5f, 4);
  return one_node("transpose_conv", inputs, attributes, {out});
}

static const Cases transpose_conv_cases{{.op = "transpose_conv", .types = int8_int16_float, .make = random_model}};

static Tensor int8_tensor(const Shape& shape, int zero_point = 0) {
  return {.name = "in", .dtype = DType::int8, .shape = shape, .quantization = {{1.0f}, {zero_point}, 0}};
}

static Tensor int8_weights(const Shape& shape, const Numbers& elements) {
  return constant("weights", DType::int8, shape, narrowed<std::int8_t>(elements), plain);
}

/// One row of one channel.
static Model one_row(int in, int out, const Numbers& weights, const Attributes& attributes, int zero_point = 0) {
  return one_node("transpose_conv",
                  {numbers({1, 1, out, 1}), int8_weights({1, 1, static_cast<int>(weights.size()), 1}, weights),
                   int8_tensor({1, 1, in, 1}, zero_point)},
                  attributes, {int8_tensor({})});
}

TEST_CASE("transpose_conv adds the kernel, times each cell, at stride times the cell's place") {
  Attributes attributes = window_attributes(valid, 2);
  CHECK(run(one_row(3, 7, {1, 2, 3}, attributes), {1, 10, 20}) == Numbers{1, 2, 3 + 10, 20, 30 + 20, 40, 60});
}

TEST_CASE("transpose_conv with SAME padding leaves out what lies beyond the output, on both sides") {
  // The convolution from 4 to 2 at stride 2 pads the end by one; so the last tap of the last cell falls outside.
  CHECK(run(one_row(2, 4, {1, 2, 3}, window_attributes(same, 2)), {1, 10}) == Numbers{1, 2, 3 + 10, 20});
  // At stride 1 it pads both ends.
  CHECK(run(one_row(3, 3, {1, 2, 3}, window_attributes(same)), {1, 0, 10}) == Numbers{2, 3 + 10, 20});
}

TEST_CASE("transpose_conv leaves what no cell reaches at the bias, where the stride is larger than the kernel") {
  CHECK(run(one_row(2, 6, {5}, window_attributes(same, 3)), {1, 2}) == Numbers{5, 0, 0, 10, 0, 0});
}

TEST_CASE("transpose_conv counts cells from their zero point, also at the edges") {
  const Model model = one_row(2, 4, {1, 2, 3}, window_attributes(same, 2), 7);
  CHECK(run(model, {8, 17}) == Numbers{1, 2, 3 + 10, 20});
}

TEST_CASE("transpose_conv sums input channels, and each output channel has weights, a scale and a bias of its own") {
  Tensor weights = int8_weights({2, 1, 1, 2}, {1, 2, 3, 4});
  weights.quantization = {{1.0f, 0.5f}, {0, 0}, 0};
  const Model model = one_node(
      "transpose_conv",
      {numbers({1, 1, 1, 2}), weights, int8_tensor({1, 1, 1, 2}), constant("bias", DType::int32, {2}, Numbers{5, -4})},
      window_attributes(valid), {int8_tensor({})});
  CHECK(run(model, {10, 20}) == Numbers{10 + 40 + 5, (30 + 80 - 4) / 2});
}

TEST_CASE("transpose_conv needs the rows whose kernels cover an output row") {
  const Model model = one_node(
      "transpose_conv", {numbers({1, 9, 1, 1}), int8_weights({1, 3, 1, 1}, {1, 1, 1}), int8_tensor({1, 4, 1, 1})},
      {{"padding", 1}, {"stride_h", 2}, {"stride_w", 1}}, {int8_tensor({})});
  const auto rows = [&](int y) {
    const Rows needed = find_operator("transpose_conv")->rows(model, model.nodes[0], 2, y);
    return Numbers{needed.first, needed.first + needed.count - 1};
  };
  CHECK(rows(0) == Numbers{0, 0});
  CHECK(rows(2) == Numbers{0, 1});
  CHECK(rows(3) == Numbers{1, 1});
  CHECK(rows(8) == Numbers{3, 4});  // 4 lies below the input
}

TEST_CASE("transpose_conv takes its output's shape from the file where the operand is computed") {
  Model model = one_row(3, 7, {1, 2, 3}, window_attributes(valid, 2));
  model.tensors[0].data.clear();
  model.inputs = {2};
  CHECK(refusal_of(model) == "");
}

TEST_CASE("transpose_conv says what it cannot run") {
  const Model good = one_row(3, 7, {1, 2, 3}, window_attributes(valid, 2));
  const auto refusal = [&](auto change) {
    Model model = good;
    change(model);
    return refusal_of(model);
  };
  enum { asked, weights, in, out };
  CHECK(refusal([](Model&) {}) == "");
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].inputs.resize(2); }), Contains("its input is missing"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].inputs[weights] = -1; }), Contains("its weights are not 4-dimensional"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].attributes["stride_w"] = 0; }), Contains("stride_w is 0, not 1 to 255"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[in].shape = {1, 1, 3, 2}; }), Contains("1x1x3x1 for 2 input channels"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[in].shape = {3}; }), Contains("its input has 1 dimensions, not 4"));
  CHECK_THAT(refusal([](Model& m) {
               m.tensors[in].shape = {1, 1, 4, 1};
             }),
             Contains("an output of 1x1x7x1 comes from an input of 1 x 3, and its input is 1x1x4x1"));
  CHECK_THAT(refusal([](Model& m) {
               m.tensors[out].shape = {1, 1, 8, 1};
             }),
             Contains("it asks for an output of 1x1x7x1, and the file says 1x1x8x1"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[asked] = numbers({1, -1, 7, 1}); }), Contains("an output of 1x-1x7x1"));
  CHECK_THAT(
      refusal([](Model& m) { m.tensors[asked] = constant("asked", DType::int64, {1}, std::vector<std::int64_t>{7}); }),
      Contains("its output's shape is given in int64"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[weights].shape = {3, 1, 1, 1}; }), Contains("its weights 3x1x1x1"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[weights].data.clear(); }), Contains("its weights are not constant"));
  CHECK_THAT(refusal([](Model& m) {
               m.tensors[weights].quantization = {{1, 1, 1}, {0, 0, 0}, 2};
             }),
             Contains("its weights have 3 scales for 1 channels"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[out].quantization.scale[0] = 1e-30f; }), Contains("overflows 32 bits"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[in].dtype = DType::int16; }), Contains("its input is int16"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].inputs.push_back(weights); }), Contains("its bias is 1x1x3x1 int8"));
}
