#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"
#include "project/new_project.h"

namespace dragonet {

static Outcome make(const NewProject& options) {
  const Project project = create_project(options);
  const FeatureShape shape = shape_of(project.features);
  return {.text = fmt::format("{}/: a project with {} x {} x {} features of {} for {}; next: cd {} && dragonet train",
                              project.folder.string(), shape.height, shape.width, shape.channels, project.kind().name,
                              project.board, project.folder.string()),
          .json = {{"project", project.name}, {"toml", (project.folder / "dragonet.toml").string()}}};
}

/// "classification (a label), regression (numbers), ..."
static std::string tasks_text() {
  std::vector<std::string> texts;
  for (const Task& task : all_tasks()) texts.push_back(fmt::format("{} ({})", word_of(task), answer_of(task)));
  return fmt::format("{}", fmt::join(texts, ", "));
}

void add_new(CLI::App& app, Action& action) {
  auto options = std::make_shared<NewProject>();
  auto task = std::make_shared<std::string>(word_of(options->labels.task));
  CLI::App* command = app.add_subcommand("new", "makes a project: dragonet.toml and samples/<label>/...");
  command->add_option("name", options->name, "name of the project, of its folder and of the emitted code")->required();
  command->add_option("--kind", options->kind, fmt::format("{}", fmt::join(kind_names(), ", ")))->required();
  command->add_option("--task", *task, "what a model answers: " + tasks_text())
      ->check(CLI::IsMember(task_words()))
      ->capture_default_str();
  command->add_option("--samples", options->samples,
                      "a folder of <label>/<sample>, or <number>/<sample>, which is copied");
  command->add_option("--board", options->board, "`dragonet boards` lists them")->capture_default_str();
  command->add_option("--positive", options->labels.positive, "learn to tell this label from all others");
  command
      ->add_option("--keywords", options->labels.keywords,
                   "labels to keep, such as yes,no,stop; all others become `unknown`")
      ->delimiter(',')
      ->allow_extra_args(false);  // what follows it is the project's name, perhaps
  command->add_option("--group", options->labels.group,
                      "regular expression on a sample's path; what it captures names the sample's group, and a split "
                      "never divides a group");
  tell_json(*command, "{project, toml}");
  command->callback([=, &action] {
    options->labels.task = task_named(*task).value();
    action = [=](const Context&) { return make(*options); };
  });
}

}  // namespace dragonet
