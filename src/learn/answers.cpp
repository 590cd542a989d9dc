#include "learn/answers.h"

#include <algorithm>
#include <cstring>

#include "base/parallel.h"
#include "data/normals.h"
#include "features/features.h"
#include "model/anomaly_threshold.h"
#include "ops/run_reference.h"
#include "quantize/quantize.h"

namespace dragonet {

static Bytes input_of(const Model& model, std::span<const std::int8_t> features, const FeatureSettings& settings) {
  Bytes bytes;
  if (model.tensors[model.inputs[0]].dtype == DType::float32) {
    const std::vector<float> reals = reals_of(features, settings);
    bytes.resize(reals.size() * sizeof(float));
    std::memcpy(bytes.data(), reals.data(), bytes.size());
  } else {
    bytes.assign(features.begin(), features.end());
  }
  return bytes;
}

/// The output tensor as reals: of scores 0..1.
static std::vector<float> scores_of(const Model& model, const Bytes& output) {
  const Tensor& tensor = model.tensors[model.outputs[0]];
  if (tensor.dtype != DType::float32)
    return dequantized({reinterpret_cast<const std::int8_t*>(output.data()), output.size()}, tensor.quantization);
  std::vector<float> scores(output.size() / sizeof(float));
  std::memcpy(scores.data(), output.data(), output.size());
  return scores;
}

/// An int8 model's is what the chip works out.
static double score_of(const Model& model, const Samples& samples, int index, const Bytes& output) {
  const std::span<const std::int8_t> given = samples.features_of(index);
  if (model.tensors[model.outputs[0]].dtype == DType::int8)
    return anomaly_score(model, given, {reinterpret_cast<const std::int8_t*>(output.data()), output.size()});
  return anomaly_score(reals_of(given, samples.settings), scores_of(model, output));
}

static ScoredSample scored_sample(const Model& model, const Samples& samples, int index, const Bytes& output) {
  const Sample& sample = samples.dataset.samples[index];
  const std::vector<float> given = reals_of(samples.features_of(index), samples.settings);
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
    std::vector<float> scores = scores_of(model, outputs[i]);
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
  for_each_parallel(indices.size(), [&](std::size_t i) {
    outputs[i] = reference_output(model, input_of(model, samples.features_of(indices[i]), samples.settings));
  });
  return answers_of(model, samples, indices, std::move(outputs));
}

}  // namespace dragonet
