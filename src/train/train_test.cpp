#include "train/train.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <numeric>
#include <random>

#include "base/error.h"
#include "ops/check.h"
#include "ops/run_reference.h"
#include "train/export.h"
#include "train/float_forward.h"

using namespace dragonet;

/// Pictures of one class are brighter at the top, of the other at the bottom, of a third everywhere the same.
struct Problems {
  std::vector<std::int8_t> features;
  std::vector<int> labels, train, validation;
  TrainData data(int classes) const { return {features, labels, train, validation, classes}; }
};

struct MapSize {
  int height, width, channels;
};

static std::int8_t pixel(int label, int y, int height, std::mt19937& random) {
  const bool bright = label == 0 ? 2 * y < height : label == 1 ? 2 * y >= height : false;
  return static_cast<std::int8_t>((bright ? 60 : -60) + int(random() % 60) - 30);
}

static Problems make_problems(const MapSize& size, int classes, int samples) {
  std::mt19937 random(3);
  Problems problems;
  for (int i = 0; i < samples; ++i) {
    problems.labels.push_back(i % classes);
    (i < samples * 3 / 4 ? problems.train : problems.validation).push_back(i);
    for (int y = 0; y < size.height; ++y)
      for (int j = 0; j < size.width * size.channels; ++j)
        problems.features.push_back(pixel(i % classes, y, size.height, random));
  }
  return problems;
}

static Network small_network(const MapSize& in, int classes) {
  return {in.height,
          in.width,
          in.channels,
          {{.type = "Conv2D", .filters = 4, .kernel = 3, .strides = 2, .same = true},
           {.type = "BatchNormalization"},
           {.type = "ReLU"},
           {.type = "GlobalAveragePooling2D"},
           {.type = "Dense", .filters = classes},
           {.type = "Softmax"}}};
}

static bool go_on(const Epoch&) { return true; }

static std::vector<float> weights_of(const Model& model) {
  std::vector<float> all;
  for (const Tensor& tensor : model.tensors)
    if (tensor.is_constant() && tensor.dtype == DType::float32)
      all.insert(all.end(), values<float>(tensor).begin(), values<float>(tensor).end());
  return all;
}

static std::vector<float> reals_of(const Problems& problems, int sample,
                                   const Quantization& input = TrainData{}.input) {
  const std::size_t each = problems.features.size() / problems.labels.size();
  std::vector<float> reals(each);
  for (std::size_t i = 0; i < each; ++i)
    reals[i] = input.scale[0] * static_cast<float>(problems.features[sample * each + i] - input.zero_point[0]);
  return reals;
}

/// Trains with a single sample to validate with: the best epoch's loss is then -log of the answer that torch gave for
/// its label, which the exported model must give too.
static void check_export_answers_like_torch(const Network& network, int classes,
                                            const Quantization& input = TrainData{}.input) {
  Problems problems = make_problems({network.height, network.width, network.channels}, classes, 48);
  for (int validation : {45, 46}) {
    problems.validation = {validation};
    TrainData data = problems.data(classes);
    data.input = input;
    const TrainResult result = train(network, data, {.epochs = 3, .class_weights = false, .threads = 1}, go_on);
    const auto best =
        std::find_if(result.history.rbegin(), result.history.rend(), [](const Epoch& e) { return e.best; });
    const std::vector<float> answers = float_forward(result.model, reals_of(problems, validation, input));
    CHECK(answers[problems.labels[validation]] == Approx(std::exp(-best->validation_loss)).margin(1e-5));
    CHECK(std::accumulate(answers.begin(), answers.end(), 0.0) == Approx(1));
  }
}

TEST_CASE("the exported model answers as torch did, for odd and even sizes, strides 1 and 2, same and valid padding") {
  for (const auto& [height, width] : {std::pair(9, 12), {12, 9}, {7, 7}, {8, 10}})
    for (const int stride : {1, 2})
      for (const bool same : {true, false}) {
        INFO(height << "x" << width << " stride " << stride << (same ? " same" : " valid"));
        const Layer conv{.type = "Conv2D", .filters = 5, .kernel = 3, .strides = stride, .same = same};
        const Layer depthwise{.type = "DepthwiseConv2D", .kernel = 3, .strides = stride, .same = same};
        const Layer norm{.type = "BatchNormalization"};
        check_export_answers_like_torch({height,
                                         width,
                                         2,
                                         {conv,
                                          norm,
                                          {.type = "ReLU"},
                                          depthwise,
                                          norm,
                                          {.type = "Flatten"},
                                          {.type = "Dropout", .rate = 0.2},
                                          {.type = "Dense", .filters = 3},
                                          {.type = "Softmax"}}},
                                        3);
      }
}

TEST_CASE("features are the reals that their scale and zero point say") {
  const MapSize size{7, 8, 2};
  check_export_answers_like_torch(small_network(size, 2), 2, {{0.031f}, {17}, 0});
  check_export_answers_like_torch(small_network(size, 2), 2, {{1.0f / 128}, {0}, 0});
}

TEST_CASE("an epoch tells what share of it training waited for its batches") {
  const MapSize size{8, 8, 1};
  const Problems problems = make_problems(size, 2, 40);
  const Epoch epoch = train(small_network(size, 2), problems.data(2), {.epochs = 1}, go_on).history.at(0);
  CHECK(epoch.waiting > 0);  // at least for the first one
  CHECK(epoch.waiting < 1);
}

TEST_CASE("the exported model answers as torch did with every kind of pool") {
  for (const bool same : {true, false})
    for (const char* pool : {"MaxPooling2D", "AveragePooling2D"})
      for (const Sides kernel : {Sides(2), Sides(3), Sides(1, 3)}) {
        INFO(pool << " " << kernel.height << "x" << kernel.width << (same ? " same" : " valid"));
        const Layer conv{.type = "Conv2D", .filters = 4, .kernel = 2, .same = true, .activation = "relu"};
        const Layer window{.type = pool, .kernel = kernel, .strides = 2, .same = same};
        const Layer dense{.type = "Dense", .filters = 6, .use_bias = false};
        check_export_answers_like_torch({9,
                                         8,
                                         1,
                                         {conv,  // an even kernel pads unevenly
                                          window,
                                          {.type = "GlobalAveragePooling2D"},
                                          dense,
                                          {.type = "BatchNormalization", .epsilon = 0.1},
                                          {.type = "ReLU"},
                                          {.type = "Dense", .filters = 2, .activation = "softmax"}}},
                                        2);
      }
}

static std::vector<std::string> operators_of(const Network& network) {
  std::vector<std::string> names;
  for (const Node& node : untrained_model(network).nodes) {
    const std::int64_t activation = node.integer("fused_activation_function");
    names.push_back(node.op + (activation == 1 ? "+relu" : activation == 3 ? "+relu6" : ""));
  }
  return names;
}
using Names = std::vector<std::string>;

TEST_CASE("the exported model answers as torch did with branches, separable convolutions and kernels that are oblong") {
  const Network network{10,
                        8,
                        2,
                        {{.type = "SeparableConv2D",
                          .name = "stem",
                          .filters = 6,
                          .kernel = {3, 2},
                          .strides = 2,
                          .depth_multiplier = 2,
                          .same = true,
                          .activation = "relu6"},
                         {.type = "Conv2D", .name = "wide", .filters = 6, .kernel = 3, .dilation = 2, .same = true},
                         {.type = "BatchNormalization", .name = "norm"},
                         {.type = "Conv2D", .name = "short", .inputs = {"stem"}, .filters = 6, .kernel = 1},
                         {.type = "Add", .name = "sum", .inputs = {"norm", "short", "stem"}, .activation = "relu"},
                         {.type = "Reshape", .target_shape = {4, 5, -1}},
                         {.type = "DepthwiseConv2D", .kernel = {1, 3}, .depth_multiplier = 3},
                         {.type = "Flatten"},
                         {.type = "Dense", .filters = 3}}};
  CHECK(operators_of(network) == Names{"depthwise_conv_2d", "conv_2d+relu6", "conv_2d", "conv_2d", "add", "add+relu",
                                       "reshape", "depthwise_conv_2d", "reshape", "fully_connected", "softmax"});
  check_export_answers_like_torch(network, 3);
}

TEST_CASE("the exported model answers as torch did with layers of sequences, padding and joined branches") {
  const Layer norm{.type = "BatchNormalization"};
  const Network motion{
      26,
      1,
      3,
      {{.type = "ZeroPadding1D", .zeros = {{2, 1}, {}}},
       {.type = "Conv1D", .name = "stem", .filters = 6, .kernel = 5, .strides = 2, .same = true},
       norm,
       {.type = "ReLU", .name = "active"},
       {.type = "SeparableConv1D", .name = "short", .filters = 5, .kernel = 3, .same = true, .activation = "relu"},
       {.type = "DepthwiseConv1D", .name = "long", .inputs = {"active"}, .kernel = 3, .dilation = 2, .same = true},
       {.type = "Concatenate", .inputs = {"short", "long"}},
       {.type = "MaxPooling1D", .kernel = 3, .same = true},
       {.type = "AveragePooling1D"},
       {.type = "GlobalMaxPooling1D"},
       {.type = "Dense", .filters = 2}}};
  CHECK(operators_of(motion) == Names{"pad", "conv_2d+relu", "depthwise_conv_2d", "conv_2d+relu", "depthwise_conv_2d",
                                      "concatenation", "max_pool_2d", "average_pool_2d", "max_pool_2d", "reshape",
                                      "fully_connected", "softmax"});
  check_export_answers_like_torch(motion, 2, {{1.0f / 64}, {-3}, 0});

  const Network sound{12,
                      7,
                      1,
                      {{.type = "ZeroPadding2D", .zeros = {{0, 1}, {2, 0}}},
                       {.type = "Conv1D", .filters = 6, .kernel = 3},
                       {.type = "GlobalAveragePooling1D", .name = "mean"},
                       {.type = "Dense", .inputs = {"mean"}, .filters = 3, .activation = "relu"},
                       {.type = "Concatenate", .inputs = {"mean", "dense_1"}},
                       {.type = "Dense", .filters = 2}}};
  check_export_answers_like_torch(sound, 2);
}

static float largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  float largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

static std::vector<float> answers_of_reference(const Model& model, const std::vector<float>& input) {
  Bytes bytes(input.size() * sizeof(float)), output;
  std::memcpy(bytes.data(), input.data(), bytes.size());
  output = reference_output(model, bytes);
  std::vector<float> reals(output.size() / sizeof(float));
  std::memcpy(reals.data(), output.data(), output.size());
  return reals;
}

TEST_CASE("the exported model answers as torch did with LSTMs, stacked, of rows of a map, and with their last step") {
  const Network motion{26,
                       1,
                       3,
                       {{.type = "Conv1D", .filters = 5, .kernel = 3, .strides = 2, .activation = "relu"},
                        {.type = "LSTM", .name = "first", .filters = 6, .return_sequences = true},
                        {.type = "ReLU"},
                        {.type = "LSTM", .filters = 4},
                        {.type = "Dense", .filters = 2}}};
  CHECK(operators_of(motion) == Names{"conv_2d+relu", "reshape", "unidirectional_sequence_lstm", "reshape", "relu",
                                      "reshape", "unidirectional_sequence_lstm", "reshape", "strided_slice",
                                      "fully_connected", "softmax"});
  check_export_answers_like_torch(motion, 2, {{1.0f / 64}, {-3}, 0});

  const Network sound{9,
                      7,
                      1,
                      {{.type = "LSTM", .name = "steps", .filters = 5, .return_sequences = true},
                       {.type = "GlobalMaxPooling1D", .name = "most"},
                       {.type = "LSTM", .name = "last", .inputs = {"image"}, .filters = 3},
                       {.type = "Concatenate", .inputs = {"most", "last"}},
                       {.type = "Dense", .filters = 2}}};
  check_export_answers_like_torch(sound, 2);
  for (const Network& network : {motion, sound}) {
    const Model model = untrained_model(network);
    check_supported(model);
    const Problems problems = make_problems({network.height, network.width, network.channels}, 2, 4);
    for (int i = 0; i < 4; ++i) {
      const std::vector<float> input = reals_of(problems, i);
      CHECK(largest_difference(answers_of_reference(model, input), float_forward(model, input)) < 1e-5f);
    }
  }
}

/// A level that rises or falls, a step at a time, from a random place on and around again: no step tells which.
static Problems rising_and_falling(int samples) {
  std::mt19937 random(8);
  Problems problems;
  for (int i = 0; i < samples; ++i) {
    problems.labels.push_back(i % 2);
    (i % 8 < 6 ? problems.train : problems.validation).push_back(i);
    const int first = int(random() % 16);
    for (int t = 0; t < 16; ++t) {
      const int level = (first + (i % 2 == 0 ? t : 16 - t)) % 16;
      problems.features.push_back(static_cast<std::int8_t>(12 * level - 90 + int(random() % 21) - 10));
    }
  }
  return problems;
}

/// Of the best epoch's model.
static double accuracy_of_order(const std::vector<Layer>& layers) {
  const Problems problems = rising_and_falling(320);
  const MotionAugmentation none{.shift = 0, .stretch = 0, .gain = 0, .noise = 0, .rotation = 0};
  const TrainSettings settings{.epochs = 40, .batch = 8, .learning_rate = 0.01, .augmentation = none};
  TrainData data = problems.data(2);
  data.input = {{1.0f / 64}, {0}, 0};
  const TrainResult result = train({16, 1, 1, layers}, data, settings, go_on);
  int right = 0;
  for (const int i : problems.validation) {
    const std::vector<float> answers = float_forward(result.model, reals_of(problems, i, data.input));
    right += (answers[1] > answers[0]) == (problems.labels[i] == 1);
  }
  return double(right) / double(problems.validation.size());
}

TEST_CASE("an LSTM learns what only the order of steps tells, which what forgets the order cannot") {
  const Layer scores{.type = "Dense", .filters = 2};
  const Layer pointwise{.type = "Conv1D", .filters = 12, .kernel = 1, .activation = "relu"};
  CHECK(accuracy_of_order({{.type = "LSTM", .filters = 8}, scores}) > 0.95);
  CHECK(accuracy_of_order({pointwise, {.type = "GlobalAveragePooling1D"}, scores}) < 0.7);
}

TEST_CASE("a training with an LSTM repeats, bit for bit, and resumed ends where it would have") {
  const MapSize size{8, 4, 1};
  const Problems problems = make_problems(size, 2, 40);
  const Network network{8, 4, 1, {{.type = "LSTM", .filters = 3}, {.type = "Dense", .filters = 2}}};
  Bytes checkpoint;
  const auto save = [&](const Bytes& bytes) { checkpoint = bytes; };
  const auto after_two = [](const Epoch& epoch) { return epoch.number < 2; };
  const TrainSettings settings{.epochs = 4};
  const std::vector<float> unbroken = weights_of(train(network, problems.data(2), settings, go_on).model);
  CHECK(weights_of(train(network, problems.data(2), settings, go_on).model) == unbroken);
  train(network, problems.data(2), settings, after_two, {.resume = {}, .save = save});
  CHECK(weights_of(train(network, problems.data(2), settings, go_on, {.resume = checkpoint}).model) == unbroken);
}

TEST_CASE("a ReLU is fused into the node before it, but not where that node's plain output goes elsewhere too") {
  const Layer conv{.type = "Conv2D", .name = "conv", .filters = 4, .kernel = 3};
  const std::vector<Layer> head{{.type = "GlobalAveragePooling2D"}, {.type = "Dense", .filters = 2}};
  Network network{6, 6, 1, {conv, {.type = "Dropout", .rate = 0.1}, {.type = "ReLU", .max_value = 6}}};
  network.layers.insert(network.layers.end(), head.begin(), head.end());
  CHECK(operators_of(network) == Names{"conv_2d+relu6", "average_pool_2d", "reshape", "fully_connected", "softmax"});

  network.layers = {conv, {.type = "ReLU", .name = "relu"}, {.type = "Add", .inputs = {"conv", "relu"}}};
  network.layers.insert(network.layers.end(), head.begin(), head.end());
  CHECK(operators_of(network) ==
        Names{"conv_2d", "relu", "add", "average_pool_2d", "reshape", "fully_connected", "softmax"});
  check_export_answers_like_torch(network, 2);

  network.layers[1].max_value = 6;
  network.layers[2].inputs = {"relu", "relu"};
  network.layers.insert(network.layers.begin(), {.type = "ReLU", .max_value = 6});  // nothing before it
  CHECK(operators_of(network).front() == "relu6");
  check_export_answers_like_torch(network, 2);
}

TEST_CASE("what is plain to see is learned, and the best epoch's weights are kept") {
  const MapSize size{12, 12, 1};
  const Problems problems = make_problems(size, 3, 96);
  const Network network = default_image_network(12, 12, 1, 3);
  const TrainResult result = train(network, problems.data(3), {.epochs = 30, .learning_rate = 0.01}, go_on);
  for (int i : problems.validation) {
    const std::vector<float> answers = float_forward(result.model, reals_of(problems, i));
    CHECK(std::max_element(answers.begin(), answers.end()) - answers.begin() == problems.labels[i]);
  }
}

TEST_CASE("flipped in training, left and right are the same to the network; otherwise it tells them apart") {
  const MapSize size{8, 8, 1};
  Problems problems = make_problems(size, 2, 80);
  for (std::size_t i = 0; i < problems.features.size(); i += 64)  // transposed: bright at the left or at the right
    for (int y = 0; y < 8; ++y)
      for (int x = 0; x < y; ++x) std::swap(problems.features[i + y * 8 + x], problems.features[i + x * 8 + y]);
  Network network = small_network(size, 2);
  network.layers[3].type = "Flatten";  // an average over the whole map could not tell them apart at all
  const auto accuracy = [&](bool flip) {
    const TrainSettings settings{.epochs = 20, .learning_rate = 0.01, .augmentation = ImageAugmentation{.flip = flip}};
    return train(network, problems.data(2), settings, go_on).history.back().train_accuracy;
  };
  CHECK(accuracy(false) > 0.95);
  CHECK(accuracy(true) < 0.75);
}

TEST_CASE("the same seed gives the same weights, another seed others") {
  const MapSize size{8, 8, 3};
  const Problems problems = make_problems(size, 2, 40);
  const auto run = [&](std::uint64_t seed) {
    return weights_of(train(small_network(size, 2), problems.data(2), {.epochs = 3, .seed = seed}, go_on).model);
  };
  CHECK(run(1) == run(1));
  CHECK(run(1) != run(2));
}

TEST_CASE("training ends when it is told to, and when patience is over") {
  const MapSize size{8, 8, 1};
  const Problems problems = make_problems(size, 2, 40);
  const Network network = small_network(size, 2);
  const auto stop_after_two = [](const Epoch& epoch) { return epoch.number < 2; };
  CHECK(train(network, problems.data(2), {.epochs = 9}, stop_after_two).history.size() == 2);

  const TrainSettings still{
      .epochs = 9, .patience = 4, .learning_rate = 0};  // nothing gets better but batch statistics
  const std::vector<Epoch> history = train(network, problems.data(2), still, go_on).history;
  const auto best = std::find_if(history.rbegin(), history.rend(), [](const Epoch& e) { return e.best; });
  CHECK((history.size() == 9 || history.back().number - best->number == 4));
}

TEST_CASE("with class weights a rare label is found as often as a common one") {
  const MapSize size{8, 8, 1};
  Problems problems = make_problems(size, 2, 160);
  std::erase_if(problems.train, [&](int i) { return problems.labels[i] == 1 && i > 12; });  // 6 of 66
  const TrainResult result =
      train(small_network(size, 2), problems.data(2), {.epochs = 40, .learning_rate = 0.02}, go_on);
  const auto best = std::find_if(result.history.rbegin(), result.history.rend(), [](const Epoch& e) { return e.best; });
  CHECK(best->validation_accuracy > 0.9);
}

TEST_CASE("training and validation loss are of the same kind: equal where samples and weights are") {
  const MapSize size{8, 8, 1};
  Problems problems = make_problems(size, 2, 40);
  problems.validation = problems.train;
  Network network = small_network(size, 2);
  network.layers.erase(network.layers.begin() + 1);  // a normalization's statistics differ in training
  const TrainSettings still{
      .epochs = 1,
      .learning_rate = 1e-9,
      .label_smoothing = 0.5,
      .augmentation = ImageAugmentation{.shift = 0, .flip = false, .brightness = 0, .contrast = 0, .noise = 0}};
  const Epoch epoch = train(network, problems.data(2), still, go_on).history.at(0);
  CHECK(epoch.train_loss == Approx(epoch.validation_loss).epsilon(1e-4));
  CHECK(epoch.train_accuracy == Approx(epoch.validation_accuracy));
}

TEST_CASE("a network or data that cannot be trained is refused before LibTorch is loaded, all problems at once") {
  const MapSize size{8, 8, 1};
  Problems problems = make_problems(size, 2, 40);
  problems.train = {0, 2};
  problems.validation = {};
  try {
    train(small_network(size, 3), problems.data(2), {}, go_on);
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    REQUIRE(error.problems.size() == 3);
    CHECK(error.problems[0].what == "it gives 3 scores for 2 labels");
    CHECK(error.problems[1].where == "training, label 1");
    CHECK(error.problems[2].what.find("validate") != std::string::npos);
  }
}

/// Two classes of 12 rows: the level, the row that stands out, or the channel that does, tells them apart.
enum class Tell { level, row, channel };

static Problems told_apart_by(Tell tell) {
  std::mt19937 random(6);
  Problems problems;
  for (int i = 0; i < 80; ++i) {
    problems.labels.push_back(i % 2);
    (i < 60 ? problems.train : problems.validation).push_back(i);
    for (int j = 0; j < 36; ++j) {
      const bool here = tell == Tell::level || (tell == Tell::row ? j / 3 == 3 + 5 * (i % 2) : j % 3 == i % 2);
      const int value = tell == Tell::level ? 120 * (i % 2) - 60 : here ? 80 : -40;
      problems.features.push_back(static_cast<std::int8_t>(value + int(random() % 20) - 10));
    }
  }
  return problems;
}

/// How well the classes of [12, 1, 3] or [12, 3, 1] are told apart in training.
static double accuracy_with(Tell tell, const Augmentation& augmentation) {
  const bool is_sound = std::holds_alternative<SoundAugmentation>(augmentation);
  const Network network{12, is_sound ? 3 : 1, is_sound ? 1 : 3, {{.type = "Flatten"}, {.type = "Dense", .filters = 2}}};
  const Problems problems = told_apart_by(tell);
  TrainData data = problems.data(2);
  if (!is_sound) data.input = {{1.0f / 64}, {0}, 0};
  const TrainSettings settings{.epochs = 30, .learning_rate = 0.02, .augmentation = augmentation};
  return train(network, data, settings, go_on).history.back().train_accuracy;
}

TEST_CASE("sounds are shifted and made louder: what only that tells apart is not learned") {
  const SoundAugmentation none{.shift = 0, .gain_db = 0, .noise = 0, .mask_frames = 0, .mask_bands = 0};
  SoundAugmentation shift = none, gain = none;
  shift.shift = 0.9;
  gain.gain_db = 40;
  CHECK(accuracy_with(Tell::row, none) > 0.95);
  CHECK(accuracy_with(Tell::row, gain) > 0.95);
  CHECK(accuracy_with(Tell::row, shift) < 0.85);
  CHECK(accuracy_with(Tell::level, none) > 0.95);
  CHECK(accuracy_with(Tell::level, gain) < 0.85);
  SoundAugmentation loud = none;  // background noise that drowns them
  loud.noise = 1;
  loud.least_snr_db = loud.most_snr_db = -40;
  CHECK(accuracy_with(Tell::row, loud) < 0.85);
  CHECK(accuracy_with(Tell::row, SoundAugmentation{.shift = 0}) > 0.95);
}

TEST_CASE("motion is turned and moved in time: what only that tells apart is not learned") {
  const MotionAugmentation none{.shift = 0, .stretch = 0, .gain = 0, .noise = 0, .rotation = 0};
  MotionAugmentation shift = none, turned = none;
  shift.shift = 0.5;
  turned.rotation = 180;
  CHECK(accuracy_with(Tell::row, none) > 0.95);
  CHECK(accuracy_with(Tell::row, shift) < 0.85);
  CHECK(accuracy_with(Tell::channel, none) > 0.95);
  CHECK(accuracy_with(Tell::channel, turned) < 0.85);
  CHECK(accuracy_with(Tell::channel, MotionAugmentation{}) > 0.95);
}

TEST_CASE("numbers are learned in their own units, and the exported model gives them") {
  Problems problems = make_problems({8, 8, 1}, 1, 120);
  std::vector<float> targets;  // the mean of a sample, and of its upper half; in thousands
  for (int i = 0; i < 120; ++i) {
    const std::vector<float> reals = reals_of(problems, i);
    for (const int count : {64, 32}) {
      const double level = (i % 10) / 10.0;
      for (int j = 0; j < 64; ++j)
        problems.features[i * 64 + j] = static_cast<std::int8_t>(200 * level - 100 + int(reals[j] * 20));
      targets.push_back(static_cast<float>(5000 + (count == 64 ? 1000 : -300) * level));
    }
  }
  const Network network{
      8,
      8,
      1,
      {{.type = "Flatten"}, {.type = "Dense", .filters = 16, .activation = "relu"}, {.type = "Dense", .filters = 2}},
      Task::regression};
  const TrainData data{.features = problems.features,
                       .labels = {},
                       .train = problems.train,
                       .validation = problems.validation,
                       .targets = targets};
  const TrainSettings settings{
      .epochs = 200,
      .patience = 200,
      .learning_rate = 0.01,
      .augmentation = ImageAugmentation{.shift = 0, .flip = false, .brightness = 0, .contrast = 0, .noise = 0}};
  const TrainResult result = train(network, data, settings, go_on);
  const auto best = std::find_if(result.history.rbegin(), result.history.rend(), [](const Epoch& e) { return e.best; });
  CHECK(best->validation_error < 40);
  double error = 0;
  for (const int i : problems.validation) {
    const std::vector<float> answer = float_forward(result.model, reals_of(problems, i));
    REQUIRE(answer.size() == 2);
    for (int o = 0; o < 2; ++o) error += std::abs(answer[o] - targets[2 * i + o]);
  }
  CHECK(error / (2.0 * double(problems.validation.size())) == Approx(best->validation_error).epsilon(1e-3));

  const RoundedResult rounded = train_rounded(result.model, network, data, settings, go_on);
  CHECK(rounded.history.back().validation_error < 60);
}

TEST_CASE("an autoencoder learns to give its input again") {
  const Problems problems = make_problems({8, 4, 1}, 2, 160);
  const Network network{
      8,
      4,
      1,
      {{.type = "Flatten"}, {.type = "Dense", .filters = 8, .activation = "relu"}, {.type = "Dense", .filters = 32}},
      Task::anomaly};
  const TrainData data{
      .features = problems.features, .labels = {}, .train = problems.train, .validation = problems.validation};
  const TrainSettings settings{
      .epochs = 300,
      .patience = 300,
      .learning_rate = 0.01,
      .augmentation = ImageAugmentation{.shift = 0, .flip = false, .brightness = 0, .contrast = 0, .noise = 0}};
  const TrainResult result = train(network, data, settings, go_on);
  CHECK(result.history.front().validation_error > 0.15);
  CHECK(result.history.back().validation_error < 0.08);  // the noise in it cannot be known: 0.06
  CHECK(result.model.nodes.back().op == "fully_connected");
}
