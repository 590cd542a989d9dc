#include "features/settings_json.h"

#include <cmath>
#include <optional>

#include "features/settings.h"

namespace dragonet {
namespace {

using Json = nlohmann::json;

template <typename Value>
Json json_of(const SettingInfo& info, const Value& value) {
  if constexpr (std::is_enum_v<Value>)
    return info.words[value];
  else
    return value;
}

bool is_in(double value, const SettingInfo& info) { return value >= info.least && value <= info.most; }

/// False: it is not there, of another type, or out of its range.
bool take(const Json& json, const SettingInfo& info, int& value) {
  if (!json.is_number() || !is_in(json, info) || std::floor(json.get<double>()) != json.get<double>()) return false;
  value = static_cast<int>(json.get<double>());
  return true;
}

bool take(const Json& json, const SettingInfo& info, double& value) {
  if (!json.is_number() || !is_in(json, info)) return false;
  value = json;
  return true;
}

template <typename Enumeration>
  requires std::is_enum_v<Enumeration>
bool take(const Json& json, const SettingInfo& info, Enumeration& value) {
  for (std::size_t i = 0; i < info.words.size(); ++i)
    if (json == info.words[i]) return value = static_cast<Enumeration>(i), true;
  return false;
}

bool take(const Json& json, const SettingInfo&, std::string& value) {
  if (!json.is_string()) return false;
  value = json;
  return true;
}

template <typename Element>
bool take(const Json& json, const SettingInfo& info, std::vector<Element>& list) {
  if (!json.is_array() || json.size() > 64) return false;
  list.resize(json.size());
  for (std::size_t i = 0; i < list.size(); ++i)
    if (!take(json[i], info, list[i])) return false;
  return true;
}

template <typename Settings>
std::optional<Settings> read(const Json& json) {
  Settings settings;
  bool possible = json.is_object();
  visit_settings(settings, [&](const SettingInfo& info, auto& value) {
    if (possible && json.contains(info.name)) possible = take(json[info.name], info, value);
  });
  return possible ? std::optional(settings) : std::nullopt;
}

template <typename Settings>
nlohmann::ordered_json write(const Settings& settings) {
  nlohmann::ordered_json json;
  visit_settings(settings, [&](const SettingInfo& info, const auto& value) { json[info.name] = json_of(info, value); });
  return json;
}

/// Of this kind, where the JSON has it and its settings are possible.
template <typename Settings>
void take_features(const Json& json, FeatureSettings& found) {
  if constexpr (!std::is_same_v<Settings, std::monostate>)
    if (json.contains(Settings::name)) {
      const auto settings = read<Settings>(json[Settings::name]);
      if (settings && problems_of(*settings).empty()) found = *settings;
    }
}

template <typename... Settings>
void take_any(const Json& json, std::variant<Settings...>& found) {
  (take_features<Settings>(json, found), ...);
}

}  // namespace

nlohmann::ordered_json features_json(const FeatureSettings& settings) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  std::visit(
      [&](const auto& of_kind) {
        if constexpr (!std::is_same_v<decltype(of_kind), const std::monostate&>) json[of_kind.name] = write(of_kind);
      },
      settings);
  return json;
}

FeatureSettings features_from(const nlohmann::json& json) {
  FeatureSettings found;
  take_any(json, found);
  return found;
}

nlohmann::ordered_json answers_json(const AnswerSettings& settings) { return write(settings); }
AnswerSettings answers_from(const nlohmann::json& json) {
  return json.contains("answers") ? read<AnswerSettings>(json["answers"]).value_or(AnswerSettings()) : AnswerSettings();
}

}  // namespace dragonet
