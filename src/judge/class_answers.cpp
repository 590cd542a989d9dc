#include "judge/class_answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "judge/board_answers.h"
#include "judge/text.h"
#include "model/model_info.h"

namespace dragonet {

ClassAnswers no_answers(const Classification&, const Model&) { return {}; }

void add(ClassAnswers& answers, const Model&, const Sample& sample, const Inference& inference,
         const std::vector<float>&) {
  const auto best = std::ranges::max_element(inference.values);
  answers.answers.push_back({sample.label, static_cast<int>(best - inference.values.begin()), sample.group});
  answers.confidences.push_back(*best);
}

void append(ClassAnswers& all, const ClassAnswers& part) {
  all.answers.insert(all.answers.end(), part.answers.begin(), part.answers.end());
  all.confidences.insert(all.confidences.end(), part.confidences.begin(), part.confidences.end());
}

Score score_of(const ClassAnswers& answers, const Dataset& dataset, int resamples) {
  return score_of(answers.answers, static_cast<int>(dataset.labels.size()), 1, resamples);
}

static Json json_of(const Score& score) {
  return {{"accuracy", score.accuracy.value},
          {"balanced_accuracy", interval_json(score.balanced_accuracy)},
          {"confusion", score.confusion}};
}

ScoreWords words_of(const Score& score) {
  const std::string accuracy = percent(score.accuracy), balanced = percent(score.balanced_accuracy);
  const double quality = score.balanced_accuracy.value;
  return {.json = json_of(score),
          .lines = {fmt::format("accuracy {:<14} balanced {}", accuracy, balanced)},
          .sentence = fmt::format("knows {} of {} test samples, balanced {}", percent(score.accuracy.value),
                                  total(score.confusion), balanced),
          .heading = {"accuracy", "balanced accuracy"},
          .rows = {{accuracy, balanced}},
          .headline = {"balanced_accuracy", "balanced accuracy", quality, percent(quality)},
          .quality = quality,
          .confusion = score.confusion};
}

static std::string share_text(double share) { return percent(share); }

std::vector<Measure> measures_of(const Score& score) {
  const auto& [value, low, high] = score.balanced_accuracy;
  return {{"balanced_accuracy/value", "balanced", share_text, "balanced accuracy", share_text, value},
          {.key = "balanced_accuracy/low", .value = low},
          {.key = "balanced_accuracy/high", .value = high},
          {.key = "accuracy", .text = "accuracy", .shown = share_text, .value = score.accuracy.value}};
}

void calibrate(const Classification&, Model&, const std::function<ClassAnswers()>&) {}

/// Its number where the model brings no labels.
static std::string label_text(const std::vector<std::string>& labels, std::ptrdiff_t label) {
  if (label < 0) return "-";
  return label < std::ssize(labels) ? labels[label] : fmt::format("output {}", label);
}

BoardAnswer board_answer(const Classification&, const Model& model, const Inference& inference) {
  const std::vector<std::string> labels = info_of(model).labels;
  const std::ptrdiff_t best = std::ranges::max_element(inference.values) - inference.values.begin();
  const bool has_names = labels.size() == inference.values.size();
  const std::string label = label_text(has_names ? labels : std::vector<std::string>{}, best);
  return {.text = label, .json = {{"label", label}}};
}

/// Where the chip's debounced label changes.
Listened listened(const Classification&, const Model& model, const std::vector<Heard>& heard, const Readings&) {
  const ModelInfo info = info_of(model);
  const double rate_hz = rate_of(info.features);
  Listened result{.text = "", .json = {{"changes", Json::array()}}};
  int label = -1;
  for (const Heard& answer : heard) {
    if (answer.label == label) continue;
    label = answer.label;
    const std::string text = label_text(info.labels, label);
    result.json["changes"].push_back({{"seconds", answer.readings / rate_hz}, {"label", text}});
    result.text += line_at(answer.readings / rate_hz, text);
  }
  if (result.text.empty()) result.text = "  no answer reached its threshold\n";
  return result;
}

BoardAnswer explanation(const Classification&, const Model&) { return {}; }

}  // namespace dragonet
