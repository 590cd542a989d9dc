#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"
#include "project/run_list.h"

namespace dragonet {

void add_runs(CLI::App& app, Action& action) {
  auto numbers = std::make_shared<std::vector<int>>();
  CLI::App* command = app.add_subcommand("runs", "lists the project's runs; with numbers, compares those runs");
  command->add_option("numbers", *numbers, "the runs to compare; for one run, all its settings are shown");
  tell_json(*command,
            "{runs: [{run, state, began, ended, problem, kind, network, from, epochs, float, int8, board, ram, flash, "
            "data_hash, model_hash, settings, resumable, tests: [{samples, tested, report, scores}]}], differ: "
            "{setting: {run: value}}, folds: [{samples, tested, report, scores}]}");
  command->callback([=, &action] {
    action = [=](const Context& context) { return runs_outcome(context.project_folder(), *numbers, context.observer); };
  });
}

}  // namespace dragonet
