#include "project/toml_section.h"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace dragonet {

static constexpr std::size_t most_bytes = 1 << 20, most_nested = 32;
static constexpr std::ptrdiff_t most_dots = 64;

[[noreturn]] static void refuse_toml(const std::string& source, std::size_t line, std::string what) {
  throw Error(
      {fmt::format("{}, line {}", source, line), std::move(what), "mend that line; toml.io explains the format"});
}

/// "[train]", and not "[", "[.]" or "[#".
static bool names_a_section(const std::string& line) {
  const std::size_t name = line.find_first_not_of("[ \t");
  if (name == line.npos || line.find(']', name) == line.npos) return false;
  const unsigned char first = line[name];
  return first >= 128 || std::isalnum(first) || std::string("_-\"'").find(line[name]) != std::string::npos;
}

/// Without strings and comments. A string that goes on over several lines is taken for code, which only makes the
/// bounds narrower for it.
static std::string code_of(const std::string& line) {
  std::string code;
  char quote = 0;
  for (const char c : line) {
    if (!quote && c == '#') break;
    if (!quote) code += c;
    if (quote ? c == quote : c == '"' || c == '\'') quote = quote ? 0 : c;
  }
  return code;
}

static void check_bounds(const std::string& text, const std::string& source) {
  if (text.size() > most_bytes) refuse_toml(source, 1, fmt::format("the file has {} bytes", text.size()));
  std::size_t nested = 0, number = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::string code = code_of(line), key = code.substr(0, code.find('='));
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (nested == 0 && first != line.npos && line[first] == '[' && !names_a_section(line.substr(first)))
      refuse_toml(source, number, "a section's name is wanted between [ and ]");
    if (std::ranges::count(key, '.') > most_dots)
      refuse_toml(source, number, fmt::format("a name has more than {} dots", most_dots));
    for (const char c : code) {
      if (c == '[' || c == '{') ++nested;
      if ((c == ']' || c == '}') && nested > 0) --nested;
      if (nested > most_nested)
        refuse_toml(source, number, fmt::format("more than {} brackets are nested", most_nested));
    }
  }
}

toml::table parse_toml(const std::string& text, const std::string& source) {
  check_bounds(text, source);
  try {
    return toml::parse(text, source);
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    throw Error({fmt::format("{}, line {}, column {}", source, at.line, at.column), std::string(error.description()),
                 "mend that line; toml.io explains the format"});
  } catch (const std::logic_error& assertion) {  // toml_implementation.cpp
    throw Error({source, fmt::format("cannot be understood ({})", assertion.what()),
                 "look for a broken name in brackets; toml.io explains the format"});
  }
}

void Section::refuse_others() const {
  if (!table_) return;
  for (const auto& [key, node] : *table_) {
    const std::string name(key.str());
    if (node.is_table() && name_.empty()) continue;
    if (std::ranges::find(known_, name) == known_.end())
      refuse(node, fmt::format("the setting {} is not known", full(name)),
             known_.empty() ? "remove it" : choice_of(name, known_, full("{}")));
  }
}

}  // namespace dragonet
