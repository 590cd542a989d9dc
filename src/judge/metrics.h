#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "judge/interval.h"

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

/// Intervals over groups (interval.h), because the frames of one unit fail together and do not count as independent
/// samples. Where the model gives every sample the same answer, balanced accuracy is known exactly: the recalls of a
/// constant answer add up to 1, whoever is asked.
///   answers  at least one
Score score_of(std::span<const Answer> answers, int classes);

}  // namespace dragonet
