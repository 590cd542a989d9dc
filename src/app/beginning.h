#pragma once

#include <string>

#include "app/runs.h"

namespace dragonet {

/// A new training in `run`. Nothing is written before its first checkpoint is.
///   from   a float .tflite whose weights are the first, or the folder of a run that holds one; empty: random weights
/// Throws Error if there is no such model, it is int8, or its layers are not those of the project's network.
Beginning begin(const Run& run, const Project& project, const Samples& samples, const std::string& from);

/// The same training, from its last checkpoint. Throws Error if it was not broken off, or if settings or samples have
/// changed since it began: each change is named.
Beginning resume(const Run& run, const Project& project, const Samples& samples);

}  // namespace dragonet
