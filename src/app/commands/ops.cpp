#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "ops/operator.h"

namespace dragonet {

static Outcome list_operators(const Context&) {
  Outcome outcome{.text = fmt::format("{:<20} {}", "operator", "types"), .json = {{"operators", Json::array()}}};
  for (const Operator* op : operators()) {
    outcome.text += fmt::format("\n{:<20} {}", op->name, op->dtypes);
    outcome.json["operators"].push_back({{"name", op->name}, {"dtypes", op->dtypes}});
  }
  return outcome;
}

void add_ops(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("ops", "the .tflite operators that are supported");
  tell_json(*command, "{operators: [{name, dtypes}]}");
  command->callback([&] { action = list_operators; });
}

}  // namespace dragonet
