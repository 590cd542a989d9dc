#include "judge/task_score.h"

#include <fmt/format.h>

#include <type_traits>

#include "judge/text.h"

namespace dragonet {

Json interval_json(const Interval& interval) {
  if (interval.is_known()) return {{"value", interval.value}, {"low", interval.low}, {"high", interval.high}};
  return {{"value", interval.value}, {"low", nullptr}, {"high", nullptr}, {"unknown", interval.unknown}};
}

std::string number_text(const Interval& interval) {
  if (!interval.is_known()) return fmt::format("{:.3g} {}", interval.value, unknown_text(interval));
  return fmt::format("{:.3g} ({:.3g}–{:.3g})", interval.value, interval.low, interval.high);
}

std::string number_text(double number) { return fmt::format("{:.4g}", number); }

static ScoreWords told(const TaskScore& score) {
  return std::visit([](const auto& of_task) { return words_of(of_task); }, score);
}

static std::string headed(const std::string& name, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += fmt::format("{:<8} {}\n", name, line);
  return text;
}

static std::vector<std::string> row_of(const std::string& first, const std::vector<std::string>& others) {
  std::vector<std::string> row{first};
  row.insert(row.end(), others.begin(), others.end());
  return row;
}

std::vector<Json> answers_json(const TaskAnswers& answers, const Dataset& dataset) {
  return std::visit([&](const auto& of_task) { return answers_json(of_task, dataset); }, answers);
}

Json score_json(const TaskScore& score) { return told(score).json; }
std::string score_text(const std::string& name, const TaskScore& score) { return headed(name, told(score).lines); }
std::optional<Json> baseline_json(const TaskScore& score) { return told(score).baseline; }
std::string baseline_text(const TaskScore& score) { return headed("mean", told(score).baseline_lines); }
std::string score_sentence(const TaskScore& score) { return told(score).sentence; }
std::vector<std::string> score_heading(const TaskScore& score) { return row_of("model", told(score).heading); }

std::vector<std::vector<std::string>> score_rows(const std::string& name, const TaskScore& score) {
  std::vector<std::vector<std::string>> rows;
  for (const std::vector<std::string>& row : told(score).rows) rows.push_back(row_of(name, row));
  return rows;
}

int groups_in(const TaskScore& score) {
  return std::visit([](const auto& of_task) { return of_task.groups; }, score);
}

std::optional<Score> labels_in(const TaskScore& score) { return told(score).labels; }
Headline headline_of(const TaskScore& score) { return told(score).headline; }
double quality_of(const TaskScore& score) { return told(score).quality; }

std::string int8_loss_text(const TaskScore& real, const TaskScore& int8) {
  constexpr double two_points = 0.02, rounding = 1e-9;
  const std::optional<Comparable> before = told(real).share, after = told(int8).share;
  if (!before || !after || before->value - after->value <= two_points + rounding) return "";
  return fmt::format(
      "int8 is {:.1f} points below float ({} {:.3f} and {:.3f}): quantization costs that; `dragonet train --qat` "
      "trains "
      "for int8, and `dragonet compare` says in which layer they part",
      100 * (before->value - after->value), after->text, after->value, before->value);
}

bool is_barely_known(const TaskScore& score) {
  constexpr double twenty_points = 0.2;
  const Interval known = headline_of(score).interval;
  if (!known.is_known()) return true;
  return std::holds_alternative<NumberScore>(score) ? known.high > 2 * known.low
                                                    : known.high - known.low > twenty_points;
}

// --- Measures

template <typename... Scores>
static std::vector<Measure> measures_in(std::type_identity<std::variant<Scores...>>) {
  std::vector<Measure> all;
  const auto add = [&](const std::vector<Measure>& some) { all.insert(all.end(), some.begin(), some.end()); };
  (add(measures_of(Scores{})), ...);
  all.push_back({.key = "groups", .text = "groups in the test", .shown = number_text});
  for (Measure& measure : all) measure.value.reset();
  return all;
}

const std::vector<Measure>& all_measures() {
  static const std::vector<Measure> measures = measures_in(std::type_identity<TaskScore>());
  return measures;
}

std::vector<Measure> run_measures(const TaskScore& score) {
  std::vector<Measure> measures = all_measures();
  for (const Measure& own : std::visit([](const auto& of_task) { return measures_of(of_task); }, score))
    for (Measure& measure : measures)
      if (measure.key == std::string(own.key)) measure.value = own.value;
  measures.back().value = groups_in(score);
  return measures;
}

}  // namespace dragonet
