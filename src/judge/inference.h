#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"

namespace dragonet {

/// One inference: what a model was given, and what it gave.
struct Inference {
  std::span<const std::int8_t> features;  // as the chip makes them
  std::span<const std::uint8_t> output;   // the first output's bytes
  std::vector<float> values;              // what those stand for
};

/// What a model's output on a board says, as its task has it.
struct BoardAnswer {
  std::string text;            // "dragon 0.97", "hz 3.21", "score 0.31, an anomaly"
  Json json = Json::object();  // {"label", "score", "scores"}, {"numbers": [...]}, {"score", "anomaly"}
};

/// What a listening chip said about a recording: where its label changes, or every number and score.
struct Listened {
  std::string text;       // lines
  Json json;              // {"changes": [{"seconds", "label"}]} or {"answers": [{"seconds", ...}]}
  bool is_short = false;  // too short for a steady answer: the text is the model's own answer, in a few words
};

}  // namespace dragonet
