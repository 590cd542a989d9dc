#include "judge/task_score.h"

#include <fmt/format.h>

#include <cmath>

#include "judge/text.h"

namespace dragonet {

static Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json interval_json(const Interval& interval) {
  return {{"value", interval.value}, {"low", number_or_null(interval.low)}, {"high", number_or_null(interval.high)}};
}

std::string number_text(const Interval& interval) {
  return fmt::format("{:.3g} ({:.3g}–{:.3g})", interval.value, interval.low, interval.high);
}

// --- Labels

static Json json_of(const Score& score) {
  return {{"accuracy", score.accuracy.value},
          {"balanced_accuracy", interval_json(score.balanced_accuracy)},
          {"confusion", score.confusion}};
}

static std::string text_of(const std::string& name, const Score& score) {
  return fmt::format("{:<8} accuracy {:<14} balanced {}\n", name, percent(score.accuracy),
                     percent(score.balanced_accuracy));
}

static std::vector<std::string> heading_of(const Score&) { return {"model", "accuracy", "balanced accuracy"}; }
static std::vector<std::vector<std::string>> rows_of(const std::string& name, const Score& score) {
  return {{name, percent(score.accuracy), percent(score.balanced_accuracy)}};
}

static std::string sentence_of(const Score& score) {
  return fmt::format("knows {} of {} test samples, balanced {}", percent(score.accuracy.value), total(score.confusion),
                     percent(score.balanced_accuracy));
}

static Headline headline(const Score& score) {
  const double value = score.balanced_accuracy.value;
  return {"balanced_accuracy", "balanced accuracy", value, percent(value)};
}

static double quality(const Score& score) { return score.balanced_accuracy.value; }

// --- Numbers

static Json json_of(const NumberScore::Output& output) {
  return {{"mae", interval_json(output.mae)},
          {"rmse", interval_json(output.rmse)},
          {"r2", output.r2 ? interval_json(*output.r2) : Json(nullptr)}};
}

/// Of the only output, or of each by its name.
template <typename JsonOf>
static Json json_of(const NumberScore& score, JsonOf json_of_output) {
  if (score.outputs.size() == 1) return json_of_output(score.outputs[0]);
  Json json;
  for (const NumberScore::Output& output : score.outputs) json["outputs"][output.name] = json_of_output(output);
  return json;
}

static Json json_of(const NumberScore& score) {
  return json_of(score, [](const NumberScore::Output& output) { return json_of(output); });
}

static Json mean_json(const NumberScore& score) {
  return json_of(score, [](const NumberScore::Output& output) -> Json {
    return {{"mae", interval_json(output.mean_mae)}, {"rmse", interval_json(output.mean_rmse)}};
  });
}

/// "hz: mean absolute error 0.21 (0.18–0.25), root mean squared error 0.3 (0.2–0.4)"
static std::string errors_text(const std::string& name, const Interval& mae, const Interval& rmse) {
  return fmt::format("{}: mean absolute error {}, root mean squared error {}", name, number_text(mae),
                     number_text(rmse));
}

static std::string mean_text(const NumberScore& score) {
  std::string text;
  for (const NumberScore::Output& output : score.outputs)
    text += fmt::format("{:<8} {}: what always answering their mean would get\n", "mean",
                        errors_text(output.name, output.mean_mae, output.mean_rmse));
  return text;
}

static std::string text_of(const std::string& name, const NumberScore& score) {
  std::string text;
  for (const NumberScore::Output& output : score.outputs)
    text += fmt::format("{:<8} {}, R² {}\n", name, errors_text(output.name, output.mae, output.rmse),
                        output.r2 ? number_text(*output.r2) : "unknown: all are the same");
  return text;
}

static std::vector<std::string> heading_of(const NumberScore&) {
  return {"model", "number", "mean absolute error", "root mean squared error", "R²"};
}

static std::vector<std::vector<std::string>> rows_of(const std::string& name, const NumberScore& score) {
  std::vector<std::vector<std::string>> rows;
  for (const NumberScore::Output& output : score.outputs)
    rows.push_back({name, output.name, number_text(output.mae), number_text(output.rmse),
                    output.r2 ? number_text(*output.r2) : "unknown"});
  return rows;
}

static std::string sentence_of(const NumberScore& score) {
  std::string errors;
  for (const NumberScore::Output& output : score.outputs)
    errors += fmt::format("{}{} by {}, where their mean is off by {:.3g},", errors.empty() ? "" : " ", output.name,
                          number_text(output.mae), output.mean_mae.value);
  return fmt::format("is off on average in {} on {} test samples", errors, score.samples);
}

/// Errors of several numbers, each in its own unit, have no mean.
static Headline headline(const NumberScore& score) {
  if (score.outputs.size() > 1) return {"r2", "R²", mean_r2(score), fmt::format("{:.3f}", mean_r2(score))};
  const double error = score.outputs[0].mae.value;
  return {"mae", "absolute error", error, fmt::format("{:.3g}", error)};
}
static double quality(const NumberScore& score) { return mean_r2(score); }

// --- Anomalies

static Json json_of(const std::optional<Interval>& interval) {
  return interval ? interval_json(*interval) : Json(nullptr);
}

static Json json_of(const AnomalyMetrics& score) {
  return {{"false_alarms", interval_json(score.false_alarms)},
          {"auc", json_of(score.auc)},
          {"recall", json_of(score.recall)},
          {"threshold", score.threshold},
          {"normals", score.normals},
          {"anomalies", score.anomalies}};
}

static std::string text_of(const std::optional<Interval>& interval) {
  return interval ? percent(*interval) : "unknown: there are none";
}

static std::string auc_text(const AnomalyMetrics& score) { return score.auc ? number_text(*score.auc) : "unknown"; }

static std::string text_of(const std::string& name, const AnomalyMetrics& score) {
  return fmt::format("{:<8} normal taken for anomalies {}, anomalies found {}, AUC {}; threshold {:.3g}\n", name,
                     percent(score.false_alarms), text_of(score.recall), auc_text(score), score.threshold);
}

static std::vector<std::string> heading_of(const AnomalyMetrics&) {
  return {"model", "normal taken for anomalies", "anomalies found", "AUC", "threshold"};
}

static std::vector<std::vector<std::string>> rows_of(const std::string& name, const AnomalyMetrics& score) {
  return {{name, percent(score.false_alarms), text_of(score.recall), auc_text(score),
           fmt::format("{:.3g}", score.threshold)}};
}

static std::string sentence_of(const AnomalyMetrics& score) {
  std::string text =
      fmt::format("takes {} of {} normal test samples for anomalies", percent(score.false_alarms), score.normals);
  if (score.recall)
    text += fmt::format(", finds {} of {} anomalies, AUC {}", percent(*score.recall), score.anomalies, auc_text(score));
  return text;
}

static Headline headline(const AnomalyMetrics& score) {
  if (score.auc) return {"auc", "AUC", score.auc->value, fmt::format("{:.3f}", score.auc->value)};
  return {"false_alarms", "share of false alarms", score.false_alarms.value, percent(score.false_alarms.value)};
}

static double quality(const AnomalyMetrics& score) { return score.explained; }

// --- All tasks

Json score_json(const TaskScore& score) {
  return std::visit([](const auto& of_task) { return json_of(of_task); }, score);
}

std::optional<Json> baseline_json(const TaskScore& score) {
  const auto* numbers = std::get_if<NumberScore>(&score);
  return numbers ? std::optional(mean_json(*numbers)) : std::nullopt;
}

std::string baseline_text(const TaskScore& score) {
  const auto* numbers = std::get_if<NumberScore>(&score);
  return numbers ? mean_text(*numbers) : "";
}

std::string score_text(const std::string& name, const TaskScore& score) {
  return std::visit([&](const auto& of_task) { return text_of(name, of_task); }, score);
}

std::string score_sentence(const TaskScore& score) {
  return std::visit([](const auto& of_task) { return sentence_of(of_task); }, score);
}

std::vector<std::string> score_heading(const TaskScore& score) {
  return std::visit([](const auto& of_task) { return heading_of(of_task); }, score);
}

std::vector<std::vector<std::string>> score_rows(const std::string& name, const TaskScore& score) {
  return std::visit([&](const auto& of_task) { return rows_of(name, of_task); }, score);
}

int groups_in(const TaskScore& score) {
  return std::visit([](const auto& of_task) { return of_task.groups; }, score);
}

Headline headline_of(const TaskScore& score) {
  return std::visit([](const auto& of_task) { return headline(of_task); }, score);
}

double quality_of(const TaskScore& score) {
  return std::visit([](const auto& of_task) { return quality(of_task); }, score);
}

}  // namespace dragonet
