#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"

namespace dragonet {

/// Members keep their order, as people read them.
using Json = nlohmann::ordered_json;

/// `indent` spaces a level; bytes that are no UTF-8, as names of files may hold, are replaced.
std::string json_text(const Json& json, int indent = 1);

/// {"where", "what", "next"}
Json problem_json(const Problem& problem);
Json problems_json(const std::vector<Problem>& problems);

/// null where there is none.
template <typename T>
Json json_or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

/// null for "".
inline Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

}  // namespace dragonet
