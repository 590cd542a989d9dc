#pragma once

#include <string>

#include "base/json.h"

namespace dragonet {

/// What a step has to say. `text` for people, `json` for programs.
struct Outcome {
  std::string text;
  Json json = Json::object();
  int status = 0;  // 0; 1: it ran, and the answer is no
};

}  // namespace dragonet
