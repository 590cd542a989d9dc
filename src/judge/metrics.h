#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dragonet {

/// A model's answer to one sample. Samples of one group (a unit, a speaker) resemble each other.
struct Answer {
  int truth = 0, predicted = 0;  // indices of classes
  std::string group;
};

using Confusion = std::vector<std::vector<std::int64_t>>;  // [truth][predicted], counts

Confusion confusion_of(std::span<const Answer> answers, int classes);
std::int64_t total(const Confusion& confusion);

/// Of one class, or of all; nothing where there is nothing to divide by.
std::optional<double> recall(const Confusion& confusion, int label);        // of the samples of this class, those found
std::optional<double> precision(const Confusion& confusion, int label);     // of the answers of this class, those true
std::optional<double> false_alarms(const Confusion& confusion, int label);  // of the other samples, those taken for it
std::optional<double> accuracy(const Confusion& confusion);
/// The mean recall of the classes that occur: what guessing cannot raise above 1 / classes.
std::optional<double> balanced_accuracy(const Confusion& confusion);

double mean(std::span<const double> values);  // of at least one

/// 0..1, with a 95 % confidence interval.
struct Interval {
  double value = 0, low = 0, high = 0;
  bool operator==(const Interval&) const = default;
};

struct Score {
  Confusion confusion;
  int groups = 0;  // different ones among the answers
  Interval accuracy, balanced_accuracy;
  struct Class {  // nothing where the class has no samples, or was never answered
    std::optional<Interval> recall, false_alarms;
    std::optional<double> precision;
  };
  std::vector<Class> classes;
};

/// Intervals are percentiles of a cluster bootstrap: whole groups are drawn with replacement, as often as there are
/// groups, because the frames of one unit fail together and do not count as independent samples. A class that a
/// resample misses is left out of that resample's mean. Where all answers agree (0 or 1) every resample does too, and
/// the interval's open end is Clopper and Pearson's bound with groups for samples. One group alone says nothing about
/// others: 0 to 1. Deterministic in `seed`.
/// Sources: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", section 13.3 (percentiles); Field and Welsh
/// 2007, "Bootstrapping clustered data", J. R. Statist. Soc. B 69(3) (groups); Clopper and Pearson 1934, Biometrika 26.
Score score_of(std::span<const Answer> answers, int classes, std::uint64_t seed = 1, int resamples = 2000);

}  // namespace dragonet
