#pragma once

#include <string>

#include "base/observer.h"
#include "model/model.h"

namespace dragonet {

/// A model for people: its inputs and outputs, then a line a node: what it reads, with its attributes, and what it
/// makes. Constants are told by type, shape and scales, not by their values.
std::string model_text(const Model& model);

/// What reading the file changed, told once.
void tell_remarks(const Model& model, const Observer& observer);

}  // namespace dragonet
