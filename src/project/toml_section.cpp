#include "project/toml_section.h"

#include <algorithm>
#include <sstream>

namespace dragonet {

static constexpr std::size_t most_bytes = 1 << 20, most_nested = 32, most_dots = 64;

[[noreturn]] static void refuse_toml(const std::string& source, std::size_t line, std::string what) {
  throw Error(
      {fmt::format("{}, line {}", source, line), std::move(what), "mend that line; toml.io explains the format"});
}

/// What bounds need to know of a text: brackets, dots and strings, one line after another. Strings that go on over
/// several lines are taken for brackets and dots like all else, which only makes the bounds narrower for them.
static void check_bounds(const std::string& text, const std::string& source) {
  if (text.size() > most_bytes) refuse_toml(source, 1, fmt::format("the file has {} bytes", text.size()));
  std::size_t nested = 0, number = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::size_t first = line.find_first_not_of(" \t\r");
    const bool is_header = nested == 0 && first != line.npos && line[first] == '[';
    const std::size_t inside = is_header ? line.find_first_not_of("[ \t", first) : 0;
    const bool names_something = !is_header || (inside != line.npos && line.find(']', inside) != line.npos &&
                                                std::string("].,=#").find(line[inside]) == std::string::npos);
    if (!names_something) refuse_toml(source, number, "a section's name is wanted between [ and ]");
    std::size_t dots = 0;
    char quote = 0;
    for (const char c : line) {
      if (quote) {
        if (c == quote) quote = 0;
        continue;
      }
      if (c == '"' || c == '\'') quote = c;
      if (c == '#') break;
      if (c == '.') ++dots;
      if (c == '[' || c == '{') ++nested;
      if ((c == ']' || c == '}') && nested > 0) --nested;
      if (nested > most_nested)
        refuse_toml(source, number, fmt::format("more than {} brackets are nested", most_nested));
    }
    if (dots > most_dots && line.find('=') != line.npos && line.substr(0, line.find('=')).find('.') != line.npos)
      refuse_toml(source, number, fmt::format("more than {} dots stand in one line", most_dots));
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
  }
}

void Section::refuse_others() const {
  if (!table_) return;
  for (const auto& [key, node] : *table_) {
    const std::string name(key.str());
    if (node.is_table() && name_.empty()) continue;
    if (std::ranges::find(known_, name) == known_.end())
      refuse(node, fmt::format("the setting {} is not known", full(name)),
             known_.empty() ? "remove it" : fmt::format("did you mean {}?", full(nearest(name, known_))));
  }
}

}  // namespace dragonet
