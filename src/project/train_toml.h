#pragma once

#include <toml++/toml.h>

#include <string>

#include "train/train.h"

namespace dragonet {

/// [train] and [augment]. What the file leaves out keeps the values of `settings`, whose augmentation says the kind.
/// Throws Error for a value outside its range and a setting that is not known.
void read_training(const toml::table& root, const std::string& file, TrainSettings& settings);

/// Both sections with a comment for every setting.
std::string training_toml(const TrainSettings& settings);

}  // namespace dragonet
