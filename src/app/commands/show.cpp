#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/command.h"
#include "learn/model_summary.h"
#include "project/runs.h"
#include "tflite/tflite.h"

namespace dragonet {

struct ShowOptions {
  std::string model, board;
  bool layers = false, network = false;
};

/// The one that is asked for, or the project's; null where there is neither.
static const Board* board_of(const Context& context, const ShowOptions& options) {
  if (!options.board.empty()) return &find_board(options.board);
  if (const auto project = context.project_if_any()) return &find_board(project->board);
  return nullptr;
}

static Shown show_project(const Context& context, const ShowOptions& options) {
  const Project project = context.project();
  const auto run = options.network ? std::nullopt : find_latest_run(project);
  if (!run) {
    context.observer.say(fmt::format("{}: its network, with weights that nobody has trained",
                                     fs::relative(project.folder / "dragonet.toml").string()));
    return show_network(project, *board_of(context, options));
  }
  context.observer.say(fmt::format("{}: of the latest run; --network shows what dragonet.toml would train",
                                   fs::relative(run->model()).string()));
  return show_model(read_int8_model(*run, project), board_of(context, options));
}

static Outcome show(const Context& context, const ShowOptions& options) {
  if (options.layers) {
    const std::string layers = show_layers(context.project());
    return {.text = layers, .json = {{"layers", layers}}};
  }
  const Shown shown = options.model.empty()
                          ? show_project(context, options)
                          : show_model(read_model(context, options.model), board_of(context, options));
  return {.text = shown_text(shown), .json = shown_json(shown), .status = !shown.problems.empty()};
}

void add_show(CLI::App& app, Action& action) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = app.add_subcommand(
      "show", "layers, shapes, parameters, MACs, scales, RAM and flash; also before anything is trained");
  CLI::Option* model = command->add_option(
      "model", options->model, "a .tflite; left out: the latest run's, or the project's network where there is none");
  command->add_option("--board", options->board, "left out: the project's");
  command->add_flag("--network", options->network, "the project's network, as it would be trained now")
      ->excludes(model);
  command->add_flag("--layers", options->layers,
                    "the project's layers as [[model.layers]], to paste into dragonet.toml and change");
  tell_json(*command,
            "{model, layers: [{name, op, shape, parameters, macs, live_macs, scale?, zero_point?}], parameters, macs, "
            "live_macs, dropped: [{name, op, channels, same_for_every_input, unread, macs, live_macs, weights, "
            "live_weights}], problems, "
            "board?, fits?, ram?, flash?, cycles?, wait_cycles?, ms?}; with --layers {layers: TOML}",
            "1: it does not fit, or an operator is not supported");
  command->callback([=, &action] { action = [=](const Context& context) { return show(context, *options); }; });
}

}  // namespace dragonet
