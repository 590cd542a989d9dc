#pragma once

#include <set>
#include <string>

#include "compile/emitted_interface.h"
#include "model/model.h"

namespace dragonet {

/// What a model's features add to its emitted header and source; all empty where it has none.
struct FeatureCode {
  std::set<std::string> headers;  // of firmware/, that the emitted header includes
  RawInput raw = RawInput::none;  // what the program takes by them
  std::string enums;              // ",\n  image_channels = 3": more of the header's numbers
  std::string state;              // "\n  dragonet::ImageResize resize;...": more of struct Model
  std::string declarations;       // behind the model's own functions
  std::string definitions;
};

/// Throws Error if the features and the model's output do not go together.
FeatureCode feature_code(const Model& model);

}  // namespace dragonet
