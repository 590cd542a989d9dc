#include "project/run_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "board/fit.h"
#include "judge/table.h"
#include "judge/text.h"
#include "project/other_tests.h"
#include "project/run_index.h"

namespace dragonet {

using Row = std::vector<std::string>;
using Runs = std::vector<RunSummary>;

/// Those of these numbers, in that order; all, where none is given.
static Runs chosen(const Runs& all, const std::vector<int>& numbers) {
  if (numbers.empty()) return all;
  Runs found;
  std::vector<Problem> missing;
  for (const int number : numbers)
    if (const auto run = std::ranges::find(all, number, &RunSummary::number); run != all.end())
      found.push_back(*run);
    else
      missing.push_back({fmt::format("run {}", number), "there is none of this number", "`dragonet runs` lists them"});
  if (!missing.empty()) throw Error(std::move(missing));
  return found;
}

// --- cells ---

/// "2024-11-23T01:05:00+0100" as people write it.
static std::string time_text(const std::string& time) {
  return time.size() < 16 ? "" : time.substr(0, 10) + " " + time.substr(11, 5);
}

static std::string short_hash(const std::string& hash) { return hash.substr(0, 8); }

static std::string optional_bytes(const std::optional<std::int64_t>& bytes) {
  return bytes ? bytes_text(static_cast<std::uint32_t>(*bytes)) : "";
}

/// The i-th measure with its bounds.
static std::string measure_text(const RunScore& score, std::size_t i) {
  const Measure& measure = score.at(i);
  if (!measure.value) return "";
  const auto interval = interval_of(score, measure);
  return interval ? measure.with_bounds(*interval) : measure.shown(*measure.value);
}

/// What its task is judged by, in a word.
static std::string score_text(const RunScore& score) {
  for (const Measure& measure : score)
    if (measure.value && measure.shown_in_list) {
      const auto interval = interval_of(score, measure);
      const bool is_known = !interval || interval->is_known();
      return measure.shown_in_list(*measure.value) + (is_known ? "" : " (cannot know)");
    }
  return "";
}

static std::string model_text(const RunSummary& run) {
  return run.kind.empty() ? run.network : run.kind + ", " + run.network;
}

static std::string epochs_text(const RunSummary& run) { return run.epochs ? std::to_string(*run.epochs) : ""; }

static std::string setting_text(const RunSummary& run, const std::string& name) {
  const auto found = run.settings.find(name);
  return found == run.settings.end() ? "" : found->second;
}

// --- the list ---

static std::string settings_cell(const RunSummary& run, const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    if (const std::string value = setting_text(run, name); run.settings.contains(name))
      text += fmt::format("{}{} = {}", text.empty() ? "" : "; ", name, cut_names({value}, 24)[0]);
  return text;
}

static bool has_measure(const Runs& runs, std::size_t i) {
  return std::ranges::any_of(runs, [&](const RunSummary& run) { return run.int8.at(i).value.has_value(); });
}

/// What stands in the columns of scores: that of the first task, and those of others that there are.
static std::string columns_of_scores(const Runs& runs) {
  std::string text;
  for (std::size_t i = 0; i < all_measures().size(); ++i)
    if (all_measures()[i].shown_in_list && (text.empty() || has_measure(runs, i)))
      text += (text.empty() ? "" : ", or ") + std::string(all_measures()[i].list_text);
  return text;
}

static std::string list_text(const Runs& runs) {
  const std::vector<std::string> differing = differing_settings(runs);
  std::vector<Row> rows{{"run", "began", "state", "epochs", "model", "float", "int8", "board", "RAM", "flash",
                         "samples", "weights", "settings that differ"}};
  for (const RunSummary& run : runs)
    rows.push_back({std::to_string(run.number), time_text(run.began), run.state, epochs_text(run), model_text(run),
                    score_text(run.real), score_text(run.int8), run.board, optional_bytes(run.ram_bytes),
                    optional_bytes(run.flash_bytes), short_hash(run.data_hash), short_hash(run.model_hash),
                    settings_cell(run, differing)});
  return table_text(rows, {true, false, false, true, false, true, true, false, true, true}) +
         "float, int8: " + columns_of_scores(runs) +
         " on the test's samples; samples, weights: the first digits of their SHA-256\n";
}

/// The run that --resume would go on with; 0: none.
static int resumable_run(const fs::path& folder) {
  if (runs_in(folder / "runs").empty()) return 0;
  const Run run = newest_run({.folder = folder});
  return fs::exists(run.checkpoint()) ? run.number : 0;
}

/// What became of a run that did not end as it should; "" for one that did.
static std::string mishap(const RunSummary& run) {
  if (run.state == "failed") return "failed: " + run.problem;
  if (run.state == "interrupted" || run.state == "stopped") return "was " + run.state;
  return "";
}

/// What of its folder could not be read.
static std::string damage(const RunSummary& run) {
  return run.state == "failed" || run.problem.empty() ? "" : fmt::format("run {}: {}\n", run.number, run.problem);
}

static std::string advice(const RunSummary& run, int resumable) {
  const std::string what = mishap(run);
  if (what.empty()) return damage(run);
  return damage(run) + fmt::format("run {} {}: {}\n", run.number, what,
                                   run.number == resumable ? "`dragonet train --resume` goes on with it"
                                                           : "it cannot be resumed; `dragonet train` begins another");
}

/// Tests on other samples than the project's own.
static std::string tests_text(const fs::path& folder, const RunSummary& run) {
  std::string text;
  for (const OtherTest& test : other_tests({run.number, folder / "runs" / std::to_string(run.number)}))
    text += fmt::format("run {} on {} ({}): {}; {}\n", run.number, test.samples, time_text(test.tested), test.sentence,
                        fs::relative(test.folder / "report.html").string());
  return text;
}

static std::string folds_text(const fs::path& folder) {
  std::string text;
  for (const OtherTest& test : fold_tests(folder))
    text += fmt::format("{} ({}): {}; {}\n", test.samples, time_text(test.tested), test.sentence,
                        fs::relative(test.folder / "report.html").string());
  return text;
}

static Json tests_json(const std::vector<OtherTest>& tests) {
  Json list = Json::array();
  for (const OtherTest& test : tests) {
    list.push_back({{"samples", test.samples},
                    {"tested", test.tested},
                    {"report", (test.folder / "report.html").string()},
                    {"scores", test.scores}});
  }
  return list;
}

// --- the comparison ---

static void add_row(std::vector<Row>& rows, const Runs& runs, const std::string& name, auto cell) {
  Row row{name};
  for (const RunSummary& run : runs) row.push_back(cell(run));
  if (std::ranges::any_of(row.begin() + 1, row.end(), [](const std::string& text) { return !text.empty(); }))
    rows.push_back(row);
}

static void add_scores(std::vector<Row>& rows, const Runs& runs) {
  for (std::size_t i = 0; i < all_measures().size(); ++i) {
    if (!all_measures()[i].shown) continue;
    const std::string name = all_measures()[i].text;
    add_row(rows, runs, "float, " + name, [&](const RunSummary& run) { return measure_text(run.real, i); });
    add_row(rows, runs, "int8, " + name, [&](const RunSummary& run) { return measure_text(run.int8, i); });
  }
}

static std::vector<Row> metric_rows(const Runs& runs) {
  std::vector<Row> rows;
  const auto add = [&](const char* name, auto cell) { add_row(rows, runs, name, cell); };
  add("", [](const RunSummary& run) { return fmt::format("run {}", run.number); });
  add("began", [](const RunSummary& run) { return time_text(run.began); });
  add("ended", [](const RunSummary& run) { return time_text(run.ended); });
  add("state", [](const RunSummary& run) { return run.state; });
  add("model", model_text);
  add("begun with", [](const RunSummary& run) { return run.from; });
  add("epochs", epochs_text);
  add_scores(rows, runs);
  add("board", [](const RunSummary& run) { return run.board; });
  add("RAM", [](const RunSummary& run) { return optional_bytes(run.ram_bytes); });
  add("flash", [](const RunSummary& run) { return optional_bytes(run.flash_bytes); });
  add("samples (SHA-256)", [](const RunSummary& run) { return short_hash(run.data_hash); });
  add("weights (SHA-256)", [](const RunSummary& run) { return short_hash(run.model_hash); });
  return rows;
}

static std::vector<std::string> all_settings(const RunSummary& run) {
  std::vector<std::string> names;
  for (const auto& [name, value] : run.settings) names.push_back(name);
  return names;
}

/// Of one run, all its settings; of several, those that differ.
static std::string comparison_text(const Runs& runs) {
  std::vector<Row> rows = metric_rows(runs);
  const auto names = runs.size() == 1 ? all_settings(runs[0]) : differing_settings(runs);
  rows.push_back({});
  rows.push_back({names.empty() ? "no setting differs" : runs.size() == 1 ? "settings" : "settings that differ"});
  for (const std::string& name : names)
    add_row(rows, runs, name, [&](const RunSummary& run) { return setting_text(run, name); });
  return table_text(rows);
}

static Json runs_json(const fs::path& folder, const Runs& runs, int resumable) {
  Json json{{"runs", Json::array()}, {"differ", Json::object()}, {"folds", tests_json(fold_tests(folder))}};
  for (const RunSummary& run : runs) {
    json["runs"].push_back(summary_json(run));
    json["runs"].back()["resumable"] = run.number == resumable && run.state != "running";
    json["runs"].back()["tests"] = tests_json(other_tests({run.number, folder / "runs" / std::to_string(run.number)}));
  }
  for (const std::string& name : differing_settings(runs))
    for (const RunSummary& run : runs)
      if (run.settings.contains(name)) json["differ"][name][std::to_string(run.number)] = setting_text(run, name);
  return json;
}

Outcome runs_outcome(const fs::path& folder, const std::vector<int>& numbers, const Observer& observer) {
  const Runs runs = chosen(list_runs(folder, observer), numbers);
  const int resumable = resumable_run(folder);
  Outcome outcome{.text = numbers.empty() ? list_text(runs) : comparison_text(runs),
                  .json = runs_json(folder, runs, resumable)};
  if (runs.empty()) outcome.text = "no runs yet: `dragonet train` makes one\n";
  for (const RunSummary& run : runs) outcome.text += advice(run, resumable) + tests_text(folder, run);
  if (numbers.empty()) outcome.text += folds_text(folder);
  outcome.text.pop_back();  // who prints it ends the line
  return outcome;
}

}  // namespace dragonet
