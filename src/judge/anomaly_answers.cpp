#include "judge/anomaly_answers.h"

#include <fmt/format.h>

#include "judge/board_answers.h"
#include "judge/text.h"
#include "judge/threshold.h"
#include "model/codec.h"

namespace dragonet {

AnomalyAnswers no_answers(const Anomaly&, const Model& model) {
  return {.threshold = anomaly_threshold(model), .centres = read_centres(model)};
}

static double score_of(const Model& model, const ReadCentres& centres, const Inference& inference,
                       const std::vector<float>& given) {
  if (model.tensors[model.outputs[0]].dtype == DType::int8)
    return anomaly_score(model, centres, inference.features, int8_in(inference.output));
  return anomaly_score(centres, given, inference.values);
}

void add(AnomalyAnswers& answers, const Model& model, const Sample& sample, const Inference& inference,
         const std::vector<float>& given) {
  answers.scored.push_back({.score = score_of(model, answers.centres, inference, given),
                            .variation = variation_of(given),
                            .is_anomaly = sample.label != normal_label,
                            .group = sample.group});
}

void append(AnomalyAnswers& all, const AnomalyAnswers& part) {
  const std::vector<ScoredSample> scored = in_thresholds(part.scored, part.threshold);
  all.scored.insert(all.scored.end(), scored.begin(), scored.end());
  all.threshold = 1;
}

AnomalyMetrics score_of(const AnomalyAnswers& answers, const Dataset&) {
  return anomaly_metrics_of(answers.scored, answers.threshold);
}

std::vector<Json> answers_json(const AnomalyAnswers& answers, const Dataset&) {
  std::vector<Json> all;
  for (const ScoredSample& sample : answers.scored)
    all.push_back({{"anomaly", sample.is_anomaly}, {"score", sample.score}});
  return all;
}

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

static std::string sentence_of(const AnomalyMetrics& score) {
  std::string text =
      fmt::format("takes {} of {} normal test samples for anomalies", percent(score.false_alarms), score.normals);
  if (score.recall)
    text += fmt::format(", finds {} of {} anomalies, AUC {}", percent(*score.recall), score.anomalies, auc_text(score));
  return text;
}

static Headline headline_of(const AnomalyMetrics& score) {
  if (score.auc) return {"auc", "AUC", score.auc->value, fmt::format("{:.3f}", score.auc->value), *score.auc};
  const Interval& alarms = score.false_alarms;
  return {"false_alarms", "share of false alarms", alarms.value, percent(alarms.value), alarms};
}

ScoreWords words_of(const AnomalyMetrics& score) {
  const std::string false_alarms = percent(score.false_alarms), recall = text_of(score.recall), auc = auc_text(score);
  const std::string threshold = fmt::format("{:.3g}", score.threshold);
  return {.json = json_of(score),
          .lines = {fmt::format("normal taken for anomalies {}, anomalies found {}, AUC {}; threshold {}", false_alarms,
                                recall, auc, threshold)},
          .sentence = sentence_of(score),
          .heading = {"normal taken for anomalies", "anomalies found", "AUC", "threshold"},
          .rows = {{false_alarms, recall, auc, threshold}},
          .headline = headline_of(score),
          .quality = score.explained,
          .share = score.auc ? std::optional(Comparable{"AUC", score.auc->value}) : std::nullopt};
}

static std::string auc_in_list(double auc) { return fmt::format("AUC {:.3f}", auc); }

std::vector<Measure> measures_of(const AnomalyMetrics& score) {
  std::vector<Measure> measures{{"auc/value", "AUC", number_text, "the AUC", auc_in_list, {}, number_text},
                                {.key = "auc/low"},
                                {.key = "auc/high"},
                                {.key = "false_alarms/value",
                                 .text = "false alarms",
                                 .shown = number_text,
                                 .value = score.false_alarms.value,
                                 .with_bounds = number_text},
                                {.key = "false_alarms/low", .value = low_of(score.false_alarms)},
                                {.key = "false_alarms/high", .value = high_of(score.false_alarms)}};
  if (!score.auc) return measures;
  measures[0].value = score.auc->value;
  measures[1].value = low_of(*score.auc), measures[2].value = high_of(*score.auc);
  return measures;
}

void calibrate(const Anomaly& task, Model& model, const std::function<AnomalyAnswers()>& validation) {
  set_anomaly_threshold(model, threshold_of(validation().scored, task.quantile));
}

BoardAnswer board_answer(const Anomaly&, const Model& model, const Inference& inference) {
  const double score = anomaly_score(model, read_centres(model), inference.features, int8_in(inference.output));
  const bool is_anomaly = score > anomaly_threshold(model);
  return {.text = fmt::format("score {:.4g}, {}", score, is_anomaly ? "an anomaly" : "normal"),
          .json = {{"score", score}, {"anomaly", is_anomaly}}};
}

/// Whether it is an anomaly is what the chip said.
Listened listened(const Anomaly&, const Model& model, const std::vector<Heard>& heard, const Readings& readings) {
  Listened result = every_answer(model, heard, readings);
  for (std::size_t i = 0; i < heard.size(); ++i) result.json["answers"][i]["anomaly"] = heard[i].label == anomaly_label;
  return result;
}

BoardAnswer explanation(const Anomaly&, const Model& model) {
  const double threshold = anomaly_threshold(model);
  return {.text = fmt::format("scores above {:.4g} are anomalies\n", threshold), .json = {{"threshold", threshold}}};
}

}  // namespace dragonet
