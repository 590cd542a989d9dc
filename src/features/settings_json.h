#pragma once

#include <nlohmann/json.hpp>

#include "features/settings.h"

namespace dragonet {

/// {"image": {"height": 24, ...}}, or {"sound": ...}, {"motion": ...}; {} for none.
nlohmann::ordered_json features_json(const FeatureSettings& settings);

/// From an object that holds one of these. None where it has none, or one that cannot be: files hold anything.
FeatureSettings features_from(const nlohmann::json& json);

nlohmann::ordered_json answers_json(const AnswerSettings& settings);
AnswerSettings answers_from(const nlohmann::json& json);  // of its "answers"; the defaults where they cannot be

}  // namespace dragonet
