#pragma once

#include <string>

#include "model/model.h"

namespace dragonet {

/// A model for people: its inputs and outputs, then a line a node: what it reads, with its attributes, and what it
/// makes. Constants are told by type, shape and scales, not by their values.
std::string model_text(const Model& model);

}  // namespace dragonet
