#pragma once

#include <string>
#include <string_view>

namespace dragonet {

/// The same for names that a person would not tell apart: without capitals, with letters such as an e with an accent
/// taken apart into two as Unicode also writes them, without blanks at the ends. Latin, Greek, Cyrillic and kana.
std::string folded(std::string_view name);

}  // namespace dragonet
