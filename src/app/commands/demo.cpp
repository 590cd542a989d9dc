#include "learn/demo.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"

namespace dragonet {

void add_demo(CLI::App& app, Action& action) {
  auto folder = std::make_shared<std::string>("demo");
  CLI::App* command = app.add_subcommand("demo", "all six steps on the sprites of a game, ending on the virtual board");
  command->add_option("folder", *folder, "where to put everything")->capture_default_str();
  tell_json(*command, "{ram, flash, int8: SCORE, board: SCORE, random_split, equal, seconds, report}",
            "1: an output on the board differs");
  command->callback([=, &action] {
    action = [=](const Context& context) { return run_demo(*folder, context.color, context.observer); };
  });
}

}  // namespace dragonet
