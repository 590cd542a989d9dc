// From training to int8: layers of sequences convert and run, and training with rounded values ends at the model that
// int8 conversion then makes.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "model/codec.h"
#include "ops/quantized.h"
#include "ops/run_reference.h"
#include "quantize/quantize.h"
#include "train/train.h"

using namespace dragonet;

using Floats = std::vector<float>;

namespace {

/// Three classes of stripes: lying, standing, and neither; faint, in noise.
struct Stripes {
  std::vector<std::int8_t> features{};
  std::vector<int> labels{}, train{}, validation{};

  explicit Stripes(int count) {
    std::mt19937 random(4);
    for (int i = 0; i < count; ++i) {
      labels.push_back(i % 3);
      (i % 4 == 3 ? validation : train).push_back(i);
      for (int j = 0; j < 64; ++j) {
        const int place = i % 3 == 0 ? j / 8 : i % 3 == 1 ? j % 8 : j / 8 + j % 8;
        const int stripe = place % 2 == 0 ? 30 : -30;
        features.push_back(static_cast<std::int8_t>((i % 3 == 2 ? 0 : stripe) + int(random() % 61) - 30));
      }
    }
  }
  TrainData data() const { return {features, labels, train, validation, 3}; }
  Floats reals(int sample) const {
    Floats reals;
    for (int j = 0; j < 64; ++j) reals.push_back(static_cast<float>(features[sample * 64 + j] + 128) / 255);
    return reals;
  }
};

}  // namespace

static bool go_on(const Epoch&) { return true; }

/// What the answers are before the softmax.
static Floats logits_of(const Model& model, const Floats& input) {
  const Tensor& in = model.tensors[model.inputs[0]];
  Bytes bytes = bytes_of(input);
  if (in.dtype == DType::int8) {
    const std::vector<std::int8_t> q = quantized(input, in.quantization);
    bytes.assign(q.begin(), q.end());
  }
  TensorBytes values = run_reference(model, bytes);
  const int t = model.nodes.back().inputs[0];
  const auto count = static_cast<std::size_t>(element_count(model.tensors[t].shape));
  if (in.dtype == DType::int8)
    return dequantized({data_of<std::int8_t>(values, t), count}, model.tensors[t].quantization);
  return {data_of<float>(values, t), data_of<float>(values, t) + count};
}

static double accuracy_of(const Model& model, const Stripes& stripes) {
  int right = 0;
  for (const int i : stripes.validation) {
    const Floats logits = logits_of(model, stripes.reals(i));
    right += std::ranges::max_element(logits) - logits.begin() == stripes.labels[i];
  }
  return double(right) / static_cast<double>(stripes.validation.size());
}

static Model converted(const Model& real, const Stripes& stripes) {
  std::vector<Floats> samples;
  for (const int i : stripes.train) samples.push_back(stripes.reals(i));
  return quantize(real, samples, TrainData{}.input);
}

TEST_CASE("the layers of sequences convert to int8, and the reference runs them within some steps of the float model") {
  const std::vector<Layer> layers{
      {.type = "ZeroPadding1D", .zeros = {{2, 1}, {}}},
      {.type = "Conv1D", .name = "stem", .filters = 6, .kernel = 5, .strides = 2},
      {.type = "ReLU", .name = "active"},
      {.type = "SeparableConv1D", .name = "a", .filters = 5, .kernel = 3, .same = true},
      {.type = "DepthwiseConv1D", .name = "b", .inputs = {"active"}, .kernel = 3, .same = true},
      {.type = "Concatenate", .inputs = {"a", "b"}},
      {.type = "MaxPooling1D"},
      {.type = "AveragePooling1D"},
      {.type = "GlobalMaxPooling1D"},
      {.type = "Dense", .filters = 2}};
  for (const Network& network : {Network{30, 1, 3, layers}, Network{30, 3, 1, layers},
                                 default_motion_network(30, 1, 3, 4), default_sound_network(10, 9, 1, 4)}) {
    const Model real = untrained_model(network);
    std::mt19937 random(2);
    std::normal_distribution<float> normal(0, 1);
    std::vector<Floats> samples(20, Floats(90));
    for (Floats& sample : samples)
      for (float& value : sample) value = normal(random);
    const Model int8 = quantize(real, samples, {});
    const Floats a = logits_of(real, samples[0]), b = logits_of(int8, samples[0]);
    const float step = int8.tensors[int8.nodes.back().inputs[0]].quantization.scale[0];
    for (std::size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a[i] - b[i]) < 16 * step);
  }
}

static Network stripes_network() {
  return {8,
          8,
          1,
          {{.type = "Conv2D", .name = "conv", .filters = 8, .kernel = 3, .activation = "relu"},
           {.type = "DepthwiseConv2D", .name = "depthwise", .kernel = 3, .activation = "relu"},
           {.type = "GlobalAveragePooling2D"},
           {.type = "Dense", .name = "scores", .filters = 3}}};
}

static Tensor& tensor_called(Model& model, const std::string& name) {
  return *std::ranges::find(model.tensors, name, &Tensor::name);
}

/// A channel of the first convolution so much larger, and what reads it so much less sensitive: the same function in
/// floats, but one range for all channels leaves the others few steps.
static Model with_outlier_channel(Model model, std::size_t channel, float factor) {
  const auto scale = [&](const char* name, std::size_t first, std::size_t count, std::size_t stride, float by) {
    Tensor& tensor = tensor_called(model, name);
    Floats reals(values<float>(tensor).begin(), values<float>(tensor).end());
    for (std::size_t i = 0; i < count; ++i) reals[first + i * stride] *= by;
    set_values<float>(tensor, reals);
  };
  scale("conv/kernel", 9 * channel, 9, 1, factor);
  scale("conv/bias", channel, 1, 1, factor);
  scale("depthwise/kernel", channel, 9, 8, 1 / factor);
  return model;
}

TEST_CASE("where int8 loses accuracy, training with rounded values regains it") {
  const Stripes stripes(480);
  const TrainSettings settings{.epochs = 40,
                               .learning_rate = 0.01,
                               .augmentation = ImageAugmentation{.shift = 0,
                                                                 .zoom = 0,
                                                                 .rotation = 0,
                                                                 .brightness = 0,
                                                                 .contrast = 0,
                                                                 .hue = 0,
                                                                 .saturation = 0,
                                                                 .noise = 0,
                                                                 .cut_out = 0},
                               .qat_epochs = 20};
  const TrainResult trained = train(stripes_network(), stripes.data(), settings, go_on);
  REQUIRE(accuracy_of(trained.model, stripes) > 0.97);
  double lost_before = 0, lost_after = 0;  // over one model for each channel that may be the outlier
  for (std::size_t channel = 0; channel < 8; ++channel) {
    const Model real = with_outlier_channel(trained.model, channel, 150);
    const RoundedResult result = train_rounded(real, stripes_network(), stripes.data(), settings, go_on);
    REQUIRE(result.history.size() == 20);
    const double in_float = accuracy_of(real, stripes);
    lost_before += in_float - accuracy_of(converted(real, stripes), stripes);
    lost_after += in_float - accuracy_of(quantize(result.model, result.ranges, TrainData{}.input), stripes);
  }
  CHECK(lost_before > 0.05);
  CHECK(lost_after < lost_before / 2);
}

TEST_CASE("the int8 model answers as the rounded network did in training") {
  Stripes stripes(96);
  const TrainSettings settings{.epochs = 6, .class_weights = false, .qat_epochs = 3};
  for (const int sample : {40, 41, 42}) {
    stripes.validation = {sample};
    Network network = stripes_network();
    network.layers.insert(network.layers.begin() + 1, {.type = "MaxPooling2D", .name = "pool", .strides = 1});
    network.layers.insert(network.layers.begin() + 2,
                          {.type = "Concatenate", .name = "joined", .inputs = {"pool", "pool"}});
    const Model real = train(network, stripes.data(), settings, go_on).model;
    const RoundedResult result = train_rounded(real, network, stripes.data(), settings, go_on);
    double loss = result.loss_before;
    for (const Epoch& epoch : result.history) loss = std::min(loss, epoch.validation_loss);
    const Model int8 = quantize(result.model, result.ranges, TrainData{}.input);
    const Floats logits = logits_of(int8, stripes.reals(sample));
    double sum = 0;
    for (const float logit : logits) sum += std::exp(logit);
    const float step = int8.tensors[int8.nodes.back().inputs[0]].quantization.scale[0];
    CHECK(std::log(sum) - logits[stripes.labels[sample]] == Approx(loss).margin(3 * step));
  }
}
