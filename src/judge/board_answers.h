#pragma once

#include <span>
#include <string>
#include <vector>

#include "board/build.h"
#include "judge/inference.h"
#include "model/model.h"

namespace dragonet {

///   output    the model's first, of one inference
///   features  that the chip made and gave the model; only anomalies need them
BoardAnswer board_answer(const Model& model, std::span<const std::uint8_t> output,
                         std::span<const std::int8_t> features);

///   readings  all that it was given
Listened listened(const Model& model, const std::vector<Heard>& heard, const Readings& readings);

/// What has to be known to read all of a model's answers: lines, or nothing.
BoardAnswer explanation(const Model& model);

/// What several tasks' own `listened` have in common: the answer of every inference, with its time.
Listened every_answer(const Model& model, const std::vector<Heard>& heard, const Readings& readings);
std::string line_at(double seconds, const std::string& text);

}  // namespace dragonet
