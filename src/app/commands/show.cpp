#include "app/show.h"

#include <memory>

#include "app/command.h"
#include "tflite/tflite.h"

namespace dragonet {

struct ShowOptions {
  std::string model, board;
  bool layers = false;
};

/// The one that is asked for, or the project's; null where there is neither.
static const Board* board_of(const ShowOptions& options) {
  if (!options.board.empty()) return &find_board(options.board);
  if (const auto project = find_project_file()) return &find_board(read_project(*project).board);
  return nullptr;
}

static Outcome show(const ShowOptions& options) {
  if (options.layers) {
    const std::string layers = show_layers(find_project());
    return {.text = layers, .json = {{"layers", layers}}};
  }
  const Shown shown = options.model.empty() ? show_network(find_project(), *board_of(options))
                                            : show_model(read_tflite(options.model), board_of(options));
  return {.text = shown_text(shown), .json = shown_json(shown), .status = !shown.problems.empty()};
}

void add_show(CLI::App& app, Action& action) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command = app.add_subcommand(
      "show", "layers, shapes, parameters, MACs, scales, RAM and flash; also before anything is trained");
  command->add_option("model", options->model, "a .tflite; left out: the project's network, as it would be trained");
  command->add_option("--board", options->board, "left out: the project's");
  command->add_flag("--layers", options->layers, "the project's layers as [[model.layers]], to paste and change");
  command->callback([=, &action] { action = [=] { return show(*options); }; });
}

}  // namespace dragonet
