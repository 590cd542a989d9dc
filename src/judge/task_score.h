#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/json.h"
#include "judge/anomalies.h"
#include "judge/metrics.h"
#include "judge/number_errors.h"

namespace dragonet {

/// How good a model's answers are, as its task measures it.
using TaskScore = std::variant<Score, NumberScore, AnomalyMetrics>;

/// {"accuracy": ..., "balanced_accuracy": {"value", "low", "high"}, "confusion": ...}, or of numbers
/// {"mae": {...}, "rmse": {...}, "r2": {...}}: of each output by its name in "outputs" where there are several. A bound
/// that is not known is null. Of anomalies {"false_alarms": {...}, "auc": {...}, "recall": {...}, "threshold"}, null
/// where there are none.
Json score_json(const TaskScore& score);
Json interval_json(const Interval& interval);

/// A line, or one for each output; `name` heads it.
std::string score_text(const std::string& name, const TaskScore& score);

/// What numbers have to be better than, always answering their mean: {"mae": {...}, "rmse": {...}}; and a line for
/// each. Nothing for other tasks.
std::optional<Json> baseline_json(const TaskScore& score);
std::string baseline_text(const TaskScore& score);

/// "knows 91 % of 40 test samples, balanced 90 %", "is off on average in hz by 0.21 (0.18–0.25), where their mean is
/// off by 1.3, on 40 test samples"
std::string score_sentence(const TaskScore& score);

/// The same as a table for the report: its heading, and rows.
std::vector<std::string> score_heading(const TaskScore& score);
std::vector<std::vector<std::string>> score_rows(const std::string& name, const TaskScore& score);

int groups_in(const TaskScore& score);

/// One number for each of several trainings.
struct Headline {
  std::string key, text;  // "balanced_accuracy", "balanced accuracy"
  double value = 0;
  std::string shown;  // the value
};
Headline headline_of(const TaskScore& score);

/// 1 is perfect: balanced accuracy; of numbers the share of their variance that is explained; of
/// anomalies the share of what is normal that the model gives back.
double quality_of(const TaskScore& score);

std::string number_text(const Interval& interval);  // "0.21 (0.18–0.25)"

}  // namespace dragonet
