// What is fitted has no epochs to choose from, so no samples need be kept from it to validate; only its threshold needs
// scores of samples that it has not learnt. Cross-fitting gives one of every sample: by models that learnt all but a
// part of them, which are a little worse than the one that learnt all, so that the threshold is rather too high.

#include "learn/fitting.h"

#include <fmt/format.h>

#include <algorithm>

#include "features/features.h"
#include "judge/input_vectors.h"
#include "learn/model_answers.h"
#include "model/anomaly_distance.h"
#include "model/codec.h"
#include "ops/check.h"
#include "ops/run_reference.h"
#include "quantize/quantize.h"

namespace dragonet {
namespace {

/// All features at their least, and at their most.
std::vector<std::vector<float>> extremes(const Model& model, const Quantization& scale) {
  const auto values = static_cast<std::size_t>(element_count(model.tensors[model.inputs[0]].shape));
  std::vector<std::vector<float>> both;
  for (const int q : {-128, 127})
    both.emplace_back(values, static_cast<float>(q - scale.zero_point.at(0)) * scale.scale.at(0));
  return both;
}

std::vector<float> output_for(const Model& model, std::span<const std::int8_t> features, const Quantization& scale) {
  return floats_of(model.tensors[model.outputs[0]], reference_output(model, input_of_features(model, features, scale)));
}

/// By how much, on average, rounded weights and pools move each value of the output.
std::vector<double> shift_of(const Model& real, const Model& int8, const Samples& samples, const Indices& train) {
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

void move_centres(Model& int8, const std::vector<double>& shift) {
  Centres centres = anomaly_centres(int8);
  for (std::vector<float>& centre : centres)
    for (std::size_t v = 0; v < centre.size(); ++v) centre[v] += static_cast<float>(shift[v]);
  set_anomaly_centres(int8, centres);
}

/// Anomalies lie where no training sample does, so a fitted model's ranges are not those of the samples. Its pools hold
/// all that features can be; its output 16 standard deviations, beyond which there is nothing left to tell.
Model quantize_fitted(const Model& real, const Samples& samples, const Indices& train) {
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

/// A model of some samples, and the epoch that says how far they are from what is normal.
struct Fit {
  Model real, int8;
  Epoch epoch;
};

/// What is needed to fit.
struct FitSetting {
  const Project& project;
  const Network& network;
  const Samples& samples;
  const TrainingStart& start;
};

Fit fit_to(const FitSetting& setting, const Indices& learnt) {
  const auto& [project, network, samples, start] = setting;
  const TrainData data{.features = samples.features,
                       .labels = {},
                       .train = learnt,
                       .validation = {},
                       .input = quantization_of(samples.settings)};
  TrainResult result = train(
      network, data, project.train, [](const Epoch&) { return true; }, {}, start.layers);
  check_supported(result.model);
  Model int8 = quantize_fitted(result.model, samples, learnt);
  return {std::move(result.model), std::move(int8), result.history.at(0)};
}

/// Scores of samples by models that have not learnt them.
struct HeldOut {
  AnomalyAnswers real, int8;
  int parts = 0;
};

void add_scores(AnomalyAnswers& all, const Model& model, const Samples& samples, const Indices& part) {
  const auto answers = std::get<AnomalyAnswers>(answer(model, samples, part).of_task);
  all.scored.insert(all.scored.end(), answers.scored.begin(), answers.scored.end());
}

Indices without(const Indices& all, const Indices& part) {  // both ascending
  Indices rest;
  std::ranges::set_difference(all, part, std::back_inserter(rest));
  return rest;
}

/// So many together tell a threshold as well as all of a large collection would.
Indices spread_over(const Indices& part, std::size_t most) {
  Indices some;
  for (const std::size_t i : spread(part.size(), most)) some.push_back(part[i]);
  return some;
}

/// A sample that is alone is scored by the model that learnt it: there is no other.
HeldOut cross_fit(const FitSetting& setting, const Indices& learnt, const Observer& observer) {
  constexpr int most_parts = 10;
  constexpr std::size_t most_scores = 5000;
  const Samples& samples = setting.samples;
  const auto parts = parts_to_hold_out(samples.dataset, learnt, most_parts, setting.project.train.seed);
  Progress progress(observer, setting.start.what + ": cross-fitting", parts.size());
  HeldOut scores{.parts = static_cast<int>(parts.size())};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Fit fit = fit_to(setting, parts.size() == 1 ? learnt : without(learnt, parts[i]));
    const Indices scored = spread_over(parts[i], most_scores / parts.size());
    add_scores(scores.real, fit.real, samples, scored);
    add_scores(scores.int8, fit.int8, samples, scored);
    progress.update(i + 1);
  }
  return scores;
}

double mean_score(const AnomalyAnswers& answers) {
  double sum = 0;
  for (const ScoredSample& sample : answers.scored) sum += sample.score;
  return sum / static_cast<double>(answers.scored.size());
}

Indices in_order(Indices all, const Indices& more) {
  all.insert(all.end(), more.begin(), more.end());
  std::ranges::sort(all);
  return all;
}

void tell(const Epoch& epoch, const std::string& what, const Observer& observer) {
  Progress(observer, what, 1)
      .update(1, fmt::format("samples held out: a score of {:.3g} on average", epoch.validation_loss),
              figures_of(epoch));
}

}  // namespace

Trained fit_and_quantize(const Project& project, const Network& network, const Samples& samples, const Split& split,
                         const TrainingStart& start, const Observer& observer) {
  const FitSetting setting{project, network, samples, start};
  const auto& task = std::get<Anomaly>(samples.dataset.task);
  const Indices learnt = in_order(split.train, split.validation);
  const HeldOut held_out = cross_fit(setting, learnt, observer);
  Fit fit = fit_to(setting, learnt);
  fit.epoch.validation_loss = fit.epoch.validation_error = mean_score(held_out.real);
  tell(fit.epoch, start.what, observer);
  calibrate(task, fit.real, [&] { return held_out.real; });
  calibrate(task, fit.int8, [&] { return held_out.int8; });
  return {.real = std::move(fit.real),
          .int8 = std::move(fit.int8),
          .history = {fit.epoch},
          .split = {.train = learnt, .validation = {}, .test = split.test},
          .held_out_parts = held_out.parts};
}

}  // namespace dragonet
