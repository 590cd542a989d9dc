#pragma once

// What the card is made of: blocks, each drawn from its own (0, 0) and of a known height, so that what is not known
// leaves no hole. Text is monospaced: widths are known without a font, and so nothing runs into anything else.

#include <string>
#include <vector>

namespace dragonet {

struct CardBlock {
  std::string svg;  // empty: takes no room, nor a gap
  double height = 0;
};

/// One below the other.
CardBlock stacked(const std::vector<CardBlock>& blocks, double gap);

/// The right one begins at `right_x`, or where the left one would if that is empty.
CardBlock side_by_side(const CardBlock& left, const CardBlock& right, double right_x);

std::string placed(double x, double y, const std::string& svg);

/// `size` in pixels; `css`: its classes; `anchor` as SVG names it: which end of the words lies at x. Escapes.
std::string text(double x, double y, double size, const char* css, const std::string& words,
                 const char* anchor = "start");

std::string rectangle(double x, double y, double width, double height, const char* css, double opacity = 1);
std::string vertical(double x, double y, double length, const char* css);

/// Pixels that words take at most, and characters that find room.
double width_of(const std::string& words, double size);
std::size_t characters_in(double width, double size);

/// One line, cut where it is too long.
std::string fitted(const std::string& words, double width, double size);

/// As few lines of at most `width` characters as hold it, about equally long. A number and its percent sign stay
/// together.
std::vector<std::string> wrapped(const std::string& sentence, std::size_t width);

/// As it may stand in XML, which has no way to write a control character: one in a folder's name would lose the whole
/// picture.
std::string xml_text(std::string words);

}  // namespace dragonet
