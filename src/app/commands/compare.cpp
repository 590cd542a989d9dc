#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"
#include "judge/compare_json.h"
#include "learn/model_comparison.h"

namespace dragonet {

static Outcome compare(const Context& context, const CompareOptions& options) {
  const bool needs_project = options.a.empty() || options.inputs.empty();
  const std::optional<Project> project = needs_project ? context.project_if_any() : std::nullopt;
  const FullComparison full = compare_files(options, project, context.observer);
  return {.text = comparison_text(full), .json = comparison_json(full), .status = !full.is_equal()};
}

void add_compare(CLI::App& app, Action& action) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* command =
      app.add_subcommand("compare", "compares layer by layer: float model, int8 model, emitted code, virtual board");
  command->add_option("a", options->a,
                      "the .tflite that is taken as right; left out: the latest run's float model, against its int8");
  command->add_option("b", options->b, "the .tflite to judge; left out: a conversion of a float A to int8");
  CLI::Option* inputs =
      command->add_option("--inputs", options->inputs, "raw input tensors in A's type (or in B's), back to back");
  command
      ->add_option("--inputs-b", options->inputs_b,
                   "the inputs that B was given instead, in B's type; as many as --inputs")
      ->needs(inputs);
  command
      ->add_option("--samples", options->samples,
                   "a folder of <label>/<picture> instead of --inputs; left out: the project's")
      ->excludes(inputs);
  command->add_option("--vectors", options->vectors, "compares at most so many inputs")->check(CLI::PositiveNumber);
  CLI::Option* board =
      command->add_option("--board", options->board, "left out: the project's, or the board with the most flash");
  add_optimize(*command, options->optimize);
  command->add_flag("--no-code", options->no_code, "compares only the models; compiles and runs nothing")
      ->excludes(board);
  tell_json(*command,
            "{equal, a, b?, vectors, exact?, first_difference?: {layer, what, next}, differences, remarks, notes, "
            "layers: [{name, op, shape, sqnr_db, equal, alone_db?, expected_db?, saturated?, dead_channels?, "
            "worst_channels?, code?}]}",
            "1: they differ");
  command->callback([=, &action] { action = [=](const Context& context) { return compare(context, *options); }; });
}

}  // namespace dragonet
