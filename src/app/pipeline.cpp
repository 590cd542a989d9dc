#include "app/pipeline.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "data/normals.h"
#include "judge/metrics.h"
#include "model/anomaly_threshold.h"
#include "model/codec.h"
#include "model/model_info.h"
#include "ops/check.h"
#include "ops/run_reference.h"
#include "quantize/quantize.h"
#include "train/export.h"

namespace dragonet {

static constexpr std::size_t calibration_samples = 200;

/// Spread evenly over the training samples, which are sorted by path and so by label.
static std::vector<std::vector<float>> calibration_set(const Samples& samples, const Indices& train) {
  const std::size_t count = std::min(calibration_samples, train.size());
  const Quantization scale = quantization_of(samples.settings);
  std::vector<std::vector<float>> set;
  for (std::size_t i = 0; i < count; ++i)
    set.push_back(reals_of_features(samples.features_of(train[i * train.size() / count]), scale));
  return set;
}

std::string weights_hash(const Model& model) {
  Bytes all;
  for (const Tensor& tensor : model.tensors) all.insert(all.end(), tensor.data.begin(), tensor.data.end());
  return sha256_of(all);
}

Model quantize_for_features(const Model& real, const Samples& samples, const Indices& train, const std::string& what) {
  const auto calibration = calibration_set(samples, train);
  Progress progress(what + ": to int8", calibration.size());
  return quantize(real, calibration, quantization_of(samples.settings),
                  [&](std::size_t done) { progress.update(done); });
}

/// What TrainData only refers to.
struct Lists {
  std::vector<int> labels;      // of a classification
  std::vector<float> targets;   // of a regression
  std::vector<int> background;  // what trains as silence
};

static Lists lists_of(const Samples& samples, const Split& split) {
  const Dataset& dataset = samples.dataset;
  Lists lists;
  for (const Sample& sample : dataset.samples) {
    if (dataset.task == Task::classification) lists.labels.push_back(sample.label);
    lists.targets.insert(lists.targets.end(), sample.targets.begin(), sample.targets.end());
  }
  std::ranges::copy_if(split.train, std::back_inserter(lists.background),
                       [&](int i) { return dataset.labels[dataset.samples[i].label] == silence_label; });
  return lists;
}

/// As the trainer takes them.
static TrainData train_data(const Samples& samples, const Split& split, const Lists& lists) {
  return {.features = samples.features,
          .labels = lists.labels,
          .train = split.train,
          .validation = split.validation,
          .classes = samples.dataset.task == Task::classification ? outputs_of(samples.dataset) : 0,
          .input = quantization_of(samples.settings),
          .background = lists.background,
          .targets = lists.targets};
}

/// Shows how far it is, and returns false when training is to stop.
using OnEpoch = std::function<bool(const Epoch&)>;
static OnEpoch shown_by(Progress& progress, const std::function<bool()>& was_asked_to_stop) {
  return [&](const Epoch& epoch) {
    progress.update(epoch.number, epoch.validation_error > 0
                                      ? fmt::format("validation: off by {:.3g} on average", epoch.validation_error)
                                      : fmt::format("validation: {:.0f} % right", 100 * epoch.validation_accuracy));
    return !was_asked_to_stop || !was_asked_to_stop();
  };
}

/// Augmentation knows the levels that features stand for, and leaves alone what is no level of a band.
static void fit_to(const SoundFeatureSettings& features, Augmentation& augmentation) {
  auto& sound = std::get<SoundAugmentation>(augmentation);
  sound.low_db = features.low_db, sound.high_db = features.high_db;
  if (features.kind != SoundFeatureSettings::log_mel) sound.gain_db = sound.noise = 0;
}

/// Strengths of frequencies are no readings: nothing is known that could change them.
static void fit_to(const MotionFeatureSettings& features, Augmentation& augmentation) {
  if (features.kind == MotionFeatureSettings::spectral)
    augmentation = MotionAugmentation{.shift = 0, .stretch = 0, .gain = 0, .noise = 0, .rotation = 0};
}

static void fit_to(const ImageFeatureSettings&, Augmentation&) {}
static void fit_to(const std::monostate&, Augmentation&) {}

static TrainSettings settings_of(const Project& project) {
  TrainSettings settings = project.train;
  std::visit([&](const auto& features) { fit_to(features, settings.augmentation); }, project.features);
  return settings;
}

static TrainResult run_training(const Project& project, const Samples& samples, const Split& split,
                                const std::string& what, const Beginning& beginning,
                                const std::function<bool()>& was_asked_to_stop) {
  const Lists lists = lists_of(samples, split);
  const TrainData data = train_data(samples, split, lists);
  const Network network = network_of(project, outputs_of(samples.dataset));
  check_supported(untrained_model(network));  // rather now than when it is trained
  Progress progress(what, project.train.epochs);
  return train(network, data, settings_of(project), shown_by(progress, was_asked_to_stop), beginning.checkpoints,
               beginning.layers);
}

static double validation_quality(const Model& model, const Samples& samples, const Split& split) {
  constexpr int few_resamples = 40;  // nobody asks for the interval
  return quality_of(score_of(answer(model, samples, split.validation), samples.dataset, few_resamples));
}

static bool needs_qat(const Trained& trained, const Project& project, const Samples& samples) {
  constexpr double half_a_point = 0.005;
  if (project.train.qat != Qat::automatic) return project.train.qat == Qat::always;
  return validation_quality(trained.real, samples, trained.split) -
             validation_quality(trained.int8, samples, trained.split) >
         half_a_point;
}

static void train_for_int8(Trained& trained, const Project& project, const Samples& samples, const std::string& what,
                           const std::function<bool()>& was_asked_to_stop) {
  const Lists lists = lists_of(samples, trained.split);
  const TrainData data = train_data(samples, trained.split, lists);
  Progress progress(what + ", rounded as int8", project.train.qat_epochs);
  RoundedResult result = train_rounded(trained.real, network_of(project, outputs_of(samples.dataset)), data,
                                       settings_of(project), shown_by(progress, was_asked_to_stop));
  trained.was_stopped = std::ssize(result.history) < project.train.qat_epochs;
  const Model int8 = quantize(result.model, result.ranges, data.input);
  const bool is_better =
      validation_quality(int8, samples, trained.split) >= validation_quality(trained.int8, samples, trained.split);
  if (project.train.qat == Qat::automatic && !is_better) return;
  trained.real = std::move(result.model);
  trained.int8 = int8;
  trained.qat_history = std::move(result.history);
}

/// Of the scores of the validation's samples, which are all normal.
static double threshold_of(const Model& model, const Samples& samples, const Split& split, double quantile) {
  std::vector<double> scores;
  for (const ScoredSample& sample : answer(model, samples, split.validation).scored) scores.push_back(sample.score);
  return quantile_of(std::move(scores), quantile);
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
  trained.int8 = quantize_for_features(trained.real, samples, split.train, what);
  const bool goes_on = !was_asked_to_stop || !was_asked_to_stop();
  if (goes_on && needs_qat(trained, project, samples))
    train_for_int8(trained, project, samples, what, was_asked_to_stop);
  const Dataset& dataset = samples.dataset;
  ModelInfo info{.labels = dataset.task == Task::regression ? dataset.outputs : dataset.labels,
                 .features = project.features,
                 .answers = project.answers,
                 .task = project.task(),
                 .data_hash = samples.hash,
                 .model_hash = ""};
  for (Model* model : {&trained.real, &trained.int8}) {
    info.model_hash = weights_hash(*model);
    if (project.task() == Task::anomaly)
      set_anomaly_threshold(*model, threshold_of(*model, samples, trained.split, project.quantile));
    set_info(*model, info);
  }
  return trained;
}

/// An int8 model's is what the chip works out.
static double score_of(const Model& model, const Samples& samples, int index, const Bytes& output) {
  const std::span<const std::int8_t> given = samples.features_of(index);
  if (model.tensors[model.outputs[0]].dtype == DType::int8) return anomaly_score(model, given, int8_in(output));
  return anomaly_score(reals_of_features(given, quantization_of(samples.settings)),
                       floats_of(model.tensors[model.outputs[0]], output));
}

static ScoredSample scored_sample(const Model& model, const Samples& samples, int index, const Bytes& output) {
  const Sample& sample = samples.dataset.samples[index];
  const std::vector<float> given = reals_of_features(samples.features_of(index), quantization_of(samples.settings));
  return {.score = score_of(model, samples, index, output),
          .variation = variation_of(given),
          .is_anomaly = sample.label != normal_label,
          .group = sample.group};
}

Answers answers_of(const Model& model, const Samples& samples, const Indices& indices, std::vector<Bytes> outputs) {
  Answers result{.threshold = anomaly_threshold(model)};
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const Sample& sample = samples.dataset.samples[indices[i]];
    if (samples.dataset.task == Task::anomaly) {
      result.scored.push_back(scored_sample(model, samples, indices[i], outputs[i]));
      continue;
    }
    std::vector<float> scores = floats_of(model.tensors[model.outputs[0]], outputs[i]);
    if (samples.dataset.task == Task::regression) {
      result.estimates.push_back({sample.targets, std::move(scores), sample.group});
      continue;
    }
    const auto best = std::ranges::max_element(scores);
    result.answers.push_back({sample.label, static_cast<int>(best - scores.begin()), sample.group});
    result.confidences.push_back(*best);
  }
  result.outputs = std::move(outputs);
  return result;
}

static TaskScore score_of(const std::vector<Estimate>& estimates, const std::vector<std::string>& names,
                          int resamples) {
  NumberScore score = number_score_of(estimates, 1, resamples);
  for (std::size_t i = 0; i < score.outputs.size(); ++i) score.outputs[i].name = names.at(i);
  return score;
}

TaskScore score_of(const Answers& answers, const Dataset& dataset, int resamples) {
  if (dataset.task == Task::anomaly) return anomaly_metrics_of(answers.scored, answers.threshold, 1, resamples);
  if (dataset.task == Task::regression) return score_of(answers.estimates, dataset.outputs, resamples);
  return score_of(answers.answers, static_cast<int>(dataset.labels.size()), 1, resamples);
}

Answers answer(const Model& model, const Samples& samples, const Indices& indices) {
  std::vector<Bytes> outputs(indices.size());
  const Quantization scale = quantization_of(samples.settings);
  for_each_parallel(indices.size(), [&](std::size_t i) {
    outputs[i] = reference_output(model, input_of_features(model, samples.features_of(indices[i]), scale));
  });
  return answers_of(model, samples, indices, std::move(outputs));
}

}  // namespace dragonet
