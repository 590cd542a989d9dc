// What we write is what TensorFlow Lite reads, and our arithmetic is its own but for 1 in the last place: its kernels
// for WebAssembly (XNNPACK) round once where its reference, and so ours, rounds twice.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>

#include "drawn_samples.h"
#include "features/image_features.h"
#include "golden.h"
#include "model/model_info.h"
#include "ops/run_reference.h"
#include "tensorflow_lite.h"

using namespace dragonet;
using testing::Question;

template <typename T>
static std::vector<T> elements(const Bytes& bytes) {
  const auto* first = reinterpret_cast<const T*>(bytes.data());
  return {first, first + bytes.size() / sizeof(T)};
}

template <typename T>
static double difference(const Bytes& a, const Bytes& b) {
  const std::vector<T> x = elements<T>(a), y = elements<T>(b);
  if (x.size() != y.size()) return INFINITY;
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::abs(double(x[i]) - double(y[i])));
  return largest;
}

/// Between our reference and TensorFlow Lite's answers, over all inputs.
template <typename T>
static double difference(const Question& question, const testing::Outputs& theirs) {
  double largest = 0;
  for (std::size_t i = 0; i < question.inputs.size(); ++i)
    largest = std::max(largest, difference<T>(reference_output(question.model, question.inputs[i]), theirs[i]));
  return largest;
}

static std::ptrdiff_t top_1(const Bytes& output) {
  const std::vector<std::int8_t> scores = elements<std::int8_t>(output);
  return std::ranges::max_element(scores) - scores.begin();
}

/// The model up to the logits: softmax makes many steps of one.
static Model without_softmax(Model model) {
  if (model.nodes.back().op != "softmax") return model;
  model.outputs = {model.nodes.back().inputs[0]};
  model.nodes.pop_back();
  return model;
}

/// By how much the first place leads the second.
static int lead(const Bytes& output) {
  std::vector<std::int8_t> scores = elements<std::int8_t>(output);
  std::ranges::sort(scores, std::greater());
  return scores[0] - scores[1];
}

/// The logits within `steps`, and the same first place in the whole model's answers, unless it is won by no more than
/// both may be off, once in 50 inputs at most.
static void check_classifier(const Question& whole, double steps) {
  const Question logits{without_softmax(whole.model), whole.inputs};
  const auto theirs = testing::ask_tensorflow_lite({whole, logits});
  if (!theirs) return;
  std::size_t others_first = 0;
  for (std::size_t i = 0; i < whole.inputs.size(); ++i) {
    INFO(whole.model.source << ", input " << i);
    if (top_1(reference_output(whole.model, whole.inputs[i])) == top_1((*theirs)[0][i])) continue;
    ++others_first;
    CHECK(lead(reference_output(logits.model, whole.inputs[i])) <= 2 * steps);
  }
  CHECK(others_first <= whole.inputs.size() / 50);
  const double largest = difference<std::int8_t>(logits, (*theirs)[1]);
  INFO(whole.model.source);
  CHECK(largest <= steps);
  std::printf("%s: logits at most %g apart from TensorFlow Lite\n", whole.model.source.c_str(), largest);
}

static void check_golden(const std::string& name, double steps) {
  const auto golden = testing::find_golden(name);
  if (golden) check_classifier({read_tflite(golden->model), golden->inputs}, steps);
}

TEST_CASE("golden models, written again by us, win first places and logits in TensorFlow Lite as here") {
  check_golden("kws_ref_model", 2);
  check_golden("vww_96_int8", 1);
  check_golden("micro_speech_quantized", 1);
  check_golden("pretrainedResnet_quant", 5);
}

/// Nothing to be first: the outputs themselves within `bound`.
template <typename T>
static void check_outputs(const Question& question, double bound) {
  const auto theirs = testing::ask_tensorflow_lite({question});
  if (!theirs) return;
  const double largest = difference<T>(question, (*theirs)[0]);
  INFO(question.model.source);
  CHECK(largest <= bound);
  std::printf("%s: at most %g apart from TensorFlow Lite\n", question.model.source.c_str(), largest);
}

TEST_CASE(
    "golden models without first places, or of floats, answer in TensorFlow Lite as here, within 2 steps or 1e-4") {
  for (const char* name : {"hello_world_int8", "ad01_int8"})
    if (const auto golden = testing::find_golden(name))
      check_outputs<std::int8_t>({read_tflite(golden->model), golden->inputs}, 2);
  for (const char* name : {"hello_world_float", "pretrainedResnet"})
    if (const auto golden = testing::find_golden(name))
      check_outputs<float>({read_tflite(golden->model), golden->inputs}, 1e-4);
}

/// A run on drawn pictures, made as a user makes one.
static fs::path train_on_drawings(const fs::path& home) {
  testing::draw_samples(home / "pictures", 24);
  const std::string program = "'" + (program_folder() / "dragonet").string() + "' ";
  const ProcessResult result = run_process(
      {"sh", "-c",
       "cd '" + home.string() + "' && " + program +
           "new shapes --kind image --samples pictures --group 'g[0-9]+' && cd shapes && " + program + "train"});
  INFO(result.output);
  REQUIRE(result.status == 0);
  return home / "shapes/runs/1";
}

/// Features of pictures that the training has not seen, as the int8 model takes them.
static std::vector<Bytes> fresh_drawings(const ImageFeatureSettings& settings, int count) {
  std::mt19937 random(2024);
  std::vector<Bytes> inputs;
  for (int i = 0; i < count; ++i) {
    const auto features = image_features(raw_sample(testing::draw(i % 2 == 0, random), settings), settings);
    inputs.emplace_back(features.begin(), features.end());
  }
  return inputs;
}

static Bytes as_reals(const Bytes& features) {
  std::vector<float> reals;
  for (const std::int8_t q : elements<std::int8_t>(features)) reals.push_back(static_cast<float>(q + 128) / 255);
  const auto* first = reinterpret_cast<const std::uint8_t*>(reals.data());
  return {first, first + reals.size() * sizeof(float)};
}

TEST_CASE("a model trained on drawings wins first places and logits in TensorFlow Lite as here, in int8 and in float") {
  if (!testing::has_tensorflow_lite()) return;
  const TemporaryFolder home;
  const fs::path run = train_on_drawings(home.path());
  Question int8{read_tflite(run / "model.tflite"), {}}, real{read_tflite(run / "float.tflite"), {}};
  int8.inputs = fresh_drawings(std::get<ImageFeatureSettings>(info_of(int8.model).features), 100);
  for (const Bytes& input : int8.inputs) real.inputs.push_back(as_reals(input));
  // Each of its thirteen layers may round a step otherwise there (3 steps were seen in the logits).
  check_classifier(int8, 4);
  check_outputs<float>(real, 1e-4);
}
