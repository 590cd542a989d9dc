#include "judge/number_answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "judge/board_answers.h"
#include "model/model_info.h"

namespace dragonet {

NumberAnswers no_answers(const Regression&, const Model&) { return {}; }

void add(NumberAnswers& answers, const Model&, const Sample& sample, const Inference& inference,
         const std::vector<float>&) {
  answers.estimates.push_back({sample.targets, inference.values, sample.group});
}

void append(NumberAnswers& all, const NumberAnswers& part) {
  all.estimates.insert(all.estimates.end(), part.estimates.begin(), part.estimates.end());
}

NumberScore score_of(const NumberAnswers& answers, const Dataset& dataset) {
  NumberScore score = number_score_of(answers.estimates);
  for (std::size_t i = 0; i < score.outputs.size(); ++i) score.outputs[i].name = dataset.outputs.at(i);
  return score;
}

std::vector<Json> answers_json(const NumberAnswers& answers, const Dataset&) {
  std::vector<Json> all;
  for (const Estimate& estimate : answers.estimates)
    all.push_back({{"truth", estimate.truth}, {"answer", estimate.predicted}});
  return all;
}

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

/// Errors of several numbers, each in its own unit, have no mean.
static Headline headline_of(const NumberScore& score) {
  const Interval& first = score.outputs[0].mae;
  if (score.outputs.size() > 1) return {"r2", "R²", mean_r2(score), fmt::format("{:.3f}", mean_r2(score)), first};
  return {"mae", "absolute error", first.value, fmt::format("{:.3g}", first.value), first};
}

static std::string sentence_of(const NumberScore& score) {
  std::string errors;
  for (const NumberScore::Output& output : score.outputs)
    errors += fmt::format("{}{} by {}, where their mean is off by {:.3g},", errors.empty() ? "" : " ", output.name,
                          number_text(output.mae), output.mean_mae.value);
  return fmt::format("is off on average in {} on {} test samples", errors, score.samples);
}

static void add_output(ScoreWords& words, const NumberScore::Output& output) {
  const auto& [mae, rmse, r2, mean_mae, mean_rmse, name] = output;
  words.lines.push_back(
      fmt::format("{}, R² {}", errors_text(name, mae, rmse), r2 ? number_text(*r2) : "unknown: all are the same"));
  words.rows.push_back({name, number_text(mae), number_text(rmse), r2 ? number_text(*r2) : "unknown"});
  words.baseline_lines.push_back(errors_text(name, mean_mae, mean_rmse) +
                                 ": what always answering their mean would get");
}

ScoreWords words_of(const NumberScore& score) {
  ScoreWords words{.json = json_of(score),
                   .sentence = sentence_of(score),
                   .heading = {"number", "mean absolute error", "root mean squared error", "R²"},
                   .headline = headline_of(score),
                   .quality = mean_r2(score),
                   .baseline = mean_json(score)};
  if (std::ranges::any_of(score.outputs, [](const auto& output) { return output.r2.has_value(); }))
    words.share = Comparable{"R²", mean_r2(score)};
  for (const NumberScore::Output& output : score.outputs) add_output(words, output);
  return words;
}

static std::string off_by(double error) { return fmt::format("off by {:.3g}", error); }

std::vector<Measure> measures_of(const NumberScore& score) {
  std::vector<Measure> measures{
      {"mae/value", "mean absolute error", number_text, "the mean absolute error", off_by, {}, number_text},
      {.key = "mae/low"},
      {.key = "mae/high"},
      {.key = "rmse/value", .text = "root mean squared error", .shown = number_text},
      {.key = "r2/value", .text = "R²", .shown = number_text}};
  if (score.outputs.size() != 1) return measures;
  const NumberScore::Output& output = score.outputs[0];
  measures[0].value = output.mae.value;
  measures[1].value = low_of(output.mae), measures[2].value = high_of(output.mae);
  measures[3].value = output.rmse.value;
  if (output.r2) measures[4].value = output.r2->value;
  return measures;
}

void calibrate(const Regression&, Model&, const std::function<NumberAnswers()>&) {}

BoardAnswer board_answer(const Regression&, const Model& model, const Inference& inference) {
  const std::vector<std::string> names = info_of(model).labels;
  std::string text;
  for (std::size_t i = 0; i < inference.values.size(); ++i)
    text += fmt::format("{}{} {:.4g}", i ? ", " : "", i < names.size() ? names[i] : "output", inference.values[i]);
  return {.text = text, .json = {{"numbers", inference.values}}};
}

Listened listened(const Regression&, const Model& model, const std::vector<Heard>& heard, const Readings& readings) {
  return every_answer(model, heard, readings);
}

BoardAnswer explanation(const Regression&, const Model&) { return {}; }

}  // namespace dragonet
