#include "app/command.h"

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "tflite/tflite.h"

namespace dragonet {

fs::path Context::project_folder() const {
  if (project_file) return project_file->parent_path();
  throw Error({fs::current_path().string(), "no dragonet.toml here or in a folder above",
               "`dragonet new NAME --kind image --samples DIR` makes a project; go into its folder"});
}

Project Context::project() const { return read_project(project_folder() / "dragonet.toml"); }

std::optional<Project> Context::project_if_any() const {
  return project_file ? std::optional(read_project(*project_file)) : std::nullopt;
}

static Optimize optimize_named(const std::string& name) {
  for (const Optimize each : {Optimize::ram, Optimize::balanced, Optimize::speed})
    if (name == name_of(each)) return each;
  throw Error({"--optimize", "there is no `" + name + "`", "give ram, balanced or speed"});
}

void add_optimize(CLI::App& command, Optimize& optimize) {
  command
      .add_option_function<std::string>(
          "--optimize", [&](const std::string& name) { optimize = optimize_named(name); },
          "what the plan of rows is best at: ram, speed, or balanced between them")
      ->default_str(name_of(optimize));
}

Model read_model(const Context& context, const std::string& given) {
  return given.empty() ? latest_model(context.project()) : read_tflite(given);
}

const Board& read_board(const Context& context, const std::string& given) {
  return find_board(given.empty() ? context.project().board : given);
}

}  // namespace dragonet
