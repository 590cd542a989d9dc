#pragma once

#include <toml++/toml.h>

#include <string>
#include <vector>

#include "features/settings.h"

namespace dragonet {

/// [features], of the kind that `defaults` are of; what the file leaves out keeps their values.
/// Throws Error for an unknown setting, a value outside its range, and settings that do not go together.
FeatureSettings read_features(const toml::table& root, const std::string& file, const FeatureSettings& defaults);

/// [answers], likewise.
AnswerSettings read_answers(const toml::table& root, const std::string& file, AnswerSettings defaults);

/// The sections with a comment for every setting.
std::string features_toml(const FeatureSettings& features);
std::string answers_toml(const AnswerSettings& answers);

}  // namespace dragonet
