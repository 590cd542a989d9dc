// Of few scores the largest is a poor threshold: the next normal sample is above the largest of n once in n + 1 times,
// which of ten is 9 % and not the 1 % that was asked for. What lies beyond the largest has to be supposed: that the
// logarithms of scores are distributed normally, with a variance that these scores tell as well as so few can.

#include "judge/threshold.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <string>
#include <vector>

namespace dragonet {
namespace {

/// Of Simpson's rule.
double integral(auto f, double end) {
  constexpr int steps = 400;
  const double step = end / steps;
  double sum = f(0.0) + f(end);
  for (int i = 1; i < steps; ++i) sum += (i % 2 == 1 ? 4 : 2) * f(i * step);
  return sum * step / 3;
}

/// Sums over logarithms of scores, by group.
struct Logarithms {
  double count = 0, mean = 0;
  double groups = 0, count_squares = 0;  // of the groups' counts
  double between = 0, within = 0;        // sums of squares: of groups' means about the mean, and of scores about those
};

/// What is far below the others says nothing of how far above them a new score may be.
double least_of_weight(std::span<const ScoredSample> scored) {
  double sum = std::numeric_limits<double>::min();
  for (const ScoredSample& sample : scored) sum += sample.score / double(scored.size());
  return sum / 1000;
}

Logarithms logarithms_of(std::span<const ScoredSample> scored) {
  const double least = least_of_weight(scored);
  std::map<std::string, std::vector<double>> groups;
  Logarithms all;
  for (const ScoredSample& sample : scored) {
    groups[sample.group].push_back(std::log(std::max(sample.score, least)));
    all.mean += groups[sample.group].back() / double(scored.size());
  }
  for (const auto& [name, values] : groups) {
    const auto count = static_cast<double>(values.size());
    double mean = 0;
    for (const double value : values) mean += value / count;
    for (const double value : values) all.within += (value - mean) * (value - mean);
    all.between += count * (mean - all.mean) * (mean - all.mean);
    all.count += count, all.groups += 1, all.count_squares += count * count;
  }
  return all;
}

/// By how much a new score may differ from the mean of these.
struct Prediction {
  double variance = 0, degrees = 0;
};

/// Of samples that are independent.
Prediction alone(const Logarithms& all) {
  if (all.count < 2) return {};
  return {(all.between + all.within) / (all.count - 1) * (1 + 1 / all.count), all.count - 1};
}

/// Of a sample of a new group: random effects by the analysis of variance, degrees of freedom by Satterthwaite 1946.
Prediction in_groups(const Logarithms& all) {
  const double degrees_between = all.groups - 1, degrees_within = all.count - all.groups;
  const double between = all.between / degrees_between, within = all.within / degrees_within;
  const double size = (all.count - all.count_squares / all.count) / degrees_between;  // of a usual group
  const double share = (1 + all.count_squares / (all.count * all.count)) / size;
  const double of_between = share * between, of_within = (1 + 1 / all.count - share) * within;
  const double variance = of_between + of_within;
  return {variance,
          variance * variance / (of_between * of_between / degrees_between + of_within * of_within / degrees_within)};
}

Prediction prediction_of(const Logarithms& all) {
  if (all.groups < 2 || all.groups == all.count) return alone(all);
  const Prediction in_their_groups = in_groups(all), as_if_alone = alone(all);
  return in_their_groups.variance > as_if_alone.variance ? in_their_groups : as_if_alone;
}

/// Few scores hardly know their own variance, so beside it stands a usual one, with four degrees of freedom (Smyth
/// 2004, "Linear models and empirical Bayes methods"). Logarithms of cross-fitted scores of movements, sounds and
/// pictures have a deviation of 0.75 in the median; half of the collections lie between 0.6 and 1.
Prediction moderated(const Prediction& own, const Logarithms& all) {
  constexpr double usual_deviation = 0.75, usual_degrees = 4;
  const double usual = usual_deviation * usual_deviation * (1 + 1 / all.groups);
  const double degrees = own.degrees + usual_degrees;
  return {(own.degrees * own.variance + usual_degrees * usual) / degrees, degrees};
}

double prediction_bound(std::span<const ScoredSample> normal, double share) {
  const Logarithms all = logarithms_of(normal);
  const Prediction next = moderated(prediction_of(all), all);
  constexpr double most = 1e30;  // metadata hold numbers
  return std::min(most, std::exp(all.mean + student_quantile(share, next.degrees) * std::sqrt(next.variance)));
}

}  // namespace

double scores_needed(double share) { return std::ceil(share / (1 - share) - 1e-9); }

bool can_show(std::size_t scores, double share) { return share < 1 && double(scores) >= scores_needed(share); }

/// With t = sqrt(degrees) tan(angle), the share within -t and t is that of a power of the cosine.
double student_quantile(double share, double degrees) {
  assert(share >= 0.5 && share < 1 && degrees >= 1);
  const auto density = [&](double angle) { return std::pow(std::cos(angle), degrees - 1); };
  const double whole =
      std::sqrt(std::numbers::pi) / 2 * std::exp(std::lgamma(degrees / 2) - std::lgamma((degrees + 1) / 2));
  double low = 0, high = std::numbers::pi / 2;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (integral(density, middle) < (2 * share - 1) * whole ? low : high) = middle;
  }
  return std::sqrt(degrees) * std::tan(low);
}

double threshold_of(std::span<const ScoredSample> normal, double share) {
  assert(!normal.empty());
  std::vector<double> scores;
  for (const ScoredSample& sample : normal) scores.push_back(sample.score);
  std::ranges::sort(scores);
  if (!can_show(scores.size(), share)) return std::max(scores.back(), share < 1 ? prediction_bound(normal, share) : 0);
  constexpr double rounding = 1e-9;
  return scores[static_cast<std::size_t>(std::ceil(share * double(scores.size() + 1) - rounding)) - 1];
}

}  // namespace dragonet
