#include "app/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/hash.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "features/image_features.h"
#include "judge/metrics.h"
#include "ops/check.h"
#include "ops/run_reference.h"
#include "quantize/quantize.h"
#include "train/export.h"

namespace dragonet {

static constexpr std::size_t calibration_samples = 200;

/// Spread evenly over the training samples, which are sorted by path and so by label.
static std::vector<std::vector<float>> calibration_set(const Samples& samples, const Indices& train) {
  const std::size_t count = std::min(calibration_samples, train.size());
  std::vector<std::vector<float>> set;
  for (std::size_t i = 0; i < count; ++i)
    set.push_back(image_reals(samples.features_of(train[i * train.size() / count])));
  return set;
}

std::string weights_hash(const Model& model) {
  Bytes all;
  for (const Tensor& tensor : model.tensors) all.insert(all.end(), tensor.data.begin(), tensor.data.end());
  return sha256_of(all);
}

Model quantize_for_pictures(const Model& real, const Samples& samples, const Indices& train, const std::string& what) {
  const auto calibration = calibration_set(samples, train);
  Progress progress(what + ": to int8", calibration.size());
  const Quantization pixels{{1.0f / 255}, {-128}, 0};
  return quantize(real, calibration, pixels, [&](std::size_t done) { progress.update(done); });
}

/// As the trainer takes them; `labels` is kept by the caller.
static TrainData train_data(const Samples& samples, const Split& split, std::vector<int>& labels) {
  for (const Sample& sample : samples.dataset.samples) labels.push_back(sample.label);
  return {samples.features, labels, split.train, split.validation, static_cast<int>(samples.dataset.labels.size())};
}

/// Shows how far it is, and returns false when training is to stop.
using OnEpoch = std::function<bool(const Epoch&)>;
static OnEpoch shown_by(Progress& progress, const std::function<bool()>& was_asked_to_stop) {
  return [&](const Epoch& epoch) {
    progress.update(epoch.number, fmt::format("validation: {:.0f} % right", 100 * epoch.validation_accuracy));
    return !was_asked_to_stop || !was_asked_to_stop();
  };
}

static TrainResult run_training(const Project& project, const Samples& samples, const Split& split,
                                const std::string& what, const Beginning& beginning,
                                const std::function<bool()>& was_asked_to_stop) {
  std::vector<int> labels;
  const TrainData data = train_data(samples, split, labels);
  const Network network = network_of(project, data.classes);
  check_supported(untrained_model(network));  // rather now than when it is trained
  Progress progress(what, project.train.epochs);
  return train(network, data, project.train, shown_by(progress, was_asked_to_stop), beginning.checkpoints,
               beginning.layers);
}

static double validation_accuracy(const Model& model, const Samples& samples, const Split& split) {
  const Answers answers = answer(model, samples, split.validation);
  const int classes = static_cast<int>(samples.dataset.labels.size());
  return balanced_accuracy(confusion_of(answers.answers, classes)).value_or(0);
}

static bool needs_qat(const Trained& trained, const Project& project, const Samples& samples) {
  constexpr double half_a_point = 0.005;
  if (project.train.qat != Qat::automatic) return project.train.qat == Qat::always;
  return validation_accuracy(trained.real, samples, trained.split) -
             validation_accuracy(trained.int8, samples, trained.split) >
         half_a_point;
}

static void train_for_int8(Trained& trained, const Project& project, const Samples& samples, const std::string& what,
                           const std::function<bool()>& was_asked_to_stop) {
  std::vector<int> labels;
  const TrainData data = train_data(samples, trained.split, labels);
  Progress progress(what + ", rounded as int8", project.train.qat_epochs);
  RoundedResult result = train_rounded(trained.real, network_of(project, data.classes), data, project.train,
                                       shown_by(progress, was_asked_to_stop));
  trained.was_stopped = std::ssize(result.history) < project.train.qat_epochs;
  const Model int8 = quantize(result.model, result.ranges, data.input);
  const bool is_better =
      validation_accuracy(int8, samples, trained.split) >= validation_accuracy(trained.int8, samples, trained.split);
  if (project.train.qat == Qat::automatic && !is_better) return;
  trained.real = std::move(result.model);
  trained.int8 = int8;
  trained.qat_history = std::move(result.history);
}

Trained train_and_quantize(const Project& project, const Samples& samples, const Split& split, const std::string& what,
                           const Beginning& beginning, const std::function<bool()>& was_asked_to_stop) {
  TrainResult result = run_training(project, samples, split, what, beginning, was_asked_to_stop);
  Trained trained{.real = std::move(result.model),
                  .history = std::move(result.history),
                  .split = split,
                  .origin = beginning.origin};
  trained.real.name = project.name;
  check_supported(trained.real);
  trained.int8 = quantize_for_pictures(trained.real, samples, split.train, what);
  const bool goes_on = !was_asked_to_stop || !was_asked_to_stop();
  if (goes_on && needs_qat(trained, project, samples))
    train_for_int8(trained, project, samples, what, was_asked_to_stop);
  ModelInfo info{.labels = samples.dataset.labels, .image = project.image, .data_hash = samples.hash, .model_hash = ""};
  for (Model* model : {&trained.real, &trained.int8}) {
    info.model_hash = weights_hash(*model);
    set_info(*model, info);
  }
  return trained;
}

static Bytes input_of(const Model& model, std::span<const std::int8_t> features) {
  Bytes bytes;
  if (model.tensors[model.inputs[0]].dtype == DType::float32) {
    const std::vector<float> reals = image_reals(features);
    bytes.resize(reals.size() * sizeof(float));
    std::memcpy(bytes.data(), reals.data(), bytes.size());
  } else {
    bytes.assign(features.begin(), features.end());
  }
  return bytes;
}

/// The output tensor as reals 0..1.
static std::vector<float> scores_of(const Model& model, const Bytes& output) {
  const Tensor& tensor = model.tensors[model.outputs[0]];
  if (tensor.dtype != DType::float32)
    return dequantized({reinterpret_cast<const std::int8_t*>(output.data()), output.size()}, tensor.quantization);
  std::vector<float> scores(output.size() / sizeof(float));
  std::memcpy(scores.data(), output.data(), output.size());
  return scores;
}

Answers answers_of(const Model& model, const Samples& samples, const Indices& indices, std::vector<Bytes> outputs) {
  Answers result;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const Sample& sample = samples.dataset.samples[indices[i]];
    const std::vector<float> scores = scores_of(model, outputs[i]);
    const auto best = std::ranges::max_element(scores);
    result.answers.push_back({sample.label, static_cast<int>(best - scores.begin()), sample.group});
    result.confidences.push_back(*best);
  }
  result.outputs = std::move(outputs);
  return result;
}

Answers answer(const Model& model, const Samples& samples, const Indices& indices) {
  std::vector<Bytes> outputs(indices.size());
  for_each_parallel(indices.size(), [&](std::size_t i) {
    outputs[i] = reference_output(model, input_of(model, samples.features_of(indices[i])));
  });
  return answers_of(model, samples, indices, std::move(outputs));
}

}  // namespace dragonet
