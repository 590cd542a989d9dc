// A tensor's scale and zero point say which values it can hold. A wrong zero point shifts that range: values are cut
// off at one end, and the other is never reached. A scale too small cuts off at either end; one too large leaves most
// of the steps unused.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "judge/finding.h"
#include "judge/text.h"
#include "model/codec.h"
#include "ops/operator.h"

namespace dragonet {
namespace {

Extent extent_of(const Place& place) {
  Extent all;
  for (const Extent& channel : place.extent_a) all.add(channel);
  return all;
}

/// How B's range lies to A's values, in B's steps: beyond is cut off, slack unused.
struct Fit {
  RealSpan span;
  Extent values;
  double beyond_low() const { return std::max(0.0, span.low - values.low) / span.step; }
  double beyond_high() const { return std::max(0.0, values.high - span.high) / span.step; }
  double slack_low() const { return std::max(0.0, values.low - span.low) / span.step; }
  double slack_high() const { return std::max(0.0, span.high - values.high) / span.step; }
  double steps() const { return (span.high - span.low) / span.step; }
  double used() const { return (values.high - values.low) / (span.high - span.low); }
};

/// Cut off at one end only, while the other leaves room unused.
bool is_shifted(const Fit& fit) {
  const double beyond = std::max(fit.beyond_low(), fit.beyond_high());
  const double slack = fit.beyond_low() > fit.beyond_high() ? fit.slack_high() : fit.slack_low();
  return beyond >= 2 && slack >= std::max(2.0, 0.5 * beyond) && fit.used() < 1.05;
}

/// RELU makes nothing below 0, and so every conversion lets its range begin there.
bool begins_below_relu(const SideBySide& both, const Place& place, const Fit& fit) {
  if (place.input >= 0) return false;
  const std::int64_t activation = both.b.nodes[place.node_b].integer("fused_activation_function");
  const bool is_relu = activation == 1 || activation == 3;
  return is_relu && fit.values.low >= 0 && fit.span.low < -2.5 * fit.span.step;
}

std::string values_text(const Fit& fit) {
  return fmt::format("it holds {:.4g} to {:.4g}, and the values go from {:.4g} to {:.4g}", fit.span.low, fit.span.high,
                     fit.values.low, fit.values.high);
}

Finding below_relu(const Fit& fit, const Tensor& tensor) {
  return {.cause = Cause::zero_point,
          .what = fmt::format("its zero point {} leaves {:.0f} steps to values below 0, which RELU never makes: {}",
                              tensor.quantization.zero_point[0], -fit.span.low / fit.span.step, values_text(fit)),
          .next = fmt::format("a zero point of {:.0f} would have its range begin at 0",
                              tensor.quantization.zero_point[0] + fit.span.low / fit.span.step)};
}

Finding shifted(const Fit& fit, const Tensor& tensor) {
  const int zero_point = tensor.quantization.zero_point[0];
  const double shift = fit.beyond_high() > 0 ? -fit.beyond_high() : fit.beyond_low();
  return {.cause = Cause::zero_point,
          .what = fmt::format(
              "its zero point {} cuts off {:.0f} steps at one end and leaves {:.0f} unused at the other: {}",
              zero_point, std::abs(shift), shift < 0 ? fit.slack_low() : fit.slack_high(), values_text(fit)),
          .next = fmt::format("a zero point of {:.0f} would hold them all", zero_point + shift),
          .is_certain = false};
}

/// Of the values from the input on; alone, on what A gives it, it may cut off others.
std::string cut_text(const Place& place) {
  const double share = 100.0 * static_cast<double>(place.saturated) / static_cast<double>(place.count);
  if (share >= 0.1) return fmt::format("{:.1f} % of its values are cut off", share);
  if (place.saturated > 0) return fmt::format("{} of its {} values are cut off", place.saturated, place.count);
  return "what the first model gives it is cut off";
}

Finding clipped(const Fit& fit, const Tensor& tensor, const Place& place) {
  const double scale = tensor.quantization.scale[0];
  const double wider = std::max(fit.used(), 1 + std::max(fit.beyond_low(), fit.beyond_high()) / fit.steps());
  const auto [enough, given] = told_apart(scale * wider, scale, 6);
  return {.cause = Cause::scale,
          .what = fmt::format("its range is too narrow, and {}: {}", cut_text(place), values_text(fit)),
          .next = enough == given
                      ? "measure ranges on more samples"
                      : fmt::format("a scale of {} instead of {} would hold them all; measure ranges on more samples",
                                    enough, given),
          .is_certain = false};
}

Finding too_wide(const Fit& fit, const Tensor& tensor) {
  const double scale = tensor.quantization.scale[0];
  return {.cause = Cause::scale,
          .what = fmt::format("its range is too wide, and only {:.0f} of {:.0f} steps are used: {}",
                              std::max(1.0, fit.used() * fit.steps()), fit.steps() + 1, values_text(fit)),
          .next = fmt::format("a scale of {:.6g} instead of {:.6g} would be fine enough", scale * fit.used(), scale),
          .is_certain = false};
}

/// Scale and zero point are the input's, and the fault, if there is one, the input's maker's.
bool passes_through(const SideBySide& both, const Place& place) {
  if (place.input >= 0) return false;
  const Node& node = both.b.nodes[place.node_b];
  return find_operator(node.op)->quantization.output_as_input;
}

/// Other samples than those that the ranges were measured on reach a little further: no fault.
constexpr std::size_t few = 4, many = 12;  // values
constexpr double harmless_db = 20;
bool is_badly_cut(const Fit& fit, const Place& place) {
  const double share = static_cast<double>(place.saturated) / static_cast<double>(place.count);
  const double beyond = std::max(fit.beyond_low(), fit.beyond_high()) / fit.steps();
  return place.saturated >= few && (share > 0.005 || beyond > 0.3);
}

std::vector<Finding> find_measured(const SideBySide& both, const Place& place) {
  const Tensor& tensor = tensor_of(both, place);
  const Fit fit{span_of(tensor), extent_of(place)};
  if (!(fit.span.step > 0) || fit.values.is_empty() || tensor.quantization.zero_point.empty()) return {};
  if (begins_below_relu(both, place, fit)) return {below_relu(fit, tensor)};
  const double shortfall = shortfall_db(both, place), noise = sum_of(place.alone).noise;
  const bool is_cut = place.clip_noise > 0.3 * noise && place.clip_noise > 0;
  if (is_cut && is_shifted(fit) && shortfall > 1) {
    Finding finding = shifted(fit, tensor);
    finding.is_fault = place.saturated >= many || (place.saturated >= few && sum_of(place.alone).db() < harmless_db);
    return {finding};
  }
  if (is_cut && shortfall > 6) {
    Finding finding = clipped(fit, tensor, place);
    finding.is_fault = is_badly_cut(fit, place);
    return {finding};
  }
  if (!is_cut && fit.used() < 1.0 / 8 && shortfall > 12) return {too_wide(fit, tensor)};
  return {};
}

// --- A is quantized too, and likewise: its scale and zero point are those that should be.

bool is_alike(const Tensor& a, const Tensor& b) {
  return a.dtype == b.dtype && a.dtype != DType::float32 && a.quantization.scale.size() == 1 &&
         b.quantization.scale.size() == 1;
}

std::vector<Finding> find_differences(const SideBySide& both, const Place& place) {
  const Quantization &a = both.a.tensors[place.tensor_a].quantization, &b = tensor_of(both, place).quantization;
  std::vector<Finding> found;
  if (a.zero_point != b.zero_point)
    found.push_back({.cause = Cause::zero_point,
                     .what = fmt::format("its zero point is {} and should be {}", b.zero_point[0], a.zero_point[0]),
                     .next = "set it, or convert the model anew"});
  if (a.scale != b.scale) {
    const auto [is, should] = told_apart(b.scale[0], a.scale[0], 6);
    found.push_back({.cause = Cause::scale,
                     .what = fmt::format("its scale is {} and should be {}", is, should),
                     .next = "set it, or convert the model anew"});
  }
  return found;
}

/// Two conversions of one model have ranges of their own nearly everywhere; one that was damaged has the other's but in
/// a few places.
bool are_one_conversion(const SideBySide& both) {
  int alike = 0, same = 0;
  for (const Place& place : both.places) {
    if (!place.is_measured() || !is_alike(both.a.tensors[place.tensor_a], tensor_of(both, place))) continue;
    ++alike;
    same += is_same_grid(both.a.tensors[place.tensor_a], tensor_of(both, place));
  }
  return alike > 0 && 2 * same >= alike;
}

}  // namespace

std::vector<Finding> find_range_faults(const SideBySide& both) {
  const bool one_conversion = are_one_conversion(both);
  std::vector<Finding> found;
  for (std::size_t i = 0; i < both.places.size(); ++i) {
    const Place& place = both.places[i];
    if (!place.is_measured() || passes_through(both, place)) continue;
    const bool compares = one_conversion && is_alike(both.a.tensors[place.tensor_a], tensor_of(both, place));
    for (Finding& finding : compares ? find_differences(both, place) : find_measured(both, place)) {
      finding.place = static_cast<int>(i);
      found.push_back(finding);
    }
  }
  return found;
}

}  // namespace dragonet
