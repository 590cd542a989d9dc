#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "model/model.h"

namespace dragonet {

/// One label a line, in the order of the model's outputs; the "0 dragon" of Teachable Machine's labels.txt too.
/// Throws Error if there is none.
std::vector<std::string> read_labels(const fs::path& file);

/// Puts a file's labels into the model; nothing if `file` is empty. Throws Error if they are not one per output.
void take_labels(Model& model, const std::string& file);

}  // namespace dragonet
