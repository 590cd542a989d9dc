#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "app/command.h"
#include "app/create.h"

namespace dragonet {

static Outcome make(const NewProject& options) {
  const Project project = create_project(options);
  const FeatureShape shape = shape_of(project.features);
  return {.text = fmt::format("{}/: a project with {} x {} x {} features of {} for {}; next: cd {} && dragonet train",
                              project.folder.string(), shape.height, shape.width, shape.channels, project.kind,
                              project.board, project.folder.string()),
          .json = {{"project", project.name}, {"toml", (project.folder / "dragonet.toml").string()}}};
}

void add_new(CLI::App& app, Action& action) {
  auto options = std::make_shared<NewProject>();
  auto task = std::make_shared<std::string>(word_of(options->labels.task));
  CLI::App* command = app.add_subcommand("new", "makes a project: dragonet.toml and samples/<label>/...");
  command->add_option("name", options->name, "of the project, its folder and the emitted code")->required();
  command->add_option("--kind", options->kind, "image, sound or motion")->required();
  command
      ->add_option("--task", *task,
                   "what is answered: classification (a label), regression (numbers), anomaly (is it as always?)")
      ->check(CLI::IsMember(task_words()))
      ->capture_default_str();
  command->add_option("--samples", options->samples,
                      "a folder of <label>/<sample>, or <number>/<sample>; it is copied");
  command->add_option("--board", options->board, "`dragonet boards` lists them")->capture_default_str();
  command->add_option("--positive", options->labels.positive, "this label against all the rest");
  command->add_option("--keywords", options->labels.keywords, "yes,no,stop: these labels, and all others as `unknown`")
      ->delimiter(',')
      ->allow_extra_args(false);  // what follows it is the project's name, perhaps
  command->add_option("--group", options->labels.group,
                      "regular expression on a sample's path: what it captures names the group, and no group stands on "
                      "both sides of a split");
  command->callback([=, &action] {
    options->labels.task = static_cast<Task>(std::ranges::find(task_words(), *task) - task_words().begin());
    action = [=] { return make(*options); };
  });
}

}  // namespace dragonet
