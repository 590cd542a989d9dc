#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"
#include "learn/sample_audit.h"
#include "project/new_project.h"

namespace dragonet {

/// What `dragonet data` says, at once: of the samples as they lie in the new project.
static void tell_samples(const MadeProject& made, const Context& context, Outcome& outcome) {
  const Project& project = made.project;
  Dataset dataset = scan_samples(project.samples_folder(), project.labels);
  dataset.notes = made.notes;  // of where they come from: nothing that was left out there is here
  const SampleAudit audit = audit_samples(dataset, project.features, context.observer);
  outcome.text += "\n" + remarks_text(audit);
  outcome.json.update(audit_json(audit));
}

static Outcome make(const Context& context, const NewProject& options) {
  const MadeProject made = create_project(options);
  const Project& project = made.project;
  const FeatureShape shape = shape_of(project.features);
  Outcome outcome{
      .text = fmt::format("{}/: a project with {} x {} x {} features of {} for {}; next: cd {} && dragonet train",
                          project.folder.string(), shape.height, shape.width, shape.channels, project.kind().name,
                          project.board, project.folder.string()),
      .json = {{"project", project.name}, {"toml", (project.folder / "dragonet.toml").string()}}};
  if (!options.samples.empty()) tell_samples(made, context, outcome);
  return outcome;
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
  command->add_option("--rate", options->rate_hz,
                      "readings per second of recordings of motion that say no times; those that do are brought to it");
  tell_json(*command, "{project, toml} and, with --samples, the fields of `dragonet data --json`");
  command->callback([=, &action] {
    options->labels.task = task_named(*task).value();
    action = [=](const Context& context) { return make(context, *options); };
  });
}

}  // namespace dragonet
