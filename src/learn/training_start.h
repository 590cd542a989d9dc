#pragma once

#include "learn/training.h"

namespace dragonet {

/// A new training in `run`. Nothing is written before its first checkpoint is.
///   from   a float .tflite whose weights are the first, or the folder of a run that holds one; empty: random weights
/// Throws Error if there is no such model, it is int8, or its layers are not those of the project's network.
TrainingStart start_training(const Run& run, const Project& project, const Samples& samples, const std::string& from,
                             const Observer& observer = {});

/// The same training, from its last checkpoint. Throws Error if it was not broken off, or if settings or samples have
/// changed since it started: each change is named.
TrainingStart resume_training(const Run& run, const Project& project, const Samples& samples);

}  // namespace dragonet
