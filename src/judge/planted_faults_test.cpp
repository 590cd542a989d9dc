// Faults as they happen, planted in networks made at random: does `compare` find the layer, or the input?
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <optional>

#include "judge/compare.h"
#include "model/codec.h"
#include "ops/op_test.h"
#include "quantize/quantize.h"

using namespace dragonet;
using namespace dragonet::testing;

namespace {

using Inputs = std::vector<Bytes>;

/// A convolutional network of random weights, as training would begin with: pictures in, scores out.
class RandomNetwork {
 public:
  explicit RandomNetwork(unsigned seed) : random_(seed) {}

  Model network() {
    model_ = {.name = "planted", .source = "planted.tflite", .inputs = {0}, .outputs = {0}};
    model_.tensors = {{.name = "image", .shape = {1, 12, 12, 3}}};
    window("conv_2d", 3, 1, 8, relu6);
    window("depthwise_conv_2d", 3, random_.pick(1, 2), 8, relu6);
    window("conv_2d", 1, 1, 12, none);
    const int branch = model_.outputs[0];
    window("conv_2d", 3, 1, 12, random_.one_in(2) ? none : relu6);
    add(branch);
    window("depthwise_conv_2d", 3, 1, 12, none);
    if (random_.one_in(2)) pool();
    window("conv_2d", 3, 2, 16, relu6);
    fully_connected(5);
    simple("softmax", model_.tensors[model_.outputs[0]].shape, {{"beta", 1.0}});
    return model_;
  }

  /// Pictures of soft blotches of colours, 0 to 1.
  std::vector<std::vector<float>> pictures(int count) {
    std::vector<std::vector<float>> all(count, std::vector<float>(12 * 12 * 3));
    for (auto& picture : all) {
      const float mean[3] = {random_.real(0.2f, 0.8f), random_.real(0.1f, 0.7f), random_.real(0.1f, 0.5f)};
      float wave[3][2];
      for (auto& w : wave) w[0] = random_.real(0, 1.5f), w[1] = random_.real(0, 1.5f);
      for (int i = 0; i < 12 * 12 * 3; ++i) {
        const int c = i % 3, x = i / 3 % 12, y = i / 36;
        const float value = mean[c] + 0.4f * std::sin(wave[c][0] * x + wave[c][1] * y) + random_.real(-0.1f, 0.1f);
        picture[i] = std::clamp(value, 0.0f, 1.0f);
      }
    }
    return all;
  }

 private:
  float gaussian() { return random_.real(-1, 1) + random_.real(-1, 1) + random_.real(-1, 1); }

  int constant_of(const std::string& name, const Shape& shape, float spread) {
    std::vector<float> values(element_count(shape));
    for (float& value : values) value = spread * gaussian();
    model_.tensors.push_back(constant(name, DType::float32, shape, values));
    return static_cast<int>(model_.tensors.size()) - 1;
  }

  void finish(Node node, const Shape& shape) {
    node.index = static_cast<int>(model_.nodes.size());
    node.outputs = {static_cast<int>(model_.tensors.size())};
    model_.tensors.push_back({.name = fmt::format("{}_{}", node.op, node.index), .shape = shape});
    if (shape.empty()) model_.tensors.back().shape = find_operator(node.op)->shape(model_, node);
    model_.outputs = node.outputs;
    model_.nodes.push_back(node);
  }

  void window(const std::string& op, int kernel, int stride, int channels, int activation) {
    const int in_channels = model_.tensors[model_.outputs[0]].shape[3];
    const bool is_depthwise = op == "depthwise_conv_2d";
    const int taps = kernel * kernel * (is_depthwise ? 1 : in_channels);
    const Shape shape =
        is_depthwise ? Shape{1, kernel, kernel, channels} : Shape{channels, kernel, kernel, in_channels};
    Node node{.op = op, .inputs = model_.outputs, .attributes = window_attributes(same, stride, activation)};
    node.attributes["dilation_h_factor"] = node.attributes["dilation_w_factor"] = 1;
    if (is_depthwise) node.attributes["depth_multiplier"] = 1;
    node.inputs.push_back(constant_of("weights", shape, 1.5f / std::sqrt(static_cast<float>(taps))));
    node.inputs.push_back(constant_of("bias", {channels}, 0.2f));
    finish(node, {});
  }

  void add(int other) {
    finish({.op = "add", .inputs = {model_.outputs[0], other}, .attributes = {{"fused_activation_function", 0}}}, {});
  }

  void pool() {
    const std::string op = random_.one_in(2) ? "max_pool_2d" : "average_pool_2d";
    finish({.op = op, .inputs = model_.outputs, .attributes = pool_attributes(same, 2, 2)}, {});
  }

  void fully_connected(int units) {
    const int count = static_cast<int>(element_count(model_.tensors[model_.outputs[0]].shape));
    simple("reshape", {1, count}, {});
    Node node{.op = "fully_connected", .inputs = model_.outputs, .attributes = {{"fused_activation_function", 0}}};
    node.inputs.push_back(constant_of("weights", {units, count}, 1.0f / std::sqrt(static_cast<float>(count))));
    node.inputs.push_back(constant_of("bias", {units}, 0.2f));
    finish(node, {});
  }

  void simple(const std::string& op, const Shape& shape, const Attributes& attributes) {
    finish({.op = op, .inputs = model_.outputs, .attributes = attributes}, shape);
  }

  RandomModels random_;
  Model model_;
};

/// A model in both arithmetics with recordings, others than its ranges were measured on; `damaged` is what a fault is
/// planted in.
struct Case {
  Model real, int8, damaged;
  Inputs inputs;             // of `real`
  Inputs inputs_of_damaged;  // empty: the same
};

Case case_of(unsigned seed) {
  RandomNetwork random(seed);
  const Model real = random.network();
  Case result{.real = real, .int8 = quantize(real, random.pictures(60), {})};
  const auto pictures = random.pictures(12);
  result.damaged = result.int8;
  for (const auto& picture : pictures) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(picture.data());
    result.inputs.emplace_back(first, first + picture.size() * sizeof(float));
  }
  return result;
}

Inputs int8_inputs(const Case& planted) {
  Inputs result;
  const Tensor &from = planted.real.tensors[0], &to = planted.int8.tensors[0];
  for (const Bytes& input : planted.inputs) result.push_back(bytes_of_reals(to, reals_of(from, input)));
  return result;
}

// --- The faults. Each damages a model, or its inputs, and returns the tensor whose place must be named first.

bool has_weights(const Node& node) { return find_operator(node.op)->quantization.has_weights; }

Node& random_weighted(Model& model, RandomModels& random) {
  std::vector<Node*> weighted;
  for (Node& node : model.nodes)
    if (has_weights(node)) weighted.push_back(&node);
  return *weighted[random.pick(0, static_cast<int>(weighted.size()) - 1)];
}

template <typename T>
std::vector<T> elements(const Tensor& tensor) {
  const auto all = values<T>(tensor);
  return {all.begin(), all.end()};
}

int axis_of(const Node& node) { return node.op == "depthwise_conv_2d" ? 3 : 0; }

/// What passes a scale on, passes it on.
void set_quantization(Model& model, int tensor, const Quantization& quantization) {
  model.tensors[tensor].quantization = quantization;
  for (const Node& node : model.nodes)
    if (find_operator(node.op)->quantization.output_as_input && node.inputs[0] == tensor)
      set_quantization(model, node.outputs[0], quantization);
}

int zero_point_off(Case& planted, RandomModels& random) {
  Model& model = planted.damaged;
  const int t = random_weighted(model, random).outputs[0];
  Quantization quantization = model.tensors[t].quantization;
  const int shift = random.pick(30, 100), zero_point = quantization.zero_point[0];
  quantization.zero_point[0] = zero_point + shift > 127 || (zero_point - shift >= -128 && random.one_in(2))
                                   ? zero_point - shift
                                   : zero_point + shift;
  set_quantization(model, t, quantization);
  return t;
}

/// The bias of those that read it is rounded for the scale that is.
void scale_readers_bias(Model& model, int tensor, float factor) {
  for (Node& node : model.nodes) {
    if (node.inputs[0] != tensor) continue;
    if (find_operator(node.op)->quantization.output_as_input) scale_readers_bias(model, node.outputs[0], factor);
    if (!has_weights(node)) continue;
    Tensor& bias = model.tensors[node.inputs[2]];
    std::vector<std::int32_t> q = elements<std::int32_t>(bias);
    for (std::int32_t& value : q) value = static_cast<std::int32_t>(std::lround(value / factor));
    for (float& scale : bias.quantization.scale) scale *= factor;
    set_values<std::int32_t>(bias, q);
  }
}

int range_clipped(Case& planted, RandomModels& random) {
  const int t = random_weighted(planted.damaged, random).outputs[0];
  Quantization quantization = planted.damaged.tensors[t].quantization;
  const float factor = random.real(0.2f, 0.6f);
  quantization.scale[0] *= factor;
  set_quantization(planted.damaged, t, quantization);
  scale_readers_bias(planted.damaged, t, factor);
  return t;
}

int range_too_wide(Case& planted, RandomModels& random) {
  const int t = random_weighted(planted.damaged, random).outputs[0];
  Quantization quantization = planted.damaged.tensors[t].quantization;
  const float factor = random.real(20, 60);
  quantization.scale[0] *= factor;
  set_quantization(planted.damaged, t, quantization);
  scale_readers_bias(planted.damaged, t, factor);
  return t;
}

int scale_damaged(Case& planted, RandomModels& random) {
  const int t = random_weighted(planted.damaged, random).outputs[0];
  Quantization quantization = planted.damaged.tensors[t].quantization;
  quantization.scale[0] *= random.one_in(2) ? random.real(0.1f, 0.5f) : random.real(2, 8);
  set_quantization(planted.damaged, t, quantization);
  return t;
}

/// Changes the bytes of a layer's weights; `change(q, shape, axis)`.
int weights_changed(Case& planted, RandomModels& random, auto change) {
  Node& node = random_weighted(planted.damaged, random);
  Tensor& weights = planted.damaged.tensors[node.inputs[1]];
  std::vector<std::int8_t> q = elements<std::int8_t>(weights);
  change(q, weights.shape, axis_of(node));
  set_values<std::int8_t>(weights, q);
  return node.outputs[0];
}

int channels_swapped(Case& planted, RandomModels& random) {
  return weights_changed(planted, random, [&](std::vector<std::int8_t>& q, const Shape& shape, int axis) {
    const int one = random.pick(0, shape[axis] - 1), other = (one + random.pick(1, shape[axis] - 1)) % shape[axis];
    std::vector<std::size_t> of_one, of_other;
    for (std::size_t i = 0; i < q.size(); ++i) {
      if (index_along(shape, axis, i) == static_cast<std::size_t>(one)) of_one.push_back(i);
      if (index_along(shape, axis, i) == static_cast<std::size_t>(other)) of_other.push_back(i);
    }
    for (std::size_t i = 0; i < of_one.size(); ++i) std::swap(q[of_one[i]], q[of_other[i]]);
  });
}

int weight_bit_flipped(Case& planted, RandomModels& random) {
  return weights_changed(planted, random, [&](std::vector<std::int8_t>& q, const Shape&, int) {
    q[random.pick(0, static_cast<int>(q.size()) - 1)] ^= static_cast<std::int8_t>(1 << random.pick(3, 7));
  });
}

int weights_negated(Case& planted, RandomModels& random) {
  return weights_changed(planted, random, [&](std::vector<std::int8_t>& q, const Shape& shape, int axis) {
    const auto channel = static_cast<std::size_t>(random.pick(0, shape[axis] - 1));
    for (std::size_t i = 0; i < q.size(); ++i)
      if (index_along(shape, axis, i) == channel) q[i] = static_cast<std::int8_t>(-q[i]);
  });
}

int channel_zeroed(Case& planted, RandomModels& random) {
  return weights_changed(planted, random, [&](std::vector<std::int8_t>& q, const Shape& shape, int axis) {
    const auto channel = static_cast<std::size_t>(random.pick(0, shape[axis] - 1));
    for (std::size_t i = 0; i < q.size(); ++i)
      if (index_along(shape, axis, i) == channel) q[i] = 0;
  });
}

int weights_reversed(Case& planted, RandomModels& random) {
  return weights_changed(planted, random,
                         [&](std::vector<std::int8_t>& q, const Shape&, int) { std::ranges::reverse(q); });
}

int weight_scale_off(Case& planted, RandomModels& random) {
  Node& node = random_weighted(planted.damaged, random);
  std::vector<float>& scale = planted.damaged.tensors[node.inputs[1]].quantization.scale;
  const float factor = random.one_in(2) ? random.real(1.3f, 3) : random.real(0.2f, 0.7f);
  if (random.one_in(2))
    for (float& each : scale) each *= factor;
  else
    scale[random.pick(0, static_cast<int>(scale.size()) - 1)] *= factor;
  return node.outputs[0];
}

int bias_off(Case& planted, RandomModels& random) {
  Node& node = random_weighted(planted.damaged, random);
  Tensor& bias = planted.damaged.tensors[node.inputs[2]];
  std::vector<std::int32_t> q = elements<std::int32_t>(bias);
  const int c = random.pick(0, static_cast<int>(q.size()) - 1);
  const auto& scale = bias.quantization.scale;
  const float step = scale[scale.size() > 1 ? c : 0];
  const float moved = planted.damaged.output(node).quantization.scale[0] * random.real(5, 40);
  q[c] += static_cast<std::int32_t>(std::lround((random.one_in(2) ? moved : -moved) / step));
  set_values<std::int32_t>(bias, q);
  return node.outputs[0];
}

int activation_added(Case& planted, RandomModels& random) {
  std::vector<Node*> without;
  for (Node& node : planted.damaged.nodes)
    if ((has_weights(node) || node.op == "add") && node.integer("fused_activation_function") == none)
      without.push_back(&node);
  Node& node = *without[random.pick(0, static_cast<int>(without.size()) - 1)];
  node.attributes["fused_activation_function"] = static_cast<std::int64_t>(relu);
  return node.outputs[0];
}

/// What B is given: A's inputs, transformed as reals.
int inputs_transformed(Case& planted, auto transform) {
  const Tensor &from = planted.real.tensors[0], &to = planted.damaged.tensors[0];
  for (const Bytes& input : planted.inputs)
    planted.inputs_of_damaged.push_back(bytes_of_reals(to, transform(reals_of(from, input))));
  return 0;
}

int input_unscaled(Case& planted, RandomModels&) {
  return inputs_transformed(planted, [](Reals reals) {
    for (double& real : reals) real *= 255;
    return reals;
  });
}

int input_bgr(Case& planted, RandomModels&) {
  return inputs_transformed(planted, [](Reals reals) {
    for (std::size_t i = 0; i < reals.size(); i += 3) std::swap(reals[i], reals[i + 2]);
    return reals;
  });
}

int input_unsigned(Case& planted, RandomModels& random) {
  inputs_transformed(planted, [](const Reals& reals) { return reals; });
  (void)random;
  for (Bytes& input : planted.inputs_of_damaged)
    for (std::uint8_t& byte : input) byte ^= 0x80;
  return 0;
}

/// Both models get 0 to 255.
int recordings_unscaled(Case& planted, RandomModels&) {
  for (Bytes& input : planted.inputs) {
    Reals reals = reals_of(planted.real.tensors[0], input);
    for (double& real : reals) real *= 255;
    input = bytes_of_reals(planted.real.tensors[0], reals);
  }
  return 0;
}

/// B was trained on BGR: its first weights want it.
int wants_bgr(Case& planted, RandomModels&) {
  Tensor& weights = planted.damaged.tensors[planted.damaged.nodes[0].inputs[1]];
  std::vector<std::int8_t> q = elements<std::int8_t>(weights);
  for (std::size_t i = 0; i < q.size(); i += 3) std::swap(q[i], q[i + 2]);
  set_values<std::int8_t>(weights, q);
  return 0;
}

int input_zero_point_off(Case& planted, RandomModels& random) {
  planted.damaged.tensors[0].quantization.zero_point[0] += random.pick(20, 80);
  return 0;
}

struct Fault {
  const char* name;
  int (*plant)(Case&, RandomModels&);
  bool needs_float = false;  // the recordings, as reals, are part of it
};

const Fault faults[] = {{"a zero point is off", zero_point_off},
                        {"a range is clipped", range_clipped},
                        {"a range is too wide", range_too_wide},
                        {"a scale is damaged", scale_damaged},
                        {"two channels of weights are swapped", channels_swapped},
                        {"one bit of a weight is flipped", weight_bit_flipped},
                        {"a channel's weights are negated", weights_negated},
                        {"a channel's weights are zero", channel_zeroed},
                        {"a layer's weights are reversed", weights_reversed},
                        {"a weight scale is off", weight_scale_off},
                        {"a bias is off", bias_off},
                        {"an activation is added", activation_added},
                        {"the input is not scaled", input_unscaled},
                        {"the input is BGR for RGB", input_bgr},
                        {"the input is uint8 for int8", input_unsigned},
                        {"the recordings are not scaled", recordings_unscaled, true},
                        {"the model wants BGR", wants_bgr},
                        {"the input's zero point is off", input_zero_point_off, true}};

struct Tally {
  int located = 0, planted = 0, named_as_fault = 0;
};

/// Does the first finding, be it a fault or only worth knowing, name the right place? Says on stderr what was missed.
void judge_fault(const Fault& fault, unsigned seed, bool from_float, Tally& tally) {
  Case planted = case_of(seed);
  RandomModels random(seed * 31 + 7);
  const int tensor = fault.plant(planted, random);
  const Comparison result =
      compare_models(from_float ? planted.real : planted.int8, planted.damaged,
                     from_float ? planted.inputs : int8_inputs(planted), planted.inputs_of_damaged);
  ++tally.planted;
  const SideBySide& both = result.both;
  tally.named_as_fault += !result.is_equal();
  if (!result.findings.empty() && both.places[result.findings[0].place].tensor_b == tensor) {
    ++tally.located;
    return;
  }
  const std::string said =
      result.findings.empty()
          ? "nothing"
          : both.b.tensors[both.places[result.findings[0].place].tensor_b].name + ": " + result.findings[0].what;
  std::fprintf(stderr, "missed: %s, seed %u, %s, in %s; said: %s\n", fault.name, seed, from_float ? "float" : "int8",
               planted.damaged.tensors[tensor].name.c_str(), said.c_str());
}

/// The faults of which fewer than nine in ten were located; all are counted on stderr.
std::vector<std::string> poorly_located(bool from_float) {
  std::vector<std::string> poor;
  Tally all;
  for (const Fault& fault : faults) {
    if (fault.needs_float && !from_float) continue;
    Tally tally;
    for (unsigned seed = 1; seed <= 20; ++seed) judge_fault(fault, seed, from_float, tally);
    std::fprintf(stderr, "%-40s %d of %d\n", fault.name, tally.located, tally.planted);
    all.named_as_fault += tally.named_as_fault;
    if (tally.located * 10 < tally.planted * 9) poor.emplace_back(fault.name);
    all.located += tally.located, all.planted += tally.planted;
  }
  std::fprintf(stderr, "%-40s %d of %d; exit status 1 for %d\n", "all", all.located, all.planted, all.named_as_fault);
  return poor;
}

}  // namespace

TEST_CASE("of each kind of planted fault, nine in ten are located, float against int8", "[slow]") {
  CHECK(poorly_located(true).empty());
}

TEST_CASE("of each kind of planted fault, nine in ten are located, int8 before against int8 after", "[slow]") {
  CHECK(poorly_located(false).empty());
}

TEST_CASE("a sound conversion is not accused", "[slow]") {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const Case sound = case_of(seed);
    const Comparison result = compare_models(sound.real, sound.int8, sound.inputs);
    INFO("seed " << seed << (result.findings.empty() ? "" : ": " + result.findings[0].what));
    CHECK(result.is_equal());
    CHECK(!result.is_exact);
  }
}

/// A convolution of 1 x 1 after which RELU6 leaves next to nothing: every channel is silent but for a few values, which
/// are as large as a step of the loudest.
static Model nearly_silent(RandomModels& random, int channels, float loudest) {
  Model model{.name = "quiet", .source = "quiet.tflite", .inputs = {0}, .outputs = {3}};
  std::vector<float> weights(static_cast<std::size_t>(channels) * 16), bias(channels, -2.0f);
  for (float& weight : weights) weight = random.real(-0.6f, 0.6f);
  bias[0] = loudest;
  model.tensors = {{.name = "x", .shape = {1, 3, 3, 16}},
                   constant("w", DType::float32, {channels, 1, 1, 16}, weights),
                   constant("b", DType::float32, {channels}, bias),
                   {.name = "y", .shape = {1, 3, 3, channels}}};
  model.nodes = {
      {.op = "conv_2d", .inputs = {0, 1, 2}, .outputs = {3}, .attributes = window_attributes(valid, 1, relu6)}};
  return model;
}

TEST_CASE("a channel that is nearly silent is no fault") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    RandomModels random(seed);
    const Model model = nearly_silent(random, 128, seed % 2 ? 3.0f : -2.0f);
    Inputs inputs;
    std::vector<std::vector<float>> samples;
    for (int i = 0; i < 6; ++i) {
      std::vector<float>& sample = samples.emplace_back(9 * 16);
      for (float& value : sample) value = random.real(-1, 1);
      inputs.push_back(bytes_of(std::span<const float>(sample)));
    }
    const Comparison result = compare_models(model, quantize(model, samples, {}), inputs);
    INFO("seed " << seed << (result.findings.empty() ? "" : ": " + result.findings[0].what));
    CHECK(result.is_equal());
  }
}

TEST_CASE("a model with other weights everywhere is said to be another model, in one sentence") {
  const Case one = case_of(1);
  Model trained_on = one.real;
  RandomModels random(1);
  for (const Node& node : trained_on.nodes)
    if (has_weights(node)) {
      std::vector<float> weights = elements<float>(trained_on.tensors[node.inputs[1]]);
      for (float& weight : weights) weight += random.real(-0.2f, 0.2f);
      set_values<float>(trained_on.tensors[node.inputs[1]], weights);
    }
  const auto samples = RandomNetwork(1).pictures(20);
  const Comparison result = compare_models(one.real, quantize(trained_on, samples, {}), one.inputs);
  REQUIRE(result.findings.size() == 1);
  CHECK_THAT(result.findings[0].what, Catch::Contains("of 7 layers are others: the second model is no conversion"));
}

TEST_CASE("a model is equal to itself, bit for bit") {
  const Case sound = case_of(1);
  const Comparison result = compare_models(sound.int8, sound.int8, int8_inputs(sound));
  CHECK(result.is_equal());
  CHECK(result.is_exact);
  CHECK(std::ranges::all_of(result.both.places, &Place::equal));
}
