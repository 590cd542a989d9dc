#pragma once

#include <toml++/toml.h>

#include <string>
#include <vector>

#include "features/settings.h"

namespace dragonet {

/// [features], as a project of that kind ("image", "sound", "motion") has it.
/// Throws Error for an unknown kind or setting, a value outside its range, and settings that do not go together.
FeatureSettings read_features(const toml::table& root, const std::string& file, const std::string& kind);

/// [answers], of kinds that listen to a sensor; the defaults for others.
AnswerSettings read_answers(const toml::table& root, const std::string& file, const std::string& kind);

/// The sections with a comment for every setting.
std::string features_toml(const FeatureSettings& features);
std::string answers_toml(const AnswerSettings& answers);

/// As a TOML string. Regular expressions read best as literal strings, which have no escapes and so hold no quotes.
std::string toml_string(const std::string& value);
std::string toml_list(const std::vector<std::string>& values);

}  // namespace dragonet
