#include "model/anomaly_distance.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace dragonet {

static constexpr const char* threshold_key = "dragonet.anomaly_threshold";
static constexpr const char* centres_key = "dragonet.anomaly_centres";

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

Centres anomaly_centres(const Model& model) {
  const auto found = model.metadata.find(centres_key);
  if (found == model.metadata.end()) return {};
  try {
    return nlohmann::json::parse(found->second).get<Centres>();
  } catch (const nlohmann::json::exception&) {
    return {};  // somebody else's entry of the same name
  }
}

void set_anomaly_centres(Model& model, const Centres& centres) {
  model.metadata[centres_key] = nlohmann::json(centres).dump();
}

static const Tensor& input_of(const Model& model) { return model.tensors[model.inputs[0]]; }
static const Tensor& output_of(const Model& model) { return model.tensors[model.outputs[0]]; }
static std::size_t values_of(const Tensor& tensor) { return static_cast<std::size_t>(element_count(tensor.shape)); }
static double scale_of(const Tensor& tensor) { return tensor.quantization.scale.at(0); }

std::string centres_fault(const Model& model) {
  const Centres centres = anomaly_centres(model);
  if (centres.size() > most_centres)
    return fmt::format("has {} centres, and {} are the most", centres.size(), most_centres);
  for (const std::vector<float>& centre : centres) {
    if (centre.size() != values_of(output_of(model)))
      return fmt::format("has a centre of {} values, and the model gives {}", centre.size(),
                         values_of(output_of(model)));
    if (!std::ranges::all_of(centre, [](float value) { return std::isfinite(value); }))
      return "has a centre with a value that is no number";
  }
  return "";
}

/// In sixteenths of a step, squared and summed over `values`: of a score of 1.
static double sum_of_one(const Tensor& unit, std::size_t values) {
  const double steps = 16 / scale_of(unit);
  return steps * steps * static_cast<double>(values);
}

static std::uint64_t threshold_on_chip(const Model& model, double of_one) {
  constexpr double largest = 9e18;  // metadata are anybody's
  return static_cast<std::uint64_t>(std::llround(std::clamp(anomaly_threshold(model) * of_one, 0.0, largest)));
}

static double sum_of_one(const Model& model, bool has_centres) {
  return sum_of_one(has_centres ? output_of(model) : input_of(model), values_of(output_of(model)));
}

GivenBackRules given_back_rules(const Model& model) {
  const double ratio = scale_of(output_of(model)) / scale_of(input_of(model));
  return {.ratio = static_cast<std::int32_t>(std::lround(65536 * std::min(ratio, 127.0))),
          .input_zero = static_cast<std::int16_t>(input_of(model).quantization.zero_point.at(0)),
          .output_zero = static_cast<std::int16_t>(output_of(model).quantization.zero_point.at(0)),
          .threshold = threshold_on_chip(model, sum_of_one(model, false))};
}

static std::vector<std::int16_t> on_chip(const Centres& centres, const Tensor& output) {
  std::vector<std::int16_t> values;
  for (const std::vector<float>& centre : centres)
    for (const float value : centre)
      values.push_back(
          static_cast<std::int16_t>(std::lround(std::clamp(16 * value / scale_of(output), -32767.0, 32767.0))));
  return values;
}

std::vector<std::int16_t> centres_on_chip(const Model& model) {
  return on_chip(anomaly_centres(model), output_of(model));
}

ReadCentres read_centres(const Model& model) {
  ReadCentres read{.reals = anomaly_centres(model)};
  if (output_of(model).dtype == DType::int8) read.on_chip = on_chip(read.reals, output_of(model));
  return read;
}

CentreRules centre_rules(const Model& model, const std::vector<std::int16_t>& centres) {
  const std::size_t values = values_of(output_of(model));
  return {.centres = centres.data(),
          .values = static_cast<std::uint16_t>(values),
          .count = static_cast<std::uint8_t>(centres.size() / values),
          .output_zero = static_cast<std::int16_t>(output_of(model).quantization.zero_point.at(0)),
          .threshold = threshold_on_chip(model, sum_of_one(model, true))};
}

static double mean_squared_difference(std::span<const float> a, std::span<const float> b) {
  assert(!a.empty() && a.size() == b.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (double(a[i]) - b[i]) * (double(a[i]) - b[i]);
  return sum / static_cast<double>(a.size());
}

double anomaly_score(const ReadCentres& centres, std::span<const float> given, std::span<const float> output) {
  if (centres.reals.empty()) return mean_squared_difference(given, output);
  double least = std::numeric_limits<double>::infinity();
  for (const std::vector<float>& centre : centres.reals)
    least = std::min(least, mean_squared_difference(centre, output));
  return least;
}

static std::uint64_t sum_on_chip(const Model& model, const ReadCentres& centres, std::span<const std::int8_t> given,
                                 std::span<const std::int8_t> output) {
  if (!centres.on_chip.empty()) return squared_distance(centre_rules(model, centres.on_chip), output.data());
  assert(given.size() == output.size());
  const GivenBackRules rules = given_back_rules(model);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < given.size(); ++i) sum += squared_differences(rules, &given[i], &output[i], 1);
  return sum;
}

double anomaly_score(const Model& model, const ReadCentres& centres, std::span<const std::int8_t> given,
                     std::span<const std::int8_t> output) {
  return static_cast<double>(sum_on_chip(model, centres, given, output)) / sum_of_one(model, !centres.reals.empty());
}

}  // namespace dragonet
