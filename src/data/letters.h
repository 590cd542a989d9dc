#pragma once

#include <string>
#include <string_view>

namespace dragonet {

/// The same for names that a person would not tell apart: without capitals, and an e with an accent taken apart into
/// two letters, as Unicode also writes it and a Mac's files have it. Without blanks at the ends.
std::string folded(std::string_view name);

}  // namespace dragonet
