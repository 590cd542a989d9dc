#include "learn/training.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "features/features.h"
#include "judge/input_vectors.h"
#include "judge/metrics.h"
#include "learn/model_answers.h"
#include "model/anomaly_distance.h"
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
  const Quantization scale = quantization_of(samples.settings);
  std::vector<std::vector<float>> set;
  for (const std::size_t i : spread(train.size(), calibration_samples))
    set.push_back(reals_of_features(samples.features_of(train[i]), scale));
  return set;
}

bool is_fitted(const Trained& trained) { return !anomaly_centres(trained.real).empty(); }

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

/// All features at their least, and at their most.
static std::vector<std::vector<float>> extremes(const Model& model, const Quantization& scale) {
  const auto values = static_cast<std::size_t>(element_count(model.tensors[model.inputs[0]].shape));
  std::vector<std::vector<float>> both;
  for (const int q : {-128, 127})
    both.emplace_back(values, static_cast<float>(q - scale.zero_point.at(0)) * scale.scale.at(0));
  return both;
}

static std::vector<float> output_for(const Model& model, std::span<const std::int8_t> features,
                                     const Quantization& scale) {
  return floats_of(model.tensors[model.outputs[0]], reference_output(model, input_of_features(model, features, scale)));
}

/// By how much, on average, rounded weights and pools move each value of the output.
static std::vector<double> shift_of(const Model& real, const Model& int8, const Samples& samples,
                                    const Indices& train) {
  const Quantization scale = quantization_of(samples.settings);
  const std::vector<std::size_t> some = spread(train.size(), calibration_samples);
  std::vector<double> shift(static_cast<std::size_t>(element_count(real.tensors[real.outputs[0]].shape)));
  for (const std::size_t i : some) {
    const std::span<const std::int8_t> features = samples.features_of(train[i]);
    const std::vector<float> is = output_for(int8, features, scale), was = output_for(real, features, scale);
    for (std::size_t v = 0; v < shift.size(); ++v) shift[v] += (double(is[v]) - was[v]) / double(some.size());
  }
  return shift;
}

static void move_centres(Model& int8, const std::vector<double>& shift) {
  Centres centres = anomaly_centres(int8);
  for (std::vector<float>& centre : centres)
    for (std::size_t v = 0; v < centre.size(); ++v) centre[v] += static_cast<float>(shift[v]);
  set_anomaly_centres(int8, centres);
}

/// Anomalies lie where no training sample does, so a fitted model's ranges are not those of the samples. Its pools hold
/// all that features can be; its output 16 standard deviations, beyond which there is nothing left to tell.
static Model quantize_fitted(const Model& real, const Samples& samples, const Indices& train) {
  constexpr float farthest = 16;
  const Quantization scale = quantization_of(samples.settings);
  std::vector<std::vector<float>> seen = calibration_set(samples, train);
  for (std::vector<float>& extreme : extremes(real, scale)) seen.push_back(std::move(extreme));
  Ranges ranges = measure_ranges(real, seen);
  ranges[real.outputs[0]] = {-farthest, farthest};
  Model int8 = quantize(real, ranges, scale);
  move_centres(int8, shift_of(real, int8, samples, train));
  return int8;
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

static std::vector<std::pair<std::string, double>> figures_of(const Epoch& epoch) {
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

/// Of a network that is fitted, whose losses are scores.
static OnEpoch told_once_to(Progress& progress) {
  return [&](const Epoch& epoch) {
    progress.update(1, fmt::format("validation: a score of {:.3g} on average", epoch.validation_loss),
                    figures_of(epoch));
    return true;
  };
}

static TrainSettings settings_of(const Project& project) {
  TrainSettings settings = project.train;
  if (const auto fit = project.kind().fit) fit(project.features, settings.augmentation);
  return settings;
}

static TrainResult run_training(const Project& project, const Samples& samples, const Split& split,
                                const TrainingStart& start, const Observer& observer) {
  const Lists lists = lists_of(samples, split);
  const TrainData data = train_data(samples, split, lists);
  const Network network = network_of(project, outputs_of(samples.dataset));
  check_supported(untrained_model(network));  // rather now than when it is trained
  Progress progress(observer, start.what, is_fitted(network) ? 1 : project.train.epochs);
  const OnEpoch on_epoch = is_fitted(network) ? told_once_to(progress) : told_to(observer, progress);
  return train(network, data, settings_of(project), on_epoch, start.checkpoints, start.layers);
}

static double validation_quality(const Model& model, const Samples& samples, const Split& split) {
  return quality_of(score_of(answer(model, samples, split.validation), samples.dataset));
}

static bool needs_qat(const Trained& trained, const Project& project, const Samples& samples) {
  constexpr double half_a_point = 0.005;
  if (is_fitted(trained)) return false;
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

Trained train_and_quantize(const Project& project, const Samples& samples, const Split& split,
                           const TrainingStart& start, const Observer& observer) {
  TrainResult result = run_training(project, samples, split, start, observer);
  Trained trained{.real = std::move(result.model),
                  .history = std::move(result.history),
                  .split = split,
                  .initial_weights = start.initial_weights};
  trained.real.name = project.name;
  check_supported(trained.real);
  if (is_fitted(trained) && project.train.qat == Qat::always)
    observer.say("a network that is fitted has nothing to train: it is rounded as it is, without --qat");
  trained.int8 = is_fitted(trained) ? quantize_fitted(trained.real, samples, split.train)
                                    : quantize_for_features(trained.real, samples, split.train, start.what, observer);
  if (!observer.asks_to_stop() && needs_qat(trained, project, samples))
    train_for_int8(trained, project, samples, start.what, observer);
  const Dataset& dataset = samples.dataset;
  ModelInfo info{.labels = output_names(dataset),
                 .features = project.features,
                 .answers = project.answers,
                 .task = project.task(),
                 .data_hash = samples.hash,
                 .model_hash = ""};
  for (Model* model : {&trained.real, &trained.int8}) {
    info.model_hash = weights_hash(*model);
    std::visit([&](const auto& task) { calibrate_on(*model, samples, trained.split, task); }, project.task());
    set_info(*model, info);
  }
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
          .initial_weights = trained.initial_weights};
}

}  // namespace dragonet
