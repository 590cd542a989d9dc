#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/printable.h"
#include "board/fit.h"
#include "board/memory_map.h"

namespace dragonet {
namespace {

using Kind = MemoryBlock::Kind;

constexpr int box_cells = 26;  // between the side lines
constexpr int map_lines = 26;  // from the top edge to the bottom edge
constexpr int bar_cells = 24;  // of the largest layer's constants
constexpr std::size_t layers_shown = 5;

struct Style {
  const char* texture;  // for eyes and terminals without colour
  int background;       // of the 256-colour palette, ECMA-48 "48;5;n"; 0: none
};

Style style_of(Kind kind) {
  switch (kind) {
    case Kind::bootloader:
      return {"╱╱", 245};
    case Kind::firmware:
      return {"▒▒", 110};
    case Kind::model_code:
      return {"▓▓", 180};
    case Kind::constants:
      return {"██", 173};
    case Kind::activations:
      return {"██", 107};
    case Kind::features:
      return {"▓▓", 73};
    case Kind::input:
      return {"▓▓", 151};
    case Kind::variables:
      return {"▒▒", 110};
    case Kind::stack:
      return {"░░", 139};
    case Kind::beyond:
      return {"××", 203};
    case Kind::free:
      break;
  }
  return {"  ", 0};
}

// What one line of a column says; both columns are then printed side by side.
struct Line {
  std::string address, text;
  Kind kind = Kind::free;
  bool is_edge = false;
};

double share(const MemoryBlock& block, const MemoryColumn& column) {
  std::uint64_t all = 0;
  for (const MemoryBlock& other : column.blocks) all += other.bytes;
  return static_cast<double>(block.bytes) / static_cast<double>(all);
}

// Lines in proportion, one at least; what rounding leaves over or takes too much goes to the highest.
std::vector<int> heights(const MemoryColumn& column, int lines) {
  std::vector<int> result;
  for (const MemoryBlock& block : column.blocks)
    result.push_back(std::max(1, static_cast<int>(std::lround(share(block, column) * lines))));
  *std::max_element(result.begin(), result.end()) += lines - std::accumulate(result.begin(), result.end(), 0);
  return result;
}

std::string address_text(std::uint32_t address) { return fmt::format("0x{:X}", address); }

std::string label(const MemoryBlock& block, bool to_scale) {
  return fmt::format("{:<{}}{:>10}{}", block.name, box_cells - 14, bytes_text(block.bytes), to_scale ? ' ' : '*');
}

std::vector<Line> column_lines(const MemoryColumn& column) {
  const int content = map_lines - 1 - static_cast<int>(column.blocks.size());
  const std::vector<int> height = heights(column, content);
  std::vector<Line> lines;  // from the top down
  for (std::size_t i = column.blocks.size(); i-- > 0;) {
    const MemoryBlock& block = column.blocks[i];
    lines.push_back({address_text(block.start + block.bytes), "", block.kind, true});
    for (int row = 0; row < height[i]; ++row) {
      const bool to_scale = share(block, column) * content >= 0.5;
      lines.push_back({"", row == height[i] / 2 ? label(block, to_scale) : "", block.kind, false});
    }
  }
  lines.push_back({address_text(column.blocks.front().start), "", Kind::free, true});
  return lines;
}

std::string repeated(const char* text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

std::string edge(const Line& line, bool is_top, bool is_bottom, bool below_stack) {
  const std::string rule = below_stack ? repeated("─", box_cells / 2 - 1) + "↓↓" + repeated("─", box_cells / 2 - 1)
                                       : repeated("─", box_cells);
  return fmt::format("{:>10} {}{}{}", line.address,
                     is_top      ? "┌"
                     : is_bottom ? "└"
                                 : "├",
                     rule,
                     is_top      ? "┐"
                     : is_bottom ? "┘"
                                 : "┤");
}

std::string content(const Line& line, bool color) {
  const Style style = style_of(line.kind);
  const std::string inside = fmt::format("{} {:<{}}", style.texture, line.text, box_cells - 3);
  const bool painted = color && style.background;
  return painted ? fmt::format("{:>10} │\033[30;48;5;{}m{}\033[0m│", "", style.background, inside)
                 : fmt::format("{:>10} │{}│", "", inside);
}

std::string text_of(const std::vector<Line>& lines, std::size_t at, bool color) {
  const Line& line = lines[at];
  if (!line.is_edge) return content(line, color);
  const bool below_stack = at > 0 && lines[at - 1].kind == Kind::stack;
  return edge(line, at == 0, at + 1 == lines.size(), below_stack);
}

std::string largest_constants(const FirmwareImage& image) {
  const std::vector<LayerBytes> layers = constants_by_layer(image);
  std::string text;
  for (std::size_t i = 0; i < std::min(layers.size(), layers_shown); ++i) {
    const double part = static_cast<double>(layers[i].bytes) / std::max(1u, layers[0].bytes);
    const std::string bar = repeated("█", std::max(1, static_cast<int>(std::lround(part * bar_cells))));
    text += fmt::format("           {:<28}{:>10}  {}\n", cut_to(layers[i].layer, 28), bytes_text(layers[i].bytes), bar);
  }
  return text.empty() ? "" : "\n           largest constants\n" + text;
}

}  // namespace

std::string memory_map_text(const FirmwareImage& image, const Board& board, bool color) {
  const std::vector<MemoryColumn> columns = memory_columns(image, board);
  const std::vector<Line> flash = column_lines(columns[0]), ram = column_lines(columns[1]);
  std::string text = fmt::format("{:11}{:<{}}{:13}{}\n", "", columns[0].title, box_cells + 2, "", columns[1].title);
  bool any_small = false;
  for (std::size_t i = 0; i < flash.size(); ++i) {
    text += fmt::format("{}  {}\n", text_of(flash, i, color), text_of(ram, i, color));
    any_small |= flash[i].text.ends_with('*') || ram[i].text.ends_with('*');
  }
  if (any_small) text += "           * smaller than its line\n";
  return text + largest_constants(image);
}

}  // namespace dragonet
