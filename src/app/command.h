#pragma once

#include <functional>
#include <optional>

#include "base/observer.h"
#include "base/outcome.h"
#include "compile/memory_plan.h"
#include "project/runs.h"

namespace CLI {
class App;  // CLI11 is included where a command is built: it costs each file eight seconds
}

namespace dragonet {

/// What a command is given besides its options.
struct Context {
  std::optional<fs::path> project_file;  // the dragonet.toml of the current folder or of one above; found once, in main
  Observer observer;
  bool color = false;  // stdout is a terminal where colours are wanted

  /// Reads that file. Throws Error where there is none.
  Project project() const;
  std::optional<Project> project_if_any() const;
  fs::path project_folder() const;
};

/// What main runs once the arguments are parsed.
using Action = std::function<Outcome(const Context&)>;

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

/// What --help says below the options: the fields of --json, with `?` behind those that are not always there, and what
/// an exit status of 1 means where the command may end with that.
void tell_json(CLI::App& command, const std::string& fields, const std::string& status_1 = "");

/// The option --optimize of what compiles.
void add_optimize(CLI::App& command, Optimize& optimize);

/// MODEL of a command: that file, or the project's latest run where it is left out.
Model read_model(const Context& context, const std::string& given);

/// --board of a command: that one, or the project's where it is left out.
const Board& read_board(const Context& context, const std::string& given);

}  // namespace dragonet
