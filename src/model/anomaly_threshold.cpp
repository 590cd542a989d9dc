#include "model/anomaly_threshold.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>

namespace dragonet {

static constexpr const char* threshold_key = "dragonet.anomaly_threshold";

double anomaly_threshold(const Model& model) {
  const auto found = model.metadata.find(threshold_key);
  if (found == model.metadata.end()) return 0;
  double threshold = 0;  // metadata are anybody's
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), threshold);
  return std::isfinite(threshold) ? threshold : 0;
}

void set_anomaly_threshold(Model& model, double threshold) {
  model.metadata[threshold_key] = fmt::format("{}", threshold);
}

static const Quantization& input_of(const Model& model) { return model.tensors[model.inputs[0]].quantization; }
static const Quantization& output_of(const Model& model) { return model.tensors[model.outputs[0]].quantization; }

/// Of a sum of squared sixteenths of the input's steps, for a score of 1.
static double sum_of_one(const Model& model) {
  const double steps = 16 / double(input_of(model).scale.at(0));
  return steps * steps * static_cast<double>(element_count(model.tensors[model.inputs[0]].shape));
}

AnomalyScoreRules anomaly_score_rules(const Model& model) {
  const Quantization &input = input_of(model), &output = output_of(model);
  const double ratio = double(output.scale.at(0)) / input.scale.at(0);
  constexpr double largest = 9e18;  // metadata are anybody's
  const double threshold = std::clamp(anomaly_threshold(model) * sum_of_one(model), 0.0, largest);
  return {.ratio = static_cast<std::int32_t>(std::lround(65536 * std::min(ratio, 127.0))),
          .input_zero = static_cast<std::int16_t>(input.zero_point.at(0)),
          .output_zero = static_cast<std::int16_t>(output.zero_point.at(0)),
          .threshold = static_cast<std::uint64_t>(std::llround(threshold))};
}

double anomaly_score(const Model& model, std::span<const std::int8_t> given, std::span<const std::int8_t> back) {
  assert(given.size() == back.size());
  const AnomalyScoreRules rules = anomaly_score_rules(model);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < given.size(); ++i) sum += squared_differences(rules, &given[i], &back[i], 1);
  return static_cast<double>(sum) / sum_of_one(model);
}

}  // namespace dragonet
