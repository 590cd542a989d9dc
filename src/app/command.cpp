#include "app/command.h"

#include <CLI/CLI.hpp>
#include <sstream>

#include "base/error.h"
#include "model/model_text.h"
#include "tflite/tflite.h"

namespace dragonet {

fs::path Context::project_folder() const {
  if (project_file) return project_file->parent_path();
  throw Error({fs::current_path().string(), "no dragonet.toml here or in a folder above",
               "`dragonet new NAME --kind image --samples DIR` makes a project; go into its folder"});
}

Project Context::project() const {
  sweep_project(project_folder());
  return read_project(project_folder() / "dragonet.toml");
}

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

/// Broken at blanks into lines of at most 100 columns.
static std::string wrapped(const std::string& text) {
  constexpr std::size_t most = 100;
  std::string lines;
  std::size_t column = 0;
  std::istringstream words(text);
  for (std::string word; words >> word; column += word.size() + 1) {
    if (column > 0) lines += column + word.size() > most ? "\n" : " ";
    if (column + word.size() > most) column = 0;
    lines += word;
  }
  return lines;
}

void tell_json(CLI::App& command, const std::string& fields, const std::string& status_1) {
  const std::string status = "Exit status 0" + (status_1.empty() ? "" : "; " + status_1) + "; 2: bad usage or input.";
  command.footer(wrapped("With --json: " + fields + ".") + "\n" + status);
}

Model read_model(const Context& context, const std::string& given) {
  if (given.empty()) return latest_model(context.project());
  Model model = read_tflite(given);
  tell_remarks(model, context.observer);
  return model;
}

const Board& read_board(const Context& context, const std::string& given) {
  if (!given.empty()) return find_board(given);
  if (context.project_file) return find_board(context.project().board);
  throw Error({"--board", "is not given, and there is no project whose board it could be",
               "give --board ID; `dragonet boards` lists them"});
}

}  // namespace dragonet
