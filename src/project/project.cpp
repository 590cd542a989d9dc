#include "project/project.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "base/error.h"
#include "base/leftovers.h"
#include "project/features_toml.h"
#include "project/kinds.h"
#include "project/layers_toml.h"
#include "project/settings_toml.h"
#include "project/toml_section.h"
#include "project/train_toml.h"

namespace dragonet {

static void read_samples(const toml::table& root, const std::string& file, Project& project) {
  Section samples(root, "samples", file);
  std::string folder = project.samples.string();
  samples.read("folder", folder);
  samples.read("positive", project.labels.positive);
  samples.read_list("keywords", project.labels.keywords);
  samples.read("group", project.labels.group);
  samples.read("folds", project.folds, 3, 100);
  samples.refuse_others();
  project.samples = folder;
}

static void read_task(Section& top, Project& project) {
  std::size_t task = project.task().index();
  top.read_word("task", task, task_words());
  project.labels.task = all_tasks()[task];
}

static bool has_settings(Task task) {
  bool has_some = false;
  for_each_setting(task, [&](const auto&...) { has_some = true; });
  return has_some;
}

static std::vector<Task> tasks_with_settings() {
  std::vector<Task> tasks = all_tasks();
  std::erase_if(tasks, [](const Task& task) { return !has_settings(task); });
  return tasks;
}

/// Those of other tasks must be right too: the project may have been one of those, and may become one again.
static void read_task_settings(const toml::table& root, const std::string& file, Project& project) {
  for (Task task : tasks_with_settings()) {
    Section section(root, word_of(task), file);
    for_each_setting(task, [&](const char* name, auto& value, double least, double most, const char*) {
      section.read(name, value, least, most);
    });
    section.refuse_others();
    if (is_same_task(task, project.task())) project.labels.task = task;
  }
}

static void refuse_tables(const toml::table& root, const std::string& file) {
  std::vector<std::string> known{"samples", "features", "answers", "model", "train", "augment"};
  for (const Task& task : tasks_with_settings()) known.push_back(word_of(task));
  for (const auto& [key, node] : root)
    if (node.is_table() && std::ranges::find(known, std::string(key.str())) == known.end())
      throw Error({fmt::format("{}, line {}", file, node.source().begin.line),
                   fmt::format("the section [{}] is not known", key.str()),
                   choice_of(std::string(key.str()), known, "[{}]")});
}

static const Kind& kind_named(const std::string& name, const std::string& file) {
  try {
    return find_kind(name);
  } catch (const Error& error) {
    throw Error({file, fmt::format("the kind {} is not known", name), error.problems[0].next});
  }
}

/// Then the chip listens, and has [answers].
static bool has_readings(const Project& project) { return readings_of(project.features).axes > 0; }

Project read_project(const fs::path& toml) {
  const std::string file = toml.string();
  const toml::table root = parse_toml(read_text(toml), file);
  Project project{.folder = toml.parent_path()};
  Section top(root, "", file);
  top.read("name", project.name);
  std::string kind_name = project.kind().name;
  top.read("kind", kind_name);
  top.read("board", project.board);
  read_task(top, project);
  top.refuse_others();
  refuse_tables(root, file);
  if (identifier_of(project.name) != project.name)
    throw Error({file, fmt::format("the name {} cannot stand in C++", project.name),
                 fmt::format("{} would do", identifier_of(project.name))});
  const Kind& kind = kind_named(kind_name, file);
  read_samples(root, file, project);
  project.labels.own_labels = kind.own_labels;
  project.labels.rows_stand_alone = kind.rows_stand_alone;
  project.train = {.augmentation = default_training(kind, project.task()).augmentation};
  read_training(root, file, project.train);
  project.features = read_features(root, file, kind.settings);
  project.labels.rate_hz = readings_of(project.features).rate_hz;
  if (has_readings(project)) project.answers = read_answers(root, file, {});
  read_task_settings(root, file, project);
  project.layers = read_layers(root, file);
  return project;
}

std::optional<fs::path> find_project_file(fs::path folder) {
  for (;; folder = folder.parent_path()) {
    if (fs::exists(folder / "dragonet.toml")) return folder / "dragonet.toml";
    if (folder == folder.parent_path()) return std::nullopt;
  }
}

Network network_of(const Project& project, int outputs) {
  const auto [height, width, channels] = shape_of(project.features);
  if (project.layers.empty())
    return default_network({project.kind().default_network, project.kind().default_statistics}, height, width, channels,
                           outputs, project.task());
  return {height, width, channels, project.layers, project.task()};
}

static constexpr const char* text = R"(# A Dragonet project: every setting, with what it does.
name = {name}      # of the emitted code's namespace
kind = {kind}
board = {board}    # `dragonet boards` lists them
task = {task}      # or {other_tasks} (docs/tasks.md)

[samples]
folder = {folder}  # <label>/<sample>, relative to this file; of a regression <number>/<sample>, or labels.csv
positive = {positive}        # this label against all the rest; empty: all labels
keywords = {keywords}       # these labels, and all others as `unknown`; empty: all labels
group = {group}    # regular expression on the path: samples of one group never stand on both sides of a split
folds = {folds}            # the groups are dealt into so many folds: one for the test, one for validation

{features}
{train}
# The network, from the features to one score per label, to the numbers, or back to the features; without it a default
# one is trained. `dragonet show --layers` prints the layers in use, to paste below and change; `dragonet show` tells what
# they cost before anything is trained.
{layers})";

/// All but the one that is meant where none is given.
static std::string other_tasks() {
  std::vector<std::string> others;
  for (const Task& task : all_tasks())
    if (!is_same_task(task, {})) others.push_back(fmt::format("\"{}\", {}", word_of(task), comment_of(task)));
  return fmt::format("{}", fmt::join(others, "; "));
}

static std::string task_settings(Task task) {
  std::string text;
  for_each_setting(task, [&](const char* name, const auto& value, double, double, const char* comment) {
    text += fmt::format("{} = {}      # {}\n", name, value, comment);
  });
  return text.empty() ? "" : fmt::format("[{}]\n{}\n", word_of(task), text);
}

std::string project_text(const Project& p) {
  using fmt::arg;
  return fmt::format(
      text, arg("name", toml_string(p.name)), arg("kind", toml_string(p.kind().name)),
      arg("board", toml_string(p.board)), arg("task", toml_string(word_of(p.task()))),
      arg("other_tasks", other_tasks()), arg("folder", toml_string(p.samples.string())),
      arg("positive", toml_string(p.labels.positive)), arg("keywords", toml_list(p.labels.keywords)),
      arg("group", toml_string(p.labels.group)), arg("folds", p.folds),
      arg("features", features_toml(p.features) + (has_readings(p) ? "\n" + answers_toml(p.answers) : "")),
      arg("train", task_settings(p.task()) + training_toml(p.train)), arg("layers", layers_toml(p.layers)));
}

void sweep_project(const fs::path& folder) {
  sweep(folder, "dragonet.toml.");
  sweep(folder / "cache");
  sweep_all(folder / "runs");
}

}  // namespace dragonet
