// A section of dragonet.toml by the list of its settings (features/setting_info.h): reading and writing.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "features/setting_info.h"
#include "project/toml_section.h"

namespace dragonet {

/// As a TOML string. Regular expressions read best as literal strings, which have no escapes and so hold no quotes.
std::string toml_string(const std::string& value);
std::string toml_list(const std::vector<std::string>& values);

// --- Reading

template <typename Value>
void read_value(Section& section, const SettingInfo& info, Value& value) {
  if constexpr (std::is_same_v<Value, bool>)
    section.read(info.name, value);
  else if constexpr (std::is_enum_v<Value>)
    section.read_word(info.name, value, {info.words.begin(), info.words.end()});
  else
    section.read(info.name, value, info.least, info.most);
}

template <typename Element>
void read_value(Section& section, const SettingInfo& info, std::vector<Element>& list) {
  section.read_list(info.name, list);
}

template <typename Settings>
void read_settings(const toml::table& root, const std::string& name, const std::string& file, Settings& settings) {
  Section section(root, name, file);
  visit_settings(settings, [&](const SettingInfo& info, auto& value) { read_value(section, info, value); });
  section.refuse_others();
}

// --- Writing

inline std::string setting_text(const SettingInfo&, const std::string& value) { return toml_string(value); }
inline std::string setting_text(const SettingInfo&, double value) { return fmt::format("{}", value); }
inline std::string setting_text(const SettingInfo&, int value) { return fmt::format("{}", value); }
inline std::string setting_text(const SettingInfo&, bool value) { return fmt::format("{}", value); }

template <typename Enumeration>
  requires std::is_enum_v<Enumeration>
std::string setting_text(const SettingInfo& info, Enumeration value) {
  return toml_string(info.words[value]);
}

template <typename Element>
std::string setting_text(const SettingInfo& info, const std::vector<Element>& list) {
  std::vector<std::string> values;
  for (const Element& element : list) values.push_back(setting_text(info, element));
  return fmt::format("[{}]", fmt::join(values, ", "));
}

template <typename Settings>
std::string settings_text(const Settings& settings) {
  std::string text;
  visit_settings(settings, [&](const SettingInfo& info, const auto& value) {
    const std::string line = fmt::format("{} = {}", info.name, setting_text(info, value));
    text += *info.comment ? fmt::format("{:<24} # {}\n", line, info.comment) : line + "\n";
  });
  return text;
}

}  // namespace dragonet
