#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <string>
#include <type_traits>
#include <vector>

#include "base/error.h"

namespace dragonet {

/// Parses TOML of people's files. toml++ recurses into nested lists and dotted keys and asserts on a bracket without
/// its other half, so depth and length are bounded before. `source`: the file, for messages.
/// Throws Error with line and column.
toml::table parse_toml(const std::string& text, const std::string& source);

/// Reads one table's settings by name, and complains of those that nobody asked for.
class Section {
 public:
  Section(const toml::table& root, const std::string& name, const std::string& file)
      : table_(name.empty() ? &root : root[name].as_table()), name_(name), file_(file) {}

  template <typename T>
  void read(const char* key, T& value, double least = -1e18, double most = 1e18);
  /// One of the words: its place in the list.
  template <typename Enum>
  void read_word(const char* key, Enum& value, const std::vector<std::string>& words);
  /// Of strings or numbers.
  template <typename Element>
  void read_list(const char* key, std::vector<Element>& list);
  void refuse_others() const;

 private:
  [[noreturn]] void refuse(const toml::node& node, const std::string& what, const std::string& next) const {
    const auto at = node.source().begin;
    throw Error({fmt::format("{}, line {}, column {}", file_, at.line, at.column), what, next});
  }
  std::string full(const std::string& key) const { return name_.empty() ? key : name_ + "." + key; }

  const toml::table* table_;
  std::string name_, file_;
  std::vector<std::string> known_;
};

template <typename T>
void Section::read(const char* key, T& value, double least, double most) {
  known_.push_back(key);
  const toml::node* node = table_ ? table_->get(key) : nullptr;
  if (!node) return;
  const auto found = node->value<T>();
  if (!found)
    refuse(*node, fmt::format("{} has a value of the wrong type", full(key)),
           "see the comment that `dragonet new` writes beside it");
  if constexpr (std::is_arithmetic_v<T>)
    if (*found < least || *found > most)
      refuse(*node, fmt::format("{} is {}, not {} to {}", full(key), *found, least, most),
             "choose a value in that range");
  value = *found;
}

template <typename Element>
void Section::read_list(const char* key, std::vector<Element>& list) {
  known_.push_back(key);
  const toml::node* node = table_ ? table_->get(key) : nullptr;
  if (!node) return;
  if (!node->is_array()) refuse(*node, full(key) + " is no list", "write it in brackets: [a, b]");
  list.clear();
  for (const toml::node& element : *node->as_array()) {
    const auto found = element.value<Element>();
    if (!found) refuse(element, full(key) + " holds a value of the wrong type", "see the comment beside it");
    list.push_back(*found);
  }
}

template <typename Enum>
void Section::read_word(const char* key, Enum& value, const std::vector<std::string>& words) {
  std::string word = words[static_cast<std::size_t>(value)];
  read(key, word);
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == word) value = static_cast<Enum>(i);
  if (words[static_cast<std::size_t>(value)] != word)
    refuse(*table_->get(key), fmt::format("{} is {}", full(key), word), choice_of(word, words));
}

}  // namespace dragonet
