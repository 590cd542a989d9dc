#include "project/features_toml.h"

#include <sstream>

#include "features/settings_check.h"
#include "features/settings_list.h"
#include "project/toml_section.h"

namespace dragonet {
namespace {

// --- Reading

template <typename Value>
void read_value(Section& section, const SettingInfo& info, Value& value) {
  if constexpr (std::is_enum_v<Value>)
    section.read_word(info.name, value, {info.words.begin(), info.words.end()});
  else
    section.read(info.name, value, info.least, info.most);
}

template <typename Element>
void read_value(Section& section, const SettingInfo& info, std::vector<Element>& list) {
  section.read_list(info.name, list);
}

template <typename Settings>
void read_section(const toml::table& root, const std::string& name, const std::string& file, Settings& settings) {
  Section section(root, name, file);
  visit_settings(settings, [&](const SettingInfo& info, auto& value) { read_value(section, info, value); });
  section.refuse_others();
}

template <typename Settings>
FeatureSettings read(const toml::table& root, const std::string& file) {
  Settings settings;
  read_section(root, "features", file, settings);
  std::vector<Problem> problems = problems_of(settings);
  for (Problem& problem : problems)
    problem.where = file + ", [features]" + (problem.where.empty() ? "" : ", " + problem.where);
  if (!problems.empty()) throw Error(std::move(problems));
  return settings;
}

// --- Writing

std::string text_of(const SettingInfo&, const std::string& value) { return toml_string(value); }
std::string text_of(const SettingInfo&, double value) { return fmt::format("{}", value); }
std::string text_of(const SettingInfo&, int value) { return fmt::format("{}", value); }

template <typename Enumeration>
  requires std::is_enum_v<Enumeration>
std::string text_of(const SettingInfo& info, Enumeration value) {
  return toml_string(info.words[value]);
}

template <typename Element>
std::string text_of(const SettingInfo& info, const std::vector<Element>& list) {
  std::vector<std::string> values;
  for (const Element& element : list) values.push_back(text_of(info, element));
  return fmt::format("[{}]", fmt::join(values, ", "));
}

template <typename Settings>
std::string settings_text(const Settings& settings) {
  std::string text;
  visit_settings(settings, [&](const SettingInfo& info, const auto& value) {
    const std::string line = fmt::format("{} = {}", info.name, text_of(info, value));
    text += *info.comment ? fmt::format("{:<24} # {}\n", line, info.comment) : line + "\n";
  });
  return text;
}

std::string settings_text(const std::monostate&) { return ""; }

}  // namespace

FeatureSettings read_features(const toml::table& root, const std::string& file, const std::string& kind) {
  if (kind == "image") return read<ImageFeatureSettings>(root, file);
  if (kind == "sound") return read<SoundFeatureSettings>(root, file);
  if (kind == "motion") return read<MotionFeatureSettings>(root, file);
  throw Error({file, fmt::format("the kind {} is not known", kind), "the kinds that there are: image, sound, motion"});
}

AnswerSettings read_answers(const toml::table& root, const std::string& file, const std::string& kind) {
  AnswerSettings answers;
  if (kind != "image") read_section(root, "answers", file, answers);
  return answers;
}

std::string features_toml(const FeatureSettings& features) {
  return "[features]               # computed on the chip\n" +
         std::visit([](const auto& of_kind) { return settings_text(of_kind); }, features);
}

std::string answers_toml(const AnswerSettings& answers) {
  return "[answers]                # of a chip that listens all the time\n" + settings_text(answers);
}

std::string toml_list(const std::vector<std::string>& values) {
  std::vector<std::string> quoted;
  for (const std::string& value : values) quoted.push_back(toml_string(value));
  return fmt::format("[{}]", fmt::join(quoted, ", "));
}

std::string toml_string(const std::string& value) {
  if (value.find_first_of("\\\"") != std::string::npos && value.find_first_of("'\n") == std::string::npos)
    return "'" + value + "'";
  std::ostringstream text;
  text << toml::value(value);
  return text.str();
}

}  // namespace dragonet
