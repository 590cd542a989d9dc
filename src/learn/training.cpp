#include "learn/training.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "features/features.h"
#include "judge/input_vectors.h"
#include "judge/metrics.h"
#include "learn/fitting.h"
#include "learn/model_answers.h"
#include "model/anomaly_distance.h"
#include "model/codec.h"
#include "model/model_info.h"
#include "ops/check.h"
#include "ops/run_reference.h"
#include "quantize/quantize.h"
#include "train/export.h"

namespace dragonet {

std::vector<std::vector<float>> calibration_set(const Samples& samples, const Indices& train) {
  const Quantization scale = quantization_of(samples.settings);
  std::vector<std::vector<float>> set;
  for (const std::size_t i : spread(train.size(), calibration_samples))
    set.push_back(reals_of_features(samples.features_of(train[i]), scale));
  return set;
}

bool is_fitted(const Trained& trained) { return !anomaly_centres(trained.real).empty(); }

const Indices& samples_of_threshold(const Trained& trained) {
  return is_fitted(trained) ? trained.split.train : trained.split.validation;
}

TrainingStart random_start(const std::string& what) {
  TrainingStart start;
  start.what = what;
  return start;
}

std::string weights_hash(const Model& model) {
  Bytes all;
  for (const Tensor& tensor : model.tensors) all.insert(all.end(), tensor.data.begin(), tensor.data.end());
  return sha256_of(all);
}

Model quantize_for_features(const Model& real, const Samples& samples, const Indices& train, const std::string& what,
                            const Observer& observer) {
  const auto calibration = calibration_set(samples, train);
  Progress progress(observer, what + ": to int8", calibration.size());
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
    if (has_labels(dataset.task)) lists.labels.push_back(sample.label);
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
          .classes = has_labels(samples.dataset.task) ? outputs_of(samples.dataset) : 0,
          .input = quantization_of(samples.settings),
          .background = lists.background,
          .targets = lists.targets};
}

static std::string validation_text(const Epoch& epoch) {
  return epoch.validation_error > 0 ? fmt::format("validation: off by {:.3g} on average", epoch.validation_error)
                                    : fmt::format("validation: {:.0f} % right", 100 * epoch.validation_accuracy);
}

std::vector<std::pair<std::string, double>> figures_of(const Epoch& epoch) {
  return {{"train_loss", epoch.train_loss},         {"validation_loss", epoch.validation_loss},
          {"train_accuracy", epoch.train_accuracy}, {"validation_accuracy", epoch.validation_accuracy},
          {"train_error", epoch.train_error},       {"validation_error", epoch.validation_error}};
}

/// Tells how far it is, and returns false when training is to stop.
using OnEpoch = std::function<bool(const Epoch&)>;
static OnEpoch told_to(const Observer& observer, Progress& progress) {
  return [&](const Epoch& epoch) {
    progress.update(epoch.number, validation_text(epoch), figures_of(epoch));
    return !observer.asks_to_stop();
  };
}

static TrainSettings settings_of(const Project& project) {
  TrainSettings settings = project.train;
  if (const auto fit = project.kind().fit) fit(project.features, settings.augmentation);
  return settings;
}

static TrainResult run_training(const Project& project, const Network& network, const Samples& samples,
                                const Split& split, const TrainingStart& start, const Observer& observer) {
  const Lists lists = lists_of(samples, split);
  const TrainData data = train_data(samples, split, lists);
  Progress progress(observer, start.what, project.train.epochs);
  return train(network, data, settings_of(project), told_to(observer, progress), start.checkpoints, start.layers);
}

static double validation_quality(const Model& model, const Samples& samples, const Split& split) {
  return quality_of(score_of(answer(model, samples, split.validation), samples.dataset));
}

static bool needs_qat(const Trained& trained, const Project& project, const Samples& samples) {
  constexpr double half_a_point = 0.005;
  if (project.train.qat != Qat::automatic) return project.train.qat == Qat::always;
  return validation_quality(trained.real, samples, trained.split) -
             validation_quality(trained.int8, samples, trained.split) >
         half_a_point;
}

static void train_for_int8(Trained& trained, const Project& project, const Samples& samples, const std::string& what,
                           const Observer& observer) {
  const Lists lists = lists_of(samples, trained.split);
  const TrainData data = train_data(samples, trained.split, lists);
  Progress progress(observer, what + ", rounded as int8", project.train.qat_epochs);
  RoundedResult result = train_rounded(trained.real, network_of(project, outputs_of(samples.dataset)), data,
                                       settings_of(project), told_to(observer, progress));
  trained.was_stopped = std::ssize(result.history) < project.train.qat_epochs;
  const Model int8 = quantize(result.model, result.ranges, data.input);
  const bool is_better =
      validation_quality(int8, samples, trained.split) >= validation_quality(trained.int8, samples, trained.split);
  if (project.train.qat == Qat::automatic && !is_better) return;
  trained.real = std::move(result.model);
  trained.int8 = int8;
  trained.qat_history = std::move(result.history);
}

/// What its task finds out with the validation's samples, such as a threshold.
template <typename TaskKind>
static void calibrate_on(Model& model, const Samples& samples, const Split& split, const TaskKind& task) {
  using Own = decltype(no_answers(task, model));
  calibrate(task, model, [&] { return std::get<Own>(answer(model, samples, split.validation).of_task); });
}

static Trained train_in_epochs(const Project& project, const Network& network, const Samples& samples,
                               const Split& split, const TrainingStart& start, const Observer& observer) {
  TrainResult result = run_training(project, network, samples, split, start, observer);
  Trained trained{.real = std::move(result.model),
                  .history = std::move(result.history),
                  .split = split,
                  .initial_weights = start.initial_weights};
  check_supported(trained.real);
  trained.int8 = quantize_for_features(trained.real, samples, split.train, start.what, observer);
  if (!observer.asks_to_stop() && needs_qat(trained, project, samples))
    train_for_int8(trained, project, samples, start.what, observer);
  for (Model* model : {&trained.real, &trained.int8})
    std::visit([&](const auto& task) { calibrate_on(*model, samples, split, task); }, project.task());
  return trained;
}

static Trained fit_in_one_go(const Project& project, const Network& network, const Samples& samples, const Split& split,
                             const TrainingStart& start, const Observer& observer) {
  if (project.train.qat == Qat::always)
    observer.say("a network that is fitted has nothing to train: it is rounded as it is, without --qat");
  return fit_and_quantize(project, network, samples, split, start, observer);
}

static void describe(Model& model, const Project& project, const Samples& samples) {
  model.name = project.name;
  set_info(model, {.labels = output_names(samples.dataset),
                   .features = project.features,
                   .answers = project.answers,
                   .task = project.task(),
                   .data_hash = samples.hash,
                   .model_hash = weights_hash(model)});
}

Trained train_and_quantize(const Project& project, const Samples& samples, const Split& split,
                           const TrainingStart& start, const Observer& observer) {
  const Network network = network_of(project, outputs_of(samples.dataset));
  check_supported(untrained_model(network));  // rather now than when it is trained
  Trained trained = is_fitted(network) ? fit_in_one_go(project, network, samples, split, start, observer)
                                       : train_in_epochs(project, network, samples, split, start, observer);
  for (Model* model : {&trained.real, &trained.int8}) describe(*model, project, samples);
  return trained;
}

RunRecord record_of(const Trained& trained, const Project& project, const Samples& samples) {
  return {.history = trained.history,
          .qat_history = trained.qat_history,
          .train = paths_of(samples, trained.split.train),
          .validation = paths_of(samples, trained.split.validation),
          .test = paths_of(samples, trained.split.test),
          .data_hash = samples.hash,
          .model_hash = info_of(trained.int8).model_hash,
          .seed = project.train.seed,
          .held_out_parts = trained.held_out_parts,
          .initial_weights = trained.initial_weights};
}

}  // namespace dragonet
