// An LSTM from training to the chip: a level that rises or falls is told by the order of its steps alone, in float, in
// int8, by the emitted code, on the virtual board and in TensorFlow Lite.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <random>

#include "board/build.h"
#include "board/host_program.h"
#include "features/motion_settings.h"
#include "model/model_info.h"
#include "ops/check.h"
#include "ops/run_reference.h"
#include "quantize/quantize.h"
#include "tensorflow_lite.h"
#include "train/train.h"

using namespace dragonet;
using testing::Question;

using Reals = std::vector<float>;

namespace {

/// From a random place on, up or down and around again.
struct Levels {
  static constexpr int steps = 20, channels = 2;
  std::vector<std::int8_t> features{};
  std::vector<int> labels{}, train{}, validation{};

  explicit Levels(int count) {
    std::mt19937 random(8);
    for (int i = 0; i < count; ++i) {
      labels.push_back(i % 2);
      (i % 8 < 5 ? train : validation).push_back(i);
      const int first = int(random() % steps);
      for (int t = 0; t < steps; ++t) {
        const int level = (first + (i % 2 == 0 ? t : steps - t)) % steps;
        features.push_back(static_cast<std::int8_t>(10 * level - 95 + int(random() % 31) - 15));
        features.push_back(static_cast<std::int8_t>(int(random() % 61) - 30));  // says nothing
      }
    }
  }
  TrainData data() const { return {features, labels, train, validation, 2, quantization()}; }
  static Quantization quantization() { return {{1.0f / 64}, {0}, 0}; }

  Bytes int8(int sample) const {
    const auto first = features.begin() + sample * steps * channels;
    return {first, first + steps * channels};
  }
  Reals reals(int sample) const {
    const Bytes bytes = int8(sample);
    Reals reals;
    for (const std::uint8_t byte : bytes) reals.push_back(static_cast<float>(static_cast<std::int8_t>(byte)) / 64);
    return reals;
  }
};

}  // namespace

static Bytes bytes_of(const Reals& reals) {
  Bytes bytes(reals.size() * sizeof(float));
  std::memcpy(bytes.data(), reals.data(), bytes.size());
  return bytes;
}

static Network network() {
  return {Levels::steps,
          1,
          Levels::channels,
          {{.type = "LSTM", .filters = 8, .return_sequences = true},
           {.type = "LSTM", .filters = 5},
           {.type = "Dense", .filters = 2}}};
}

static TrainSettings settings() {
  return {.epochs = 40,
          .batch = 8,
          .learning_rate = 0.01,
          .augmentation = MotionAugmentation{.shift = 0, .stretch = 0, .gain = 0, .noise = 0, .rotation = 0},
          .qat_epochs = 4};
}

static bool go_on(const Epoch&) { return true; }

/// Trained once, for all tests.
static const Model& trained(const Levels& levels) {
  static const Model model = train(network(), levels.data(), settings(), go_on).model;
  return model;
}

static Model in_int8(const Model& real, const Levels& levels) {
  std::vector<Reals> samples;
  for (const int i : levels.train) samples.push_back(levels.reals(i));
  Model model = quantize(real, samples, Levels::quantization());
  model.name = "levels";
  check_supported(model);
  return model;
}

template <typename T>
static int first_place(const Bytes& output) {
  T scores[2];
  REQUIRE(output.size() == sizeof scores);
  std::memcpy(scores, output.data(), sizeof scores);
  return scores[1] > scores[0];
}

static double accuracy_of(const Model& model, const Levels& levels) {
  int right = 0;
  for (const int i : levels.validation) {
    const bool is_int8 = model.tensors[model.inputs[0]].dtype == DType::int8;
    const int answer = is_int8 ? first_place<std::int8_t>(reference_output(model, levels.int8(i)))
                               : first_place<float>(reference_output(model, bytes_of(levels.reals(i))));
    right += answer == levels.labels[i];
  }
  return double(right) / double(levels.validation.size());
}

TEST_CASE("a network with LSTMs is as accurate in int8, converted after training or trained with rounded values",
          "[together]") {
  const Levels levels(480);
  const Model& real = trained(levels);
  const double in_float = accuracy_of(real, levels), converted = accuracy_of(in_int8(real, levels), levels);
  const RoundedResult rounded = train_rounded(real, network(), levels.data(), settings(), go_on);
  const double trained_so = accuracy_of(quantize(rounded.model, rounded.ranges, Levels::quantization()), levels);
  std::printf("rising or falling: %.3f in float, %.3f in int8, %.3f trained for it\n", in_float, converted, trained_so);
  CHECK(in_float > 0.95);
  CHECK(converted > in_float - 0.02);
  CHECK(trained_so > in_float - 0.02);
}

TEST_CASE("an int8 network with LSTMs answers alike as reference, as emitted code and on the virtual board",
          "[together]") {
  const Levels levels(480);
  const Model model = in_int8(trained(levels), levels);
  const TemporaryFolder folder;
  std::vector<Bytes> inputs, expected;
  for (int i = 0; i < 40; ++i) {
    inputs.push_back(levels.int8(i));
    expected.push_back(reference_output(model, inputs.back()));
  }
  const fs::path program = build_host_program(compile_model(model), folder.path() / "host");
  CHECK((run_host_program(program, testing::joined(inputs), true) == testing::joined(expected)));

  const Board& board = find_board("mkrzero");
  BoardSession session(build_for_board(model, board, folder.path() / "board"), board);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    session.reset();
    CHECK((session.infer(inputs[i]) == expected[i]));
  }
}

TEST_CASE("each window that a chip is asked about begins anew, whatever an LSTM kept of the one before", "[together]") {
  const Levels levels(480);
  const MotionFeatureSettings motion{
      .rate_hz = 50, .axes = {"x", "y"}, .full_scale = {1, 1}, .window_samples = Levels::steps};
  std::vector<Reals> samples;
  for (int i = 0; i < 20; ++i) samples.push_back(levels.reals(i));
  Model model = quantize(trained(levels), samples, {{1.0f / 128}, {0}, 0});
  model.name = "levels";
  set_info(model, {.labels = {"up", "down"}, .features = motion});
  const TemporaryFolder folder;
  const Board& board = find_board("mkrzero");
  BoardSession session(build_for_board(model, board, folder.path()), board);
  ModelState state = initial_state(model);
  int kept = 0;
  for (int i = 0; i < 6; ++i) {
    Readings window{.axes = 2, .values = {}};
    for (const std::uint8_t byte : levels.int8(i))
      window.values.push_back(static_cast<std::int16_t>(static_cast<std::int8_t>(byte) * 256));
    const std::vector<std::int8_t> features = features_of(window, motion);
    const Bytes input(features.begin(), features.end());
    CHECK((session.infer_raw(window) == reference_output(model, input)));
    kept += reference_output(model, input, state) != reference_output(model, input);
  }
  CHECK(kept > 0);  // it would have mattered
}

TEST_CASE("a network with LSTMs answers in TensorFlow Lite as here: float within 1e-4, int8 nearly", "[together]") {
  const Levels levels(480);
  const Model real = trained(levels), int8 = in_int8(real, levels);
  std::vector<Question> questions;  // of one input each: the interpreter keeps its state from one to the next
  for (int i = 0; i < 20; ++i) {
    questions.push_back({real, {bytes_of(levels.reals(i))}});
    questions.push_back({int8, {levels.int8(i)}});
  }
  const auto theirs = testing::ask_tensorflow_lite(questions);
  if (!theirs) return;
  double in_float = 0;
  int in_int8 = 0;
  for (std::size_t q = 0; q < questions.size(); ++q) {
    const Bytes here = reference_output(questions[q].model, questions[q].inputs[0]), there = (*theirs)[q][0];
    REQUIRE(here.size() == there.size());
    for (std::size_t i = 0; q % 2 == 1 && i < here.size(); ++i)
      in_int8 = std::max(in_int8, std::abs(static_cast<std::int8_t>(here[i]) - static_cast<std::int8_t>(there[i])));
    for (std::size_t i = 0; q % 2 == 0 && i < here.size(); i += sizeof(float)) {
      float a = 0, b = 0;
      std::memcpy(&a, &here[i], sizeof a), std::memcpy(&b, &there[i], sizeof b);
      in_float = std::max(in_float, std::abs(double(a) - double(b)));
    }
  }
  std::printf("LSTMs: at most %g in float and %d in int8 apart from TensorFlow Lite\n", in_float, in_int8);
  CHECK(in_float < 1e-4);
  CHECK(in_int8 <= 8);  // scores, of which a softmax makes many steps of one
}
