#pragma once

#include <string>
#include <string_view>

namespace dragonet {

/// Text that may hold names out of other people's files, for a terminal: control characters and those that turn the
/// direction of writing stand as \x1b or \u202e. Line ends and tabs stay, and with `colours` what sets colours.
std::string printable(std::string_view text, bool colours = false);

/// A name that may be long, for a column of so many characters: its end tells names apart.
std::string cut_to(const std::string& name, std::size_t most);

/// As the text of an SVG's element.
std::string xml_text(const std::string& text);

}  // namespace dragonet
