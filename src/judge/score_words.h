#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "judge/metrics.h"

namespace dragonet {

/// One number for each of several trainings.
struct Headline {
  std::string key, text;  // "balanced_accuracy", "balanced accuracy"
  double value = 0;
  std::string shown;  // the value
  Interval interval = {};
};

/// A share of 1 by which two models of the same samples can be compared in points.
struct Comparable {
  std::string text;  // "balanced accuracy"
  double value = 0;
};

/// How good a model's answers are, in words and for programs.
struct ScoreWords {
  Json json;
  std::vector<std::string> lines;              // for a terminal, each to be headed by the model's name
  std::string sentence;                        // "knows 91 % of 40 test samples, balanced 90 %"
  std::vector<std::string> heading;            // of a table, without its column of models
  std::vector<std::vector<std::string>> rows;  // likewise
  Headline headline;
  double quality = 0;                       // 1 is perfect
  std::optional<Json> baseline;             // what any model has to be better than
  std::vector<std::string> baseline_lines;  // likewise, each to be headed by "mean"
  std::optional<Comparable> share;          // none where it is not known
  std::optional<Score> labels;              // none of other tasks
};

/// A score's number that is recorded of every run.
struct Measure {
  const char* key;                                 // in JSON, "a/b" being member b of member a: "mae/value"
  const char* text = "";                           // where runs are compared; "": a bound of another measure
  std::string (*shown)(double) = nullptr;          // there
  const char* list_text = "";                      // of the one measure of a task that the list of runs shows
  std::string (*shown_in_list)(double) = nullptr;  // there
  std::optional<double> value = {};
  std::string (*with_bounds)(const Interval&) = nullptr;  // of one that has them as "a/low" and "a/high"
};

Json interval_json(const Interval& interval);       // {"value", "low", "high"}; bounds null, and "unknown" says why
std::string number_text(const Interval& interval);  // "0.21 (0.18–0.25)", "0.21 (cannot know: only 2 groups)"
std::string number_text(double number);             // "0.2114"

/// Nothing where they cannot be known.
inline std::optional<double> low_of(const Interval& interval) {
  return interval.is_known() ? std::optional(interval.low) : std::nullopt;
}
inline std::optional<double> high_of(const Interval& interval) {
  return interval.is_known() ? std::optional(interval.high) : std::nullopt;
}

}  // namespace dragonet
