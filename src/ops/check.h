#pragma once

#include "base/error.h"
#include "model/model.h"

namespace dragonet {

/// Throws Error that names every node which Dragonet cannot run, and why, all at once. After it, references, row rules
/// and emitters may rely on shapes, dtypes and attributes.
void check_supported(const Model& model);

/// Would it pass that check but for its outputs' shapes? Its operator can then say what they are.
bool can_be_asked(const Model& model, const Node& node);

/// What check_supported says of a node whose operator is not known: by its name, with what to do about it.
Problem unknown_operator(const std::string& where, const std::string& op);

}  // namespace dragonet
