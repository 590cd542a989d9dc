#pragma once

#include <optional>

#include "base/json.h"
#include "board/build.h"
#include "project/project.h"

namespace dragonet {

/// One node of a model as `dragonet show` lists it.
struct ShownLayer {
  std::string name, op;  // op with what is fused into it: "conv_2d, relu"
  Shape shape;           // of its output
  std::int64_t parameters = 0, macs = 0;
  std::int64_t live_macs = 0;  // those that are computed
  Quantization quantization;   // of its output; none: float32, or made up
};

/// A model's layers, and what they cost on a board.
struct Shown {
  std::string source;
  std::vector<ShownLayer> layers;
  std::int64_t parameters = 0, macs = 0, live_macs = 0;
  std::vector<DroppedOfLayer> dropped;
  const Board* board = nullptr;
  std::optional<BoardBuild> build;  // none: no board is known, or the weights alone are larger than its flash
  std::optional<Counts> counts;     // of one inference on the virtual board; none: it does not fit
  std::vector<Problem> problems;    // why it cannot run there; none: it fits
};

/// Any model. A float32 one is linked for the board with made-up ranges, which change none of its sizes.
/// `board`: null where RAM and flash are not asked for.
Shown show_model(const Model& model, const Board* board);

/// The project's network before anything is trained, with random weights.
Shown show_network(const Project& project, const Board& board);

/// As [[model.layers]], to paste into dragonet.toml.
std::string show_layers(const Project& project);

std::string shown_text(const Shown& shown);
Json shown_json(const Shown& shown);

}  // namespace dragonet
