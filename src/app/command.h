#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "compile/memory_plan.h"

namespace CLI {
class App;  // CLI11 is included where a command is built: it costs each file eight seconds
}

namespace dragonet {

using Json = nlohmann::ordered_json;

/// What a command has to say. `text` for people, `json` for programs; one of them goes to stdout.
struct Outcome {
  std::string text;
  Json json = Json::object();
  int status = 0;  // 0; 1: it ran, and the answer is no
};

/// What main runs once the arguments are parsed.
using Action = std::function<Outcome()>;

/// Each adds its subcommand, and sets `action` if that is the one given. One file per command, in commands/.
void add_new(CLI::App& app, Action& action);
void add_data(CLI::App& app, Action& action);
void add_train(CLI::App& app, Action& action);
void add_test(CLI::App& app, Action& action);
void add_convert(CLI::App& app, Action& action);
void add_show(CLI::App& app, Action& action);
void add_compile(CLI::App& app, Action& action);
void add_run(CLI::App& app, Action& action);
void add_compare(CLI::App& app, Action& action);
void add_boards(CLI::App& app, Action& action);
void add_ops(CLI::App& app, Action& action);
void add_runs(CLI::App& app, Action& action);
void add_demo(CLI::App& app, Action& action);

/// The option --optimize of what compiles.
void add_optimize(CLI::App& command, Optimize& optimize);

/// Colour for people at a terminal, and not where NO_COLOR is set.
bool wants_color();

/// A line on stderr: what a step did and where its result lies.
void say(const std::string& line);

}  // namespace dragonet
