#include "judge/number_errors.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>

namespace dragonet {
namespace {

/// Numbers of one output, one for each sample.
using Numbers = std::vector<double>;

Numbers numbers_of(std::span<const Estimate> estimates, auto number) {
  Numbers numbers;
  for (const Estimate& estimate : estimates) numbers.push_back(number(estimate));
  return numbers;
}

/// The number of each sample's group.
std::vector<std::size_t> groups_of(std::span<const Estimate> estimates) {
  std::map<std::string, std::size_t> numbers;
  std::vector<std::size_t> groups;
  for (const Estimate& estimate : estimates)
    groups.push_back(numbers.try_emplace(estimate.group, numbers.size()).first->second);
  return groups;
}

Numbers absolute(Numbers errors) {
  for (double& error : errors) error = std::abs(error);
  return errors;
}

Numbers squared(Numbers errors) {
  for (double& error : errors) error *= error;
  return errors;
}

/// Of values about 1; a made-up one varies by `variance`.
Part part_of(const Numbers& values, const std::vector<std::size_t>& groups, double variance) {
  std::map<std::size_t, Part::Group> by_group;
  Part part{.made_up = 1, .made_up_square = 1 + variance};
  for (std::size_t i = 0; i < values.size(); ++i) {
    Part::Group& group = by_group[groups[i]];
    group.number = groups[i], group.samples += 1, group.sum += values[i];
    part.squares += values[i] * values[i];
  }
  for (const auto& [number, group] : by_group) part.groups.push_back(group);
  return part;
}

/// As multiples of `unit`; where that is nothing, all are the same.
Numbers in_units(Numbers values, double unit) {
  for (double& value : values) value = unit > 0 ? value / unit : 1;
  return values;
}

// Made-up errors vary as those of an exponential distribution do, and squares as those of a normal one. Groups differ
// more in how large their errors are than in how often they are right, and most of all in squares, which a few decide.
constexpr double absolute_variance = 1, squared_variance = 2;
constexpr Habit absolute_habit{.likeness = 0.2}, squared_habit{.likeness = 0.4};

Interval mean_absolute(const Numbers& errors, const std::vector<std::size_t>& groups) {
  const Numbers values = absolute(errors);
  const double value = mean(values);
  return error_interval(value, part_of(in_units(values, value), groups, absolute_variance), 1, absolute_habit);
}

Interval root_mean_squared(const Numbers& errors, const std::vector<std::size_t>& groups) {
  const Numbers values = squared(errors);
  const double value = mean(values);
  return error_interval(std::sqrt(value), part_of(in_units(values, value), groups, squared_variance), 0.5,
                        squared_habit);
}

/// Of truths about their mean. What is not explained is a quotient: a sample adds to its logarithm what it has of the
/// errors, less what it has of the variation.
std::optional<Interval> r_squared(const Numbers& errors, const Numbers& truths, const std::vector<std::size_t>& groups,
                                  double largest) {
  const Numbers missed = squared(errors), varied = squared(truths);
  const double error = mean(missed), variation = mean(varied);
  if (variation <= 1e-24 * largest * largest) return std::nullopt;  // what rounding leaves of nothing
  Numbers values = in_units(missed, error);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += 1 - varied[i] / variation;
  const Interval left = error_interval(error / variation, part_of(values, groups, squared_variance), 1, squared_habit);
  return Interval{1 - left.value, 1 - left.high, 1 - left.low, left.unknown};
}

NumberScore::Output output_score(std::span<const Estimate> estimates, std::size_t output,
                                 const std::vector<std::size_t>& groups) {
  const Numbers errors =
      numbers_of(estimates, [&](const Estimate& e) { return double(e.predicted[output]) - e.truth[output]; });
  Numbers truths = numbers_of(estimates, [&](const Estimate& e) { return double(e.truth[output]); });
  const double largest = std::abs(*std::ranges::max_element(truths, {}, [](double x) { return std::abs(x); }));
  const double middle = mean(truths);
  for (double& truth : truths) truth -= middle;
  return {.mae = mean_absolute(errors, groups),
          .rmse = root_mean_squared(errors, groups),
          .r2 = r_squared(errors, truths, groups, largest),
          .mean_mae = mean_absolute(truths, groups),
          .mean_rmse = root_mean_squared(truths, groups)};
}

}  // namespace

NumberScore number_score_of(std::span<const Estimate> estimates) {
  assert(!estimates.empty());
  const std::vector<std::size_t> groups = groups_of(estimates);
  NumberScore score{.groups = 1 + static_cast<int>(*std::ranges::max_element(groups)),
                    .samples = static_cast<int>(estimates.size())};
  for (std::size_t output = 0; output < estimates.front().truth.size(); ++output)
    score.outputs.push_back(output_score(estimates, output, groups));
  return score;
}

double mean_r2(const NumberScore& score) {
  double sum = 0;
  int defined = 0;
  for (const NumberScore::Output& output : score.outputs)
    if (output.r2) sum += output.r2->value, ++defined;
  return defined ? sum / defined : 0;
}

}  // namespace dragonet
