#include "project/features_toml.h"

#include <sstream>

#include "base/error.h"
#include "project/settings_toml.h"

namespace dragonet {
namespace {

template <typename Settings>
FeatureSettings read(const toml::table& root, const std::string& file, const Settings& defaults) {
  Settings settings = defaults;
  read_settings(root, "features", file, settings);
  std::vector<Problem> problems = problems_of(settings);
  for (Problem& problem : problems)
    problem.where = file + ", [features]" + (problem.where.empty() ? "" : ", " + problem.where);
  if (!problems.empty()) throw Error(std::move(problems));
  return settings;
}

FeatureSettings read(const toml::table&, const std::string&, const std::monostate& none) { return none; }

std::string settings_text(const std::monostate&) { return ""; }

}  // namespace

FeatureSettings read_features(const toml::table& root, const std::string& file, const FeatureSettings& defaults) {
  return std::visit([&](const auto& of_kind) { return read(root, file, of_kind); }, defaults);
}

AnswerSettings read_answers(const toml::table& root, const std::string& file, AnswerSettings answers) {
  read_settings(root, "answers", file, answers);
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
