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
