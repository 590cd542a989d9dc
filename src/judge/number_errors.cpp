#include "judge/number_errors.h"

#include <cassert>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "judge/bootstrap.h"

namespace dragonet {
namespace {

/// Of one group or of several, all that the three measures need, of one output.
struct ErrorSums {
  double samples = 0, absolute = 0, squared = 0;            // of errors
  double truth = 0, truth_squared = 0, truth_absolute = 0;  // about the mean of all

  void add(double is, double predicted) {
    const double error = predicted - is;
    samples += 1, absolute += std::abs(error), squared += error * error;
    truth += is, truth_squared += is * is, truth_absolute += std::abs(is);
  }
};

void add_sums(ErrorSums& sum, const ErrorSums& more) {
  sum.samples += more.samples, sum.absolute += more.absolute, sum.squared += more.squared;
  sum.truth += more.truth, sum.truth_squared += more.truth_squared, sum.truth_absolute += more.truth_absolute;
}

double mae(const ErrorSums& sums) { return sums.absolute / sums.samples; }
double rmse(const ErrorSums& sums) { return std::sqrt(sums.squared / sums.samples); }
double mean_mae(const ErrorSums& sums) { return sums.truth_absolute / sums.samples; }
double mean_rmse(const ErrorSums& sums) { return std::sqrt(sums.truth_squared / sums.samples); }

std::optional<double> r2(const ErrorSums& sums) {
  const double variation = sums.truth_squared - sums.truth * sums.truth / sums.samples;
  if (variation <= 1e-9 * sums.truth_squared) return std::nullopt;  // what rounding leaves of nothing
  return 1 - sums.squared / variation;
}

/// Truths about their mean, so that squares of large numbers do not hide how they differ.
double mean_truth(std::span<const Estimate> estimates, std::size_t output) {
  double sum = 0;
  for (const Estimate& estimate : estimates) sum += estimate.truth[output];
  return sum / static_cast<double>(estimates.size());
}

std::vector<ErrorSums> sums_by_group(std::span<const Estimate> estimates, std::size_t output) {
  const double middle = mean_truth(estimates, output);
  std::map<std::string, ErrorSums> by_group;
  for (const Estimate& estimate : estimates)
    by_group[estimate.group].add(estimate.truth[output] - middle, estimate.predicted[output] - middle);
  std::vector<ErrorSums> groups;
  for (const auto& [name, sums] : by_group) groups.push_back(sums);
  return groups;
}

using ErrorMeasure = std::function<std::optional<double>(const ErrorSums&)>;

Interval interval(double value, const std::vector<ErrorSums>& resamples, const ErrorMeasure& measure) {
  std::vector<double> values;
  for (const ErrorSums& resample : resamples)
    if (const auto found = measure(resample)) values.push_back(*found);
  return percentiles(value, std::move(values));
}

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Of one group: nothing is known about others.
NumberScore::Output unsure_score(const ErrorSums& all) {
  const auto open = [](double error) { return Interval{error, 0, infinity}; };
  NumberScore::Output score{.mae = open(mae(all)),
                            .rmse = open(rmse(all)),
                            .r2 = {},
                            .mean_mae = open(mean_mae(all)),
                            .mean_rmse = open(mean_rmse(all))};
  if (const auto explained = r2(all)) score.r2 = {*explained, -infinity, 1};
  return score;
}

NumberScore::Output output_score(const std::vector<ErrorSums>& groups, std::uint64_t seed, int count) {
  ErrorSums all;
  for (const ErrorSums& group : groups) add_sums(all, group);
  if (groups.size() < 2) return unsure_score(all);
  const std::vector<ErrorSums> resamples = resampled(groups, ErrorSums{}, add_sums, seed, count);
  const auto between = [&](double (*measure)(const ErrorSums&)) { return interval(measure(all), resamples, measure); };
  NumberScore::Output score{.mae = between(mae),
                            .rmse = between(rmse),
                            .r2 = {},
                            .mean_mae = between(mean_mae),
                            .mean_rmse = between(mean_rmse)};
  if (const auto explained = r2(all)) score.r2 = interval(*explained, resamples, r2);
  return score;
}

}  // namespace

NumberScore number_score_of(std::span<const Estimate> estimates, std::uint64_t seed, int resamples) {
  assert(!estimates.empty() && resamples >= 40);
  NumberScore score{.samples = static_cast<int>(estimates.size())};
  for (std::size_t output = 0; output < estimates.front().truth.size(); ++output) {
    const std::vector<ErrorSums> groups = sums_by_group(estimates, output);
    score.groups = static_cast<int>(groups.size());
    score.outputs.push_back(output_score(groups, seed, resamples));
  }
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
