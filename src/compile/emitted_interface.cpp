#include "compile/emitted_interface.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace dragonet {

std::string layer_function(int node, const std::string& op) { return fmt::format("layer_{:02}_{}", node, op); }

std::string layer_constant(const std::string& layer, const std::string& what) { return layer + "_" + what; }

std::string layer_of_constant(const EmittedInterface& interface, const std::string& constant) {
  for (const std::string& layer : interface.layers)
    if (constant.starts_with(layer_constant(layer, ""))) return layer;
  return "";
}

std::string layer_name(const EmittedInterface& interface, const std::string& function) {
  const auto at = static_cast<std::size_t>(std::ranges::find(interface.layers, function) - interface.layers.begin());
  return at < interface.layer_names.size() ? interface.layer_names[at] : function;
}

std::string qualified(const EmittedInterface& interface, const std::string& name) {
  return interface.name + "::" + name;
}

std::string unqualified(const std::string& name) {
  const std::size_t colons = name.rfind("::");
  return colons == std::string::npos ? name : name.substr(colons + 2);
}

std::vector<std::string> inference_entries() { return {entry::begin, entry::feed_row, entry::invoke}; }

std::vector<std::string> feature_entries(RawInput raw) {
  switch (raw) {
    case RawInput::none:
      return {};
    case RawInput::images:
      return {entry::begin_image, entry::feed_image_row};
    case RawInput::readings:
      return {entry::begin_listening, entry::feed_reading};
  }
  return {};
}

static std::string upper_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

std::string raw_input_macro(const EmittedInterface& interface) {
  switch (interface.raw) {
    case RawInput::none:
      return "";
    case RawInput::images:
      return upper_case(interface.name) + "_TAKES_IMAGES";
    case RawInput::readings:
      return upper_case(interface.name) + "_TAKES_READINGS";
  }
  return "";
}

}  // namespace dragonet
