// The one place where an interval is made of groups. Samples of one group resemble each other, so what tells how far a
// measure may be off is how its groups differ. Of few groups that is known badly, and where all samples are right there
// is no difference at all. So the groups' own variance is moderated: it weighs as many degrees of freedom as it has,
// and beside it stands, with six, what the samples' variance and a usual likeness within groups would make of it.
// docs/statistics.md has the formulas and their sources, and bench/coverage.cpp counts how often the interval holds.
#include "judge/interval.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace dragonet {
namespace {

constexpr double habit_degrees = 6;
constexpr std::size_t fewest_groups = 3, fewest_groups_of_part = 2;
constexpr std::size_t fewest_groups_of_certain_part = 3;  // of fewer, what does not vary may be chance

/// Of a part's samples.
struct Moments {
  double samples = 0, mean = 0;           // of true ones alone
  double with_made_up = 0, variance = 0;  // the mean with the made-up one, and a sample's variance
};

Moments moments_of(const Part& part) {
  Moments all;
  double sum = 0;
  for (const Part::Group& group : part.groups) all.samples += group.samples, sum += group.sum;
  all.mean = sum / all.samples;
  all.with_made_up = (sum + part.made_up) / (all.samples + 1);
  const double square = (part.squares + part.made_up_square) / (all.samples + 1);
  all.variance = square - all.with_made_up * all.with_made_up;
  if (all.variance < 1e-12 * square) all.variance = 0;  // what rounding leaves of nothing
  return all;
}

/// What one group does to the measure, over all parts.
struct Influence {
  double pull = 0;                    // of it as it is
  double alone = 0;                   // the variance of its pull by habit: were its samples independent,
  double deviation = 0, squares = 0;  // and were they all alike: the parts' deviations, and their squares
  double expected = 0;                // and by the habit's likeness, each part for itself
};

struct Spread {
  double shift = 0;                    // what made-up samples add to the measure
  double variance = 0, degrees = 0;    // of the measure over groups; of freedom
  std::size_t groups = 0, fewest = 0;  // of all parts, and of the part with the fewest
};

/// What the degrees of freedom are made of.
struct Degrees {
  double expected = 0;      // the variance that groups should show
  double lost = 0;          // what their means take from it
  double from_samples = 0;  // the variance of variance that comes of few samples

  /// Satterthwaite's, of groups of unlike size.
  double of_groups(const std::map<std::size_t, Influence>& groups) const {
    double squares = 0;
    for (const auto& [number, group] : groups) squares += group.expected * group.expected;
    return squares > 0 ? expected * (expected - lost) / squares : 0;
  }

  /// Fewer where few samples decide: how rare mistakes are spread over groups is mostly chance.
  double of_both(double of_groups) const {
    return of_groups > 0 ? 1 / (1 / of_groups + from_samples / (2 * expected * expected)) : 0;
  }
};

void add_part(const Part& part, const Moments& all, const Habit& habit, std::map<std::size_t, Influence>& groups,
              Degrees& degrees) {
  double variance = 0, squares = 0;
  for (const auto& [number, samples, sum] : part.groups) {
    Influence& group = groups[number];
    const double leverage = samples / all.samples;
    const double pulled_back = std::sqrt(std::max(1 - leverage, 1e-9));  // CR2: the mean has followed the group
    group.pull += part.weight * (sum - all.mean * samples) / all.samples / pulled_back;
    const double deviation = part.weight * leverage * std::sqrt(all.variance), alone = deviation * deviation / samples;
    group.alone += alone, group.deviation += deviation, group.squares += deviation * deviation;
    const double expected = alone * (1 + (samples - 1) * habit.likeness);
    group.expected += expected, variance += expected, squares += expected * expected;
  }
  if (variance == 0) return;
  degrees.expected += variance;
  degrees.lost += squares / variance;
  degrees.from_samples += variance * variance / (all.samples * all.variance);
}

double habitual_variance(const Influence& group, const Habit& habit) {
  const double alike = (1 - habit.shared) * group.squares + habit.shared * group.deviation * group.deviation;
  return (1 - habit.likeness) * group.alone + habit.likeness * alike;
}

Spread spread_of(const std::vector<Part>& parts, const Habit& habit) {
  Spread spread{.fewest = std::numeric_limits<std::size_t>::max()};
  std::map<std::size_t, Influence> groups;
  Degrees degrees;
  for (const Part& part : parts) {
    const Moments all = moments_of(part);
    add_part(part, all, habit, groups, degrees);
    spread.shift += part.weight * (all.with_made_up - all.mean);
    spread.fewest = std::min(spread.fewest, part.groups.size());
  }
  double own = 0, habitual = 0;
  for (const auto& [number, group] : groups) {
    own += group.pull * group.pull;
    habitual += habitual_variance(group, habit);
  }
  const double of_groups = degrees.of_groups(groups), weight = degrees.of_both(of_groups);
  spread.variance = (weight * own + habit_degrees * habitual) / (weight + habit_degrees);
  spread.degrees = of_groups + habit_degrees;
  spread.groups = groups.size();
  return spread;
}

/// Two-sided 95 %, of six degrees of freedom or more. Abramowitz and Stegun 1964, 26.7.5; off by less than 0.001.
double t_quantile(double degrees) {
  constexpr double z = 1.959963985;
  constexpr double z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z, z9 = z7 * z * z;
  return z + (z3 + z) / (4 * degrees) + (5 * z5 + 16 * z3 + 3 * z) / (96 * std::pow(degrees, 2)) +
         (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * std::pow(degrees, 3)) +
         (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / (92160 * std::pow(degrees, 4));
}

std::string counted(std::size_t groups) { return fmt::format("only {} group{}", groups, groups == 1 ? "" : "s"); }

/// "": they can.
std::string why_groups_cannot_tell(const Spread& spread) {
  if (spread.groups < fewest_groups) return counted(spread.groups);
  const bool is_certain = spread.variance == 0;
  if (spread.fewest < (is_certain ? fewest_groups_of_certain_part : fewest_groups_of_part))
    return counted(spread.fewest) + " of one class";
  return "";
}

/// The shares from which a share like this is less than t standard errors away, which are those of that other share.
Interval wilson(double value, const Spread& spread) {
  const double t = t_quantile(spread.degrees);
  const double made_up = value + spread.shift;
  const double worth = made_up * (1 - made_up) / spread.variance;  // as many independent samples
  const double c = t * t / worth;
  const double middle = (value + c / 2) / (1 + c);
  const double half = std::sqrt(value * (1 - value) * c + c * c / 4) / (1 + c);
  return {value, std::clamp(middle - half, 0.0, value), std::clamp(middle + half, value, 1.0)};
}

}  // namespace

Interval share_interval(double value, const std::vector<Part>& parts, const Habit& habit) {
  const Spread spread = spread_of(parts, habit);
  if (const std::string why = why_groups_cannot_tell(spread); !why.empty()) return {value, 0, 1, why};
  if (spread.variance == 0) return {value, value, value};
  return wilson(value, spread);
}

Interval error_interval(double value, const Part& part, double power, const Habit& habit) {
  const Spread spread = spread_of({part}, habit);
  if (const std::string why = why_groups_cannot_tell(spread); !why.empty())
    return {value, 0, std::numeric_limits<double>::infinity(), why};
  const double factor = std::exp(power * t_quantile(spread.degrees) * std::sqrt(spread.variance));
  return {value, value / factor, value * factor};
}

}  // namespace dragonet
