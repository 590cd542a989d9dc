#include "project/toml_edit.h"

#include <fmt/format.h>

#include <optional>

#include "base/error.h"
#include "project/toml_section.h"

namespace dragonet {
namespace {

/// toml++ counts lines and characters from 1; characters of UTF-8 begin with a byte that is no 10xxxxxx.
std::size_t offset_of(const std::string& text, toml::source_position at) {
  std::size_t offset = 0;
  for (toml::source_index line = 1; line < at.line; ++line) offset = text.find('\n', offset) + 1;
  for (toml::source_index column = 1; column < at.column && offset < text.size(); ++column) do
      ++offset;
    while (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xc0) == 0x80);
  return offset;
}

std::string line_end_of(const std::string& text) { return text.find("\r\n") == text.npos ? "\n" : "\r\n"; }

/// After the line of the section's name.
std::string with_first_line(std::string text, toml::source_position section, const std::string& line) {
  const std::size_t end = text.find('\n', offset_of(text, section)), ending = end == text.npos ? text.size() : end + 1;
  if (end == text.npos) return text + line_end_of(text) + line + line_end_of(text);
  return text.insert(ending, line + line_end_of(text));
}

std::string with_last_section(const std::string& text, const std::string& section, const std::string& line) {
  const std::string end = line_end_of(text), gap = text.empty() ? "" : text.ends_with('\n') ? end : end + end;
  return fmt::format("{}{}[{}]{}{}{}", text, gap, section, end, line, end);
}

std::string changed(const toml::table& root, const std::string& text, const std::string& section,
                    const std::string& key, const std::string& value) {
  const std::string line = fmt::format("{} = {}", key, value);
  if (const toml::node* old = root[section][key].node()) {
    const std::size_t begin = offset_of(text, old->source().begin), end = offset_of(text, old->source().end);
    return text.substr(0, begin) + value + text.substr(end);
  }
  const toml::table* table = root[section].as_table();
  return table ? with_first_line(text, table->source().begin, line) : with_last_section(text, section, line);
}

/// What is meant.
toml::table wanted(toml::table root, const std::string& section, const std::string& key, const std::string& value,
                   const std::string& source) {
  toml::table* table = root[section].as_table();
  if (!table) table = root.insert_or_assign(section, toml::table()).first->second.as_table();
  table->insert_or_assign(key, *parse_toml("value = " + value, source).get("value"));
  return root;
}

std::optional<toml::table> parsed(const std::string& text, const std::string& source) try {
  return parse_toml(text, source);
} catch (const Error&) {
  return std::nullopt;
}

}  // namespace

std::string with_setting(const std::string& text, const std::string& section, const std::string& key,
                         const std::string& value, const std::string& source) {
  const toml::table root = parse_toml(text, source);
  const std::string result = changed(root, text, section, key, value);
  // Sections may be written in ways that this does not know: only what then says the right thing is taken.
  if (parsed(result, source) != wanted(root, section, key, value, source))
    throw Error({source,
                 fmt::format("{}.{} cannot be set in it: [{}] is written in an unusual way", section, key, section),
                 fmt::format("set {} = {} in [{}] yourself", key, value, section)});
  return result;
}

}  // namespace dragonet
