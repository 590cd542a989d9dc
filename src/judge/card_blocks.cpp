#include "judge/card_blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "judge/html.h"
#include "judge/text.h"

namespace dragonet {
namespace {

/// Of a character, for a size of 1: DejaVu Sans Mono and Menlo have 0.602, Consolas 0.55; some to spare for others.
constexpr double character_width = 0.62;

std::vector<std::string> words_of(const std::string& sentence) {
  std::vector<std::string> words;
  std::istringstream stream(sentence);
  for (std::string word; stream >> word;)
    if (word.starts_with("%") && !words.empty())
      words.back() += " " + word;
    else
      words.push_back(word);
  return words;
}

std::vector<std::string> lines_of(const std::vector<std::string>& words, std::size_t width) {
  std::vector<std::string> lines{""};
  for (const std::string& word : words) {
    std::string& line = lines.back();
    if (line.empty())
      line = word;
    else if (characters(line) + 1 + characters(word) <= width)
      line += " " + word;
    else
      lines.push_back(word);
  }
  return lines;
}

}  // namespace

CardBlock stacked(const std::vector<CardBlock>& blocks, double gap) {
  CardBlock stack;
  for (const CardBlock& block : blocks) {
    if (block.svg.empty()) continue;
    if (!stack.svg.empty()) stack.height += gap;
    stack.svg += placed(0, stack.height, block.svg);
    stack.height += block.height;
  }
  return stack;
}

CardBlock side_by_side(const CardBlock& left, const CardBlock& right, double right_x) {
  if (left.svg.empty()) return right;
  if (right.svg.empty()) return left;
  return {left.svg + placed(right_x, 0, right.svg), std::max(left.height, right.height)};
}

std::string placed(double x, double y, const std::string& svg) {
  return fmt::format("<g transform=\"translate({:.1f} {:.1f})\">\n{}</g>\n", x, y, svg);
}

std::string text(double x, double y, double size, const char* css, const std::string& words, const char* anchor) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"{:.0f}\" class=\"{}\" text-anchor=\"{}\">{}</text>\n",
                     x, y, size, css, anchor, xml_text(words));
}

std::string rectangle(double x, double y, double width, double height, const char* css, double opacity) {
  return fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"{}\" fill-opacity=\"{:.2f}\"/>\n", x,
      y, width, height, css, opacity);
}

std::string vertical(double x, double y, double length, const char* css) {
  return fmt::format("<path class=\"{}\" d=\"M{:.1f} {:.1f}v{:.1f}\"/>\n", css, x, y, length);
}

double width_of(const std::string& words, double size) {
  return static_cast<double>(characters(words)) * size * character_width;
}

std::size_t characters_in(double width, double size) {
  return std::max<std::size_t>(3, static_cast<std::size_t>(width / (size * character_width)));
}

std::string fitted(const std::string& words, double width, double size) {
  return cut_names({words}, characters_in(width, size)).front();
}

std::vector<std::string> wrapped(const std::string& sentence, std::size_t width) {
  std::vector<std::string> words = words_of(sentence);
  std::size_t longest = 1;
  for (std::string& word : words) {
    word = cut_names({word}, width).front();
    longest = std::max(longest, characters(word));
  }
  const std::size_t lines = lines_of(words, width).size();
  while (width > longest && lines_of(words, width - 1).size() == lines) --width;
  return lines_of(words, width);
}

std::string xml_text(std::string words) {
  std::replace_if(
      words.begin(), words.end(), [](unsigned char c) { return c < ' '; }, ' ');
  return escaped(words);
}

}  // namespace dragonet
