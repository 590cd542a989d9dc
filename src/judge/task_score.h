#pragma once

#include <optional>
#include <string>
#include <variant>

#include "judge/anomaly_answers.h"
#include "judge/class_answers.h"
#include "judge/number_answers.h"

namespace dragonet {

/// A model's answers as its task (data/task.h) has them, and how good they are. Each task's functions for both lie in
/// a file of its own.
using TaskAnswers = std::variant<ClassAnswers, NumberAnswers, AnomalyAnswers>;
using TaskScore = std::variant<Score, NumberScore, AnomalyMetrics>;

/// {"accuracy": ..., "balanced_accuracy": {"value", "low", "high"}, "recall": [{...} of each label], "confusion": ...},
/// or of numbers {"mae": {...}, "rmse": {...}, "r2": {...}}: of each output by its name in "outputs" where there are
/// several. Bounds that cannot be known are null, and "unknown" says why. Of anomalies {"false_alarms": {...},
/// "auc": {...}, "recall": {...}, "threshold"}, null where there are none.
Json score_json(const TaskScore& score);

/// What was answered to each sample: {"truth", "answer", "score"} of labels, {"truth": [...], "answer": [...]} of
/// numbers, and {"anomaly", "score"} of anomalies, where true is the truth.
std::vector<Json> answers_json(const TaskAnswers& answers, const Dataset& dataset);

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
std::optional<Score> labels_in(const TaskScore& score);  // with their confusion; none of other tasks
Headline headline_of(const TaskScore& score);

/// Where int8 is more than two points below float on the same samples, that and what to do, in a sentence; otherwise
/// "".
std::string int8_loss_text(const TaskScore& real, const TaskScore& int8);

/// Does the test leave open how good the model is? Its groups are too few to tell, a share is known to no better than
/// 20 points, or an error to a factor of two.
bool is_barely_known(const TaskScore& score);

/// 1 is perfect: balanced accuracy; of numbers the share of their variance that is explained; of
/// anomalies the share of what is normal that the model gives back.
double quality_of(const TaskScore& score);

/// Those of every task, in a fixed order, without values, and last the number of groups; and with those of a score.
const std::vector<Measure>& all_measures();
std::vector<Measure> run_measures(const TaskScore& score);

}  // namespace dragonet
