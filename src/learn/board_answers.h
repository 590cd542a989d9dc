#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "board/build.h"
#include "model/model.h"

namespace dragonet {

/// What a model's output on a board says, as its task has it.
struct BoardAnswer {
  std::string text;  // "dragon", "hz 3.21", "score 0.31, an anomaly"
  Json json;         // {"label"}, {"numbers": [...]}, {"score", "anomaly"}
};

///   output    the model's first, of one inference
///   features  that the chip made and gave the model; only anomalies need them
BoardAnswer board_answer(const Model& model, std::span<const std::uint8_t> output,
                         std::span<const std::int8_t> features);

/// What a listening chip said about a recording: where its label changes, or every number and score.
struct Listened {
  std::string text;  // lines
  Json json;         // {"changes": [{"seconds", "label"}]} or {"answers": [{"seconds", ...}]}
};

///   readings  all that it was given
Listened listened(const Model& model, const std::vector<Heard>& heard, const Readings& readings);

}  // namespace dragonet
