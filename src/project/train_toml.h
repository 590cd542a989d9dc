#pragma once

#include <toml++/toml.h>

#include <string>

#include "train/train.h"

namespace dragonet {

/// [train], and [augment] as a project of that kind ("image", "sound", "motion") has it. What the file leaves out keeps
/// the values of `settings`, whose augmentation becomes the kind's if it is another's.
/// Throws Error for a value outside its range and a setting that is not known.
void read_training(const toml::table& root, const std::string& file, const std::string& kind, TrainSettings& settings);

/// Both sections with a comment for every setting.
std::string training_toml(const TrainSettings& settings);

/// What a project of that kind begins with. For numbers, and for what is normal, recordings are not changed in ways
/// that could change those: speed, strength, and parts that are hidden.
Augmentation default_augmentation(const std::string& kind, const Task& task = {});
TrainSettings default_training(const std::string& kind, const Task& task = {});

}  // namespace dragonet
