#pragma once

#include <toml++/toml.h>

#include <string>
#include <vector>

#include "model/network.h"

namespace dragonet {

/// The layers of [[model.layers]], with Keras' names and arguments; none where the file has none. Each knows its line.
/// Throws Error naming all that is wrong with them, with line and column: a type or an argument that is not known, with
/// the nearest that is; a value of the wrong kind; an argument that is missing.
std::vector<Layer> read_layers(const toml::table& root, const std::string& file);

/// The same as text: one [[model.layers]] after the other, without what is at its default.
std::string layers_toml(const std::vector<Layer>& layers);

}  // namespace dragonet
