#include "judge/class_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "judge/board_answers.h"
#include "judge/text.h"
#include "model/codec.h"
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

std::vector<std::size_t> mistakes_in(const ClassAnswers& answers) {
  std::map<std::pair<int, int>, std::vector<std::size_t>> kinds;  // by truth and answer
  for (std::size_t i = 0; i < answers.answers.size(); ++i)
    if (const Answer& answer = answers.answers[i]; answer.truth != answer.predicted)
      kinds[{answer.truth, answer.predicted}].push_back(i);
  const auto is_surer = [&](std::size_t a, std::size_t b) { return answers.confidences[a] > answers.confidences[b]; };
  std::vector<std::pair<std::size_t, std::size_t>> ranked;  // place within its kind, place
  for (auto& [kind, places] : kinds) {
    std::ranges::stable_sort(places, is_surer);
    for (std::size_t rank = 0; rank < places.size(); ++rank) ranked.emplace_back(rank, places[rank]);
  }
  std::ranges::stable_sort(ranked, [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : is_surer(a.second, b.second);
  });
  std::vector<std::size_t> all;
  for (const auto& [rank, place] : ranked) all.push_back(place);
  return all;
}

Score score_of(const ClassAnswers& answers, const Dataset& dataset) {
  return score_of(answers.answers, static_cast<int>(dataset.labels.size()));
}

std::vector<Json> answers_json(const ClassAnswers& answers, const Dataset& dataset) {
  std::vector<Json> all;
  for (std::size_t i = 0; i < answers.answers.size(); ++i)
    all.push_back({{"truth", dataset.labels[answers.answers[i].truth]},
                   {"answer", dataset.labels[answers.answers[i].predicted]},
                   {"score", answers.confidences[i]}});
  return all;
}

static Json recalls_json(const Score& score) {
  Json recalls = Json::array();
  for (const Score::Class& label : score.classes)
    recalls.push_back(label.recall ? interval_json(*label.recall) : Json(nullptr));
  return recalls;
}

static Json json_of(const Score& score) {
  return {{"accuracy", score.accuracy.value},
          {"balanced_accuracy", interval_json(score.balanced_accuracy)},
          {"recall", recalls_json(score)},
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
          .headline = {"balanced_accuracy", "balanced accuracy", quality, percent(quality), score.balanced_accuracy},
          .quality = quality,
          .share = Comparable{"balanced accuracy", quality},
          .labels = score};
}

static std::string share_text(double share) { return percent(share); }

std::vector<Measure> measures_of(const Score& score) {
  const Interval& balanced = score.balanced_accuracy;
  return {{"balanced_accuracy/value", "balanced", share_text, "balanced accuracy", share_text, balanced.value, percent},
          {.key = "balanced_accuracy/low", .value = low_of(balanced)},
          {.key = "balanced_accuracy/high", .value = high_of(balanced)},
          {.key = "accuracy", .text = "accuracy", .shown = share_text, .value = score.accuracy.value}};
}

void calibrate(const Classification&, Model&, const std::function<ClassAnswers()>&) {}

/// Its number where the model brings no labels.
static std::string label_text(const std::vector<std::string>& labels, std::ptrdiff_t label) {
  if (label < 0) return "-";
  return label < std::ssize(labels) ? labels[label] : fmt::format("output {}", label);
}

using Scores = std::vector<float>;  // of each label

static std::ptrdiff_t best_of(const Scores& scores) { return std::ranges::max_element(scores) - scores.begin(); }

static BoardAnswer answer_of(const std::vector<std::string>& all_labels, const Scores& scores) {
  const auto labels = all_labels.size() == scores.size() ? all_labels : std::vector<std::string>{};
  const std::string label = label_text(labels, best_of(scores));
  BoardAnswer answer{.text = fmt::format("{} {:.2f}", label, scores[best_of(scores)]),
                     .json = {{"label", label}, {"score", scores[best_of(scores)]}, {"scores", Json::object()}}};
  for (std::size_t i = 0; i < scores.size(); ++i) answer.json["scores"][label_text(labels, i)] = scores[i];
  return answer;
}

BoardAnswer board_answer(const Classification&, const Model& model, const Inference& inference) {
  return answer_of(info_of(model).labels, inference.values);
}

/// Mean scores of the `count` inferences before `end`, or of those that there are.
static Scores mean_scores(const std::vector<Scores>& scores, std::size_t end, std::size_t count) {
  const std::size_t first = end - std::min(end, count);
  Scores mean(scores.at(0).size());
  for (std::size_t i = first; i < end; ++i)
    for (std::size_t label = 0; label < mean.size(); ++label)
      mean[label] += scores[i][label] / static_cast<float>(end - first);
  return mean;
}

/// The best that a chip got that gave no answer.
struct Nearest {
  float score = 0;
  std::ptrdiff_t label = 0;
  std::uint32_t readings = 0;
};

static Nearest nearest_answer(const std::vector<Scores>& scores, const std::vector<Heard>& heard, int average) {
  Nearest nearest;
  for (std::size_t i = 0; i < heard.size(); ++i) {
    const Scores mean = mean_scores(scores, i + 1, static_cast<std::size_t>(average));
    if (const std::ptrdiff_t best = best_of(mean); mean[best] > nearest.score)
      nearest = {mean[best], best, heard[i].readings};
  }
  return nearest;
}

/// Why a chip that listened to all of it gave no answer.
static std::string no_answer_text(const Nearest& nearest, const ModelInfo& info) {
  const AnswerSettings& rules = info.answers;
  const std::string best =
      fmt::format("the best mean score of {} inferences was {:.2f}, for {} at {:.2f} s", rules.average, nearest.score,
                  label_text(info.labels, nearest.label), nearest.readings / rate_of(info.features));
  if (nearest.score < rules.threshold)
    return fmt::format("  no answer: {}, and answers.threshold is {:.2f}\n", best, rules.threshold);
  return fmt::format("  no answer: {}, but no label was the best {} times in a row (answers.debounce)\n", best,
                     rules.debounce);
}

static Listened changes_in(const std::vector<Heard>& heard, const ModelInfo& info) {
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
  return result;
}

/// A steady answer takes at least so many inferences; by chance an answer comes of just as many.
static bool is_too_short(std::size_t inferences, const AnswerSettings& rules) {
  return inferences < static_cast<std::size_t>(rules.average + rules.debounce);
}

Listened listened(const Classification&, const Model& model, const std::vector<Heard>& heard, const Readings&) {
  const ModelInfo info = info_of(model);
  Listened result = changes_in(heard, info);
  std::vector<Scores> scores;
  for (const Heard& answer : heard) scores.push_back(floats_of(model.tensors[model.outputs[0]], answer.outputs));
  if (scores.empty()) return result;
  const BoardAnswer own = answer_of(info.labels, mean_scores(scores, scores.size(), scores.size()));
  result.json.update(own.json);
  result.is_short = result.text.empty() && is_too_short(heard.size(), info.answers);
  if (result.is_short) result.text = own.text;
  if (result.text.empty()) result.text = no_answer_text(nearest_answer(scores, heard, info.answers.average), info);
  return result;
}

BoardAnswer explanation(const Classification&, const Model&) { return {}; }

}  // namespace dragonet
