// Every setting of a kind of sample stands once, in a function visit_settings beside the struct of settings, with its
// range and what a person is told of it: dragonet.toml and the metadata of models are both read and written by it.
#pragma once

#include <concepts>
#include <type_traits>
#include <vector>

namespace dragonet {

struct SettingInfo {
  const char* name;
  double least, most;
  const char* comment;
  std::vector<const char*> words = {};  // of an enumeration, in order
};

template <typename Settings, typename Kind>
concept SettingsOf = std::same_as<std::remove_const_t<Settings>, Kind>;

}  // namespace dragonet
