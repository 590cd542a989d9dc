#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace dragonet {

/// A measure on some samples, with a 95 % confidence interval: where it lies for other groups of the same sort.
struct Interval {
  double value = 0, low = 0, high = 0;
  std::string unknown = {};  // why low and high cannot be known, "only 2 groups": then they bound nothing; "": they can
  bool is_known() const { return unknown.empty(); }
  bool operator==(const Interval&) const = default;
};

/// A mean over samples. A measure is a weighted sum of one or more of them: balanced accuracy of each class' recall.
struct Part {
  struct Group {
    std::size_t number = 0;       // the same group has the same number in every part
    double samples = 0, sum = 0;  // one or more; of the samples' values
  };
  std::vector<Group> groups;
  double squares = 0;  // the sum of all values' squares
  double weight = 1;
  /// A made-up sample stands beside the true ones, so that where all of these agree they are not taken for certain.
  double made_up = 0.5,
         made_up_square = 0.5;  // what its value and its square are on average: of 0 or 1, equally likely
};

/// What is held true of groups until they show otherwise.
struct Habit {
  double likeness = 0.08;  // intraclass correlation: the share of the samples' variance that lies between groups
  double shared = 0.5;     // the share of that which the parts of one group have in common
};

/// Of a share, 0..1, such as recall or AUC. `parts`: of values 0..1.
/// Fewer than three groups, or fewer than two of one part, cannot tell. What does not vary at all, not even with
/// made-up samples, is known exactly, if every part has three groups that say so. What is computed, and how often it
/// holds: docs/statistics.md.
Interval share_interval(double value, const std::vector<Part>& parts, const Habit& habit = {});

/// Of a number above zero, such as an error, that goes as the power of a mean; even on a logarithmic scale, since its
/// spread grows with it. `part`: values as multiples of that mean.
Interval error_interval(double value, const Part& part, double power, const Habit& habit);

}  // namespace dragonet
