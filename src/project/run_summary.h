#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "judge/task_score.h"
#include "project/runs.h"

namespace dragonet {

/// How a run's model did on the test's samples: the measures of every task, empty where it was not tried or is of
/// another task.
using RunScore = std::vector<Measure>;

/// A run at a glance: what runs/<n>/summary.json holds, and a row of runs/runs.sqlite.
struct RunSummary {
  int number = 0;
  std::string state;          // running, finished, stopped (--resume goes on), failed; only in lists also: interrupted
  std::string began, ended;   // local time with its offset, ISO 8601
  std::string problem;        // why it failed, in a sentence
  std::string kind, network;  // "image"; "default" or "7 layers"
  std::string from;           // the model whose weights it began with; "": random ones
  std::optional<int> epochs;
  RunScore real = all_measures(), int8 = all_measures();
  std::string board;  // that it was last compiled for; "" if for none
  std::optional<std::int64_t> ram_bytes, flash_bytes;
  std::string data_hash, model_hash;
  std::map<std::string, std::string> settings;  // "train.epochs" -> "60"
};

/// `visit(name, field)` for every field but the settings; "a/b" is member b of member a in JSON, and column a_b in SQL.
template <typename Summary, typename Visit>
void for_each_field(Summary& run, Visit visit) {
  visit("run", run.number);
  visit("state", run.state);
  visit("began", run.began);
  visit("ended", run.ended);
  visit("problem", run.problem);
  visit("kind", run.kind);
  visit("network", run.network);
  visit("from", run.from);
  visit("epochs", run.epochs);
  for (auto& measure : run.real) visit(std::string("float/") + measure.key, measure.value);
  for (auto& measure : run.int8) visit(std::string("int8/") + measure.key, measure.value);
  visit("board", run.board);
  visit("ram/total", run.ram_bytes);
  visit("flash/total", run.flash_bytes);
  visit("data_hash", run.data_hash);
  visit("model_hash", run.model_hash);
}

/// Of a measure with a value; none where it has no bounds, or an older version of Dragonet did not record them.
std::optional<Interval> interval_of(const RunScore& score, const Measure& measure);

Json summary_json(const RunSummary& run);
fs::path summary_file(const Run& run);  // holds that JSON

/// What the run's folder says: its summary, or what else is found where that is missing or damaged.
RunSummary summary_of(const Run& run);

/// All settings, and what they say of kind and network.
void take_settings(RunSummary& summary, const std::string& toml);

/// Every setting of a dragonet.toml's text by its full name, one a layer; none if it cannot be parsed.
std::map<std::string, std::string> settings_in(const std::string& text);

/// The settings that are not the same in all of these runs, by name.
std::vector<std::string> differing_settings(const std::vector<RunSummary>& runs);

}  // namespace dragonet
