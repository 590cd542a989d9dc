#include "quantize/quantize.h"

#include <catch2/catch.hpp>

#include "model/codec.h"
#include "ops/op_test.h"
#include "ops/quantized.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

using Floats = std::vector<float>;
using Samples = std::vector<Floats>;

/// Tensors and nodes are added one after another, each node on the output of the one before it.
class FloatNetwork {
 public:
  explicit FloatNetwork(const Shape& input) {
    model.source = "float.tflite";
    model.inputs = model.outputs = {0};
    model.tensors = {{.name = "in", .shape = input}};
  }
  FloatNetwork& add(const std::string& op, const Shape& out, Attributes attributes = {},
                    const std::vector<Tensor>& constants = {}) {
    Node node{.op = op, .index = static_cast<int>(model.nodes.size()), .inputs = model.outputs};
    node.attributes = std::move(attributes);
    for (const Tensor& tensor : constants) {
      node.inputs.push_back(static_cast<int>(model.tensors.size()));
      model.tensors.push_back(tensor);
    }
    node.outputs = model.outputs = {static_cast<int>(model.tensors.size())};
    model.tensors.push_back({.name = op, .shape = out});
    model.nodes.push_back(node);
    return *this;
  }
  Model model;
};

static Tensor reals(const Shape& shape, const Floats& values) {
  return constant<float>("constant", DType::float32, shape, values);
}

/// Two inputs, two outputs; tensors: 0 in, 1 weights, 2 bias, 3 out.
static Model two_by_two(const Floats& weights, const Floats& bias) {
  return FloatNetwork({1, 2}).add("fully_connected", {1, 2}, {}, {reals({2, 2}, weights), reals({2}, bias)}).model;
}

static Model pointwise(const Floats& weights, const Floats& bias) {
  const int channels = static_cast<int>(bias.size());
  return FloatNetwork({1, 1, 1, 1})
      .add("conv_2d", {1, 1, 1, channels}, window_attributes(valid),
           {reals({channels, 1, 1, 1}, weights), reals({channels}, bias)})
      .model;
}

static std::vector<int> ints(const Tensor& tensor) {
  if (tensor.dtype == DType::int32) return {values<std::int32_t>(tensor).begin(), values<std::int32_t>(tensor).end()};
  return {values<std::int8_t>(tensor).begin(), values<std::int8_t>(tensor).end()};
}

// Source: TensorFlow Lite 8-bit quantization specification; scale = (max - min) / 255, zero point = -128 - min / scale.
TEST_CASE("activations get the range that the samples reach, always with 0 in it") {
  const std::vector<Floats> samples{{-1, 0}, {4.1f, 0.5f}};
  const Model model = quantize(two_by_two({1, 0, 0, 1}, {0, 10}), samples, {});
  const Quantization &in = model.tensors[0].quantization, &out = model.tensors[3].quantization;
  CHECK(in.scale.at(0) == Approx(5.1 / 255));
  CHECK(in.zero_point.at(0) == -78);  // -128 + 1 / 0.02
  CHECK(out.scale.at(0) == Approx(11.5 / 255));
  CHECK(out.zero_point.at(0) == -106);  // -128 + 1 / 0.0451, which is 22.2
  CHECK(model.tensors[0].dtype == DType::int8);
  CHECK(model.tensors[3].dtype == DType::int8);
  check_supported(model);
}

TEST_CASE("values that never reach 0 still have it at an end of their range") {
  const std::vector<Floats> samples{{5, 10.2f}};
  const Model model = quantize(two_by_two({-1, 0, 0, -1}, {0, 0}), samples, {});
  CHECK(model.tensors[0].quantization.scale.at(0) == Approx(10.2 / 255));
  CHECK(model.tensors[0].quantization.zero_point.at(0) == -128);
  CHECK(model.tensors[3].quantization.zero_point.at(0) == 127);
}

TEST_CASE("an input's quantization that is known is taken as it is") {
  const Model model = quantize(two_by_two({1, 0, 0, 1}, {0, 0}), std::vector<Floats>{{9, 9}}, {{0.25f}, {3}});
  CHECK(model.tensors[0].quantization == Quantization{{0.25f}, {3}});
}

TEST_CASE("weights are symmetric, to 127 at most, with one scale for a whole fully connected layer") {
  const Model model = quantize(two_by_two({0.5f, -1.27f, 0.01f, 0}, {0, 0}), std::vector<Floats>{{1, 1}}, {});
  const Tensor& weights = model.tensors[1];
  CHECK(weights.quantization.scale.size() == 1);
  CHECK(weights.quantization.scale[0] == Approx(0.01));
  CHECK(weights.quantization.zero_point == std::vector<std::int32_t>{0});
  CHECK(ints(weights) == std::vector<int>{50, -127, 1, 0});
}

TEST_CASE("a convolution's weights have a scale per output channel, and a channel of zeros does no harm") {
  const Model model = quantize(pointwise({1.27f, -0.127f, 0}, {0.5f, 0.5f, 0.5f}), std::vector<Floats>{{2.55f}}, {});
  const Quantization& q = model.tensors[1].quantization;
  CHECK(q.scale == Floats{1.27f / 127, 0.127f / 127, 1});
  CHECK(q.axis == 0);
  CHECK(ints(model.tensors[1]) == std::vector<int>{127, -127, 0});
  check_supported(model);
}

TEST_CASE("a depthwise convolution's scales lie along its last dimension") {
  const Model real = FloatNetwork({1, 1, 2, 2})
                         .add("depthwise_conv_2d", {1, 1, 1, 2}, window_attributes(valid),
                              {reals({1, 1, 2, 2}, {1.27f, 0.1f, 0.5f, 12.7f})})
                         .model;
  const Model model = quantize(real, std::vector<Floats>{{1, 1, 1, 1}}, {});
  CHECK(model.tensors[1].quantization.axis == 3);
  CHECK(ints(model.tensors[1]) == std::vector<int>{127, 1, 50, 127});
  check_supported(model);
}

TEST_CASE("a bias is int32 at input scale times weight scale, zero point 0") {
  const Model model = quantize(pointwise({1.27f, -0.127f}, {0.5f, -0.5f}), std::vector<Floats>{{2.55f}}, {});
  const Quantization& q = model.tensors[2].quantization;
  CHECK(model.tensors[2].dtype == DType::int32);
  CHECK(q.scale[0] == Approx(0.01 * 0.01));
  CHECK(q.scale[1] == Approx(0.01 * 0.001));
  CHECK(q.zero_point == std::vector<std::int32_t>{0, 0});
  CHECK(ints(model.tensors[2]) == std::vector<int>{5000, -50000});
}

TEST_CASE("a huge bias beside tiny weights does not overflow: the output is the bias") {
  for (const float tiny : {1e-9f, 1e-30f, 1e-44f, 0.0f}) {
    const Model model = quantize(pointwise({tiny}, {100}), std::vector<Floats>{{1}}, {});
    check_supported(model);
    const Bytes out = reference_output(model, Bytes{127});
    CHECK(real_of(model.tensors[3], static_cast<std::int8_t>(out[0])) == Approx(100).epsilon(0.01));
  }
}

TEST_CASE("two layers that share weights and bias each get their own, with scales that suit their inputs") {
  FloatNetwork network({1, 2});
  network.add("fully_connected", {1, 2}, {}, {reals({2, 2}, {8, 0, 0, 8}), reals({2}, {1, 1})});
  network.add("fully_connected", {1, 2});
  network.model.nodes[1].inputs = {3, 1, 2};
  const Model model = quantize(network.model, std::vector<Floats>{{1, 1}}, {});
  check_supported(model);
  CHECK(model.nodes[0].inputs[2] != model.nodes[1].inputs[2]);
  CHECK(ints(model.input(model.nodes[0], 1)) == ints(model.input(model.nodes[1], 1)));
  CHECK(ints(model.input(model.nodes[0], 2))[0] == Approx(9 * ints(model.input(model.nodes[1], 2))[0]).epsilon(0.01));
}

TEST_CASE("pooling and reshape keep their input's scale, and softmax has 1/256 and -128") {
  const Model real = FloatNetwork({1, 2, 2, 1})
                         .add("average_pool_2d", {1, 1, 1, 1}, pool_attributes(valid, 2, 2))
                         .add("max_pool_2d", {1, 1, 1, 1}, pool_attributes(valid, 1, 1))
                         .add("reshape", {1, 1})
                         .add("softmax", {1, 1}, {{"beta", 1.0}})
                         .model;
  const Model model = quantize(real, std::vector<Floats>{{1, 2, 3, 4}}, {});
  for (int t = 1; t <= 3; ++t) CHECK(model.tensors[t].quantization == model.tensors[0].quantization);
  CHECK(model.tensors[4].quantization == Quantization{{1.0f / 256}, {-128}});
  check_supported(model);
}

/// One unit over [1, 3, 1]: what enters, tanh of half the input, is added up; forget, input and output gates are open.
static Model adding_up() {
  const auto of_gates = [](const Floats& values, const Shape& shape) {
    std::vector<Tensor> gates;
    for (const float value : values) gates.push_back(reals(shape, {value}));
    return gates;
  };
  Model model = FloatNetwork({1, 3, 1}).model;
  Node node{.op = "unidirectional_sequence_lstm", .inputs = std::vector<int>(24, -1)};
  node.attributes["fused_activation_function"] = std::int64_t{4};
  const auto place = [&](int first, const std::vector<Tensor>& tensors) {
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      node.inputs[first + i] = static_cast<int>(model.tensors.size());
      model.tensors.push_back(tensors[i]);
    }
  };
  node.inputs[0] = 0;
  place(1, of_gates({0, 0, 0.5f, 0}, {1, 1}));
  place(5, of_gates({0, 0, 0.25f, 0}, {1, 1}));
  place(12, of_gates({8, 8, 0, 8}, {1}));
  place(18, {{.name = "output_state", .shape = {1, 1}, .is_variable = true},
             {.name = "cell_state", .shape = {1, 1}, .is_variable = true}});
  node.outputs = model.outputs = {static_cast<int>(model.tensors.size())};
  model.tensors.push_back({.name = "out", .shape = {1, 3, 1}});
  model.nodes = {node};
  return model;
}

// Source: TensorFlow Lite, tools/optimize/operator_property.cc.
TEST_CASE("an LSTM gets symmetric weights, int32 biases, an output around 0 and cells of int16 and a power of two") {
  const Model real = adding_up();
  const Model model = quantize(real, Samples{{2, 2, 2}, {0, 1, 0}}, {});
  check_supported(model);
  const Node& node = model.nodes[0];
  const Quantization &in = model.input(node, 0).quantization, &out = model.output(node).quantization;
  CHECK(out.zero_point == std::vector<std::int32_t>{0});
  CHECK(out.scale[0] == Approx(0.983 / 127).epsilon(0.01));  // tanh(2.4): 0.76 enters, then more as it is fed back
  CHECK(model.input(node, 18).quantization == out);
  CHECK(model.input(node, 18).dtype == DType::int8);
  CHECK(model.input(node, 19).dtype == DType::int16);
  CHECK(model.input(node, 19).quantization.scale[0] == 4.0f / 32768);  // cells reach 2.4
  CHECK(ints(model.input(node, 3)) == std::vector<int>{127});
  CHECK(model.input(node, 3).quantization.scale[0] == Approx(0.5 / 127));
  CHECK(model.input(node, 7).quantization.scale[0] == Approx(0.25 / 127));
  CHECK(model.input(node, 14).quantization.scale[0] == Approx(in.scale[0] * 0.5 / 127));
  CHECK(ints(model.input(node, 12))[0] * model.input(node, 12).quantization.scale[0] == Approx(8).epsilon(1e-3));
  CHECK(std::get<std::vector<std::int64_t>>(node.attributes.at("intermediates")).size() == 5);

  const Floats sample{0, 1, 0};
  const auto q = quantized(sample, in);
  const Bytes bytes = reference_output(model, Bytes(q.begin(), q.end()));
  const auto* first = reinterpret_cast<const std::uint8_t*>(sample.data());
  const Bytes expected = reference_output(real, {first, sample.size() * sizeof(float)});
  for (int i = 0; i < 3; ++i)
    CHECK(real_of(model.output(node), static_cast<std::int8_t>(bytes[i])) ==
          Approx(reinterpret_cast<const float*>(expected.data())[i]).margin(out.scale[0]));
}

TEST_CASE("no samples, or a sample that makes infinities, is refused in a sentence") {
  const auto refusal = [](const std::vector<Floats>& samples) -> std::string {
    try {
      quantize(two_by_two({1e30f, 0, 0, 1}, {0, 0}), samples, {});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK_THAT(refusal({}), Contains("there are no samples"));
  CHECK_THAT(refusal({{1e30f, 0}}), Contains("tensor fully_connected: has values that are infinite"));
  CHECK_THAT(refusal({{NAN, 0}}), Contains("tensor in: has values that are infinite or no numbers"));
  CHECK(refusal({{1, 0}}) == "");
}

TEST_CASE("a model that is int8 inside is refused, whatever its edges are") {
  Model model = FloatNetwork({1, 2}).add("quantize", {1, 2}).add("softmax", {1, 2}).model;
  model.tensors[1].dtype = model.tensors[2].dtype = DType::int8;
  CHECK_THROWS_WITH(quantize(model, std::vector<Floats>{{1, 2}}, {}), Contains("the model is quantized already"));
}

TEST_CASE("the caller hears of every sample") {
  std::vector<std::size_t> heard;
  quantize(two_by_two({1, 0, 0, 1}, {0, 0}), std::vector<Floats>(3, Floats{1, 1}), {},
           [&](std::size_t done) { heard.push_back(done); });
  CHECK(heard == std::vector<std::size_t>{1, 2, 3});
}

static Floats random_reals(std::mt19937& random, std::size_t count, float spread) {
  std::normal_distribution<float> normal(0, spread);
  Floats result(count);
  for (float& value : result) value = normal(random);
  return result;
}

static Model random_network(std::mt19937& random) {
  const auto weights = [&](const Shape& shape, float fan_in) {
    return reals(shape, random_reals(random, element_count(shape), std::sqrt(2 / fan_in)));
  };
  return FloatNetwork({1, 8, 8, 3})
      .add("conv_2d", {1, 4, 4, 8}, window_attributes(same, 2, relu), {weights({8, 3, 3, 3}, 27), weights({8}, 200)})
      .add("depthwise_conv_2d", {1, 4, 4, 8}, window_attributes(same, 1, relu),
           {weights({1, 3, 3, 8}, 9), weights({8}, 200)})
      .add("average_pool_2d", {1, 1, 1, 8}, pool_attributes(valid, 4, 4))
      .add("reshape", {1, 8})
      .add("fully_connected", {1, 4}, {}, {weights({4, 8}, 8), weights({4}, 200)})
      .model;
}

// Each layer errs by half a step of its output and by the rounding of its weights. Measured on these 20 networks, the
// worst error is 1.2 to 5.7 % of the largest output; a wrong scale, zero point or axis makes it 50 % and more.
TEST_CASE("a network in int8 gives what it gives in float, within 8 % of its largest output") {
  std::mt19937 random(31);
  for (int round = 0; round < 20; ++round) {
    const Model real = random_network(random);
    std::vector<Floats> samples;
    for (int s = 0; s < 20; ++s) samples.push_back(random_reals(random, 8 * 8 * 3, 1));
    const Model model = quantize(real, samples, {});
    check_supported(model);
    const Tensor& output = model.tensors[model.outputs[0]];
    float largest = 0, worst = 0;
    for (const Floats& sample : samples) {
      const auto in = quantized(sample, model.tensors[0].quantization);
      const Bytes int8 = reference_output(model, Bytes(in.begin(), in.end()));
      const auto* first = reinterpret_cast<const std::uint8_t*>(sample.data());
      Bytes expected = reference_output(real, {first, sample.size() * sizeof(float)});
      const auto* floats = reinterpret_cast<const float*>(expected.data());
      for (std::size_t i = 0; i < int8.size(); ++i) {
        largest = std::max(largest, std::abs(floats[i]));
        worst = std::max(worst, std::abs(floats[i] - real_of(output, static_cast<std::int8_t>(int8[i]))));
      }
    }
    INFO("round " << round << ": " << worst / largest);
    CHECK(worst / largest <= 0.08f);
  }
}

/// [input, ten times the input].
static Model concatenated() {
  Model model = FloatNetwork({1, 2}).add("fully_connected", {1, 2}, {}, {reals({2, 2}, {10, 0, 0, 10})}).model;
  model.tensors.push_back({.name = "both", .shape = {1, 4}});
  model.nodes.push_back(
      {.op = "concatenation", .index = 1, .inputs = {0, 2}, .outputs = {3}, .attributes = {{"axis", std::int64_t{1}}}});
  model.outputs = {3};
  return model;
}

TEST_CASE("a concatenation and all that it takes get one scale, which holds them all") {
  const Model model = quantize(concatenated(), Samples{{-1, 0}, {1, 2}}, {});
  CHECK(model.nodes.size() == 2);
  CHECK(model.tensors[3].quantization.scale.at(0) == Approx(30.0 / 255));  // -10 to 20
  for (const int t : {0, 2}) CHECK(model.tensors[t].quantization == model.tensors[3].quantization);
  check_supported(model);
}

TEST_CASE("what is concatenated is requantized where its scale is prescribed and another's is not") {
  const Quantization pixels{{1.0f / 255}, {-128}, 0};
  const Model model = quantize(concatenated(), Samples{{0, 0.5f}, {1, 0}}, pixels);
  REQUIRE(model.nodes.size() == 3);
  CHECK(model.nodes[1].op == "quantize");
  CHECK(model.nodes[1].inputs == std::vector<int>{0});
  CHECK(model.nodes[2].inputs == std::vector<int>{model.nodes[1].outputs[0], 2});
  CHECK(model.tensors[0].quantization == pixels);
  CHECK(model.output(model.nodes[1]).quantization == model.tensors[3].quantization);
  CHECK(model.tensors[3].quantization.scale.at(0) == Approx(10.0 / 255));
  check_supported(model);
}

TEST_CASE("a value to pad with gets its input's scale, and is cut off at its range") {
  const Model padded = FloatNetwork({2}).add("padv2", {3}, {}, {numbers({0, 1}), reals({}, {-1e30f})}).model;
  const Model model = quantize(padded, Samples{{-1, 0}, {4.1f, 0.5f}}, {});
  CHECK(model.tensors[0].quantization.scale.at(0) == Approx(5.1 / 255));
  CHECK(ints(model.tensors[2]) == std::vector<int>{-128});
  CHECK(model.tensors[3].quantization == model.tensors[0].quantization);
}

TEST_CASE("operators whose first operand is an axis, or whose output an index, are converted too") {
  Model parts = FloatNetwork({4}).add("arg_max", {}, {{"output_type", std::int64_t{2}}}, {numbers({0})}).model;
  parts.tensors[2].dtype = DType::int32;
  check_supported(quantize(parts, Samples{{1, 2, 3, 4}}, {}));
  parts = one_node("split", {numbers({0}), {.name = "in", .shape = {4}}}, {{"num_splits", std::int64_t{2}}},
                   {{.name = "a"}, {.name = "b"}});
  const Model model = quantize(parts, Samples{{1, 2, 3, 4}}, {});
  check_supported(model);
  for (const int t : {2, 3}) CHECK(model.tensors[t].quantization == model.tensors[1].quantization);
}

TEST_CASE("a constant that is added, multiplied or compared is an int8 with a scale of its own") {
  FloatNetwork network({1, 1, 1, 2});
  network.add("add", {1, 1, 1, 2}, {}, {reals({2}, {-1, 1.55f})}).add("mul", {1, 1, 1, 2}, {}, {reals({}, {3})});
  const std::vector<Floats> samples{{0, 1}, {2, 2}};
  const Model model = quantize(network.model, samples, {});
  check_supported(model);
  CHECK(model.tensors[1].quantization.scale.at(0) == Approx(2.55 / 255));
  CHECK(ints(model.tensors[1]) == std::vector<int>{-128, 127});
  CHECK(ints(model.tensors[3]) == std::vector<int>{127});
  const Bytes out = reference_output(model, bytes_of({model.tensors[0].quantization.zero_point[0], 127}));
  CHECK(real_of(model.tensors[4], static_cast<std::int8_t>(out[0])) == Approx(-3).margin(0.1));     // (0 - 1) * 3
  CHECK(real_of(model.tensors[4], static_cast<std::int8_t>(out[1])) == Approx(10.65).margin(0.1));  // (2 + 1.55) * 3
}

TEST_CASE("what maximum and minimum compare is brought to their output's scale first") {
  FloatNetwork network({1, 1, 1, 2});
  network.add("logistic", {1, 1, 1, 2}).add("maximum", {1, 1, 1, 2}).add("minimum", {1, 1, 1, 2}, {}, {reals({}, {3})});
  network.model.nodes[1].inputs = {1, 0};
  const std::vector<Floats> samples{{-4, 6}};
  const Model model = quantize(network.model, samples, {});
  check_supported(model);
  CHECK(model.nodes.size() == 6);  // quantize before both, and once more between them
  const Quantization& in = model.tensors[0].quantization;
  const Bytes out =
      reference_output(model, bytes_of({-128, static_cast<int>(std::lround(2 / in.scale[0])) + in.zero_point[0]}));
  const Tensor& last = model.tensors[model.outputs[0]];
  CHECK(real_of(last, static_cast<std::int8_t>(out[0])) == Approx(1 / (1 + std::exp(4.0))).margin(0.03));
  CHECK(real_of(last, static_cast<std::int8_t>(out[1])) == Approx(2).margin(0.05));
}

TEST_CASE("what has no int8 form goes on working in floats, between a dequantize and a quantize") {
  const Model model = quantize(FloatNetwork({1, 2}).add("pow", {1, 2}, {}, {reals({1}, {3})}).add("cast", {1, 2}).model,
                               Samples{{-1, 2}}, {});
  std::vector<std::string> ops;
  for (const Node& node : model.nodes) ops.push_back(node.op);
  CHECK(ops == std::vector<std::string>{"dequantize", "pow", "quantize", "dequantize", "cast", "quantize"});
  CHECK(model.input(model.nodes[1], 1).dtype == DType::float32);
  CHECK(model.tensors[model.outputs[0]].dtype == DType::int8);
  check_supported(model);
  const auto in = quantized(Floats{-1, 2}, model.tensors[0].quantization);
  const Bytes out = reference_output(model, {reinterpret_cast<const std::uint8_t*>(in.data()), in.size()});
  const Floats real = floats_of(model.tensors[model.outputs[0]], out);
  CHECK(real[0] == Approx(-1).margin(0.05));
  CHECK(real[1] == Approx(8).margin(0.2));
}
