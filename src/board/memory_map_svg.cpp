// The same map as a picture. Strictly to scale: a block may be a hair, so that names stand outside, on leaders.
#include <fmt/format.h>

#include <algorithm>

#include "base/printable.h"
#include "board/fit.h"
#include "board/memory_map.h"

namespace dragonet {
namespace {

using Kind = MemoryBlock::Kind;

constexpr double column_top = 118, column_height = 460, column_width = 150;
constexpr double label_space = 36, address_space = 17, bar_space = 30;
constexpr std::size_t bars_shown = 6;

// Colours by role. Prefers-color-scheme inside the file: it also holds where the picture stands in a page by <img>.
constexpr const char* style = R"(<style>
  svg { color-scheme: light dark; --ink: #22262e; --soft: #667080; --paper: #fbfaf7; --line: #c9cdd3;
    --bootloader: #9aa1ab; --firmware: #6d93c4; --model_code: #e0a63c; --constants: #d0643a;
    --activations: #4f9d69; --features: #4b9aa8; --input: #9ccb86; --variables: #6d93c4; --stack: #9a74b8; --beyond: #d3263a; }
  @media (prefers-color-scheme: dark) { svg { --ink: #e8e6e1; --soft: #9aa3b0; --paper: #16191f; --line: #3b424d;
    --bootloader: #6b737e; --firmware: #7ba4d9; --model_code: #edb950; --constants: #e57b50;
    --activations: #62b57e; --features: #63b4c2; --input: #a9d693; --variables: #7ba4d9; --stack: #b18bd0; --beyond: #ff5566; } }
  text { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 13px; fill: var(--ink); }
  .title { font-size: 20px; font-weight: bold; } .head { font-size: 16px; font-weight: bold; }
  .soft { fill: var(--soft); font-size: 12px; } .name { font-weight: bold; }
  .paper { fill: var(--paper); } .leader { stroke: var(--line); fill: none; } .frame { stroke: var(--ink); fill: none; }
  .arrow { stroke: var(--stack); stroke-width: 2; fill: none; }
  .free { fill: none; } .bootloader { fill: var(--bootloader); } .firmware { fill: var(--firmware); }
  .model_code { fill: var(--model_code); } .constants { fill: var(--constants); }
  .activations { fill: var(--activations); } .features { fill: var(--features); } .input { fill: var(--input); } .variables { fill: var(--variables); }
  .stack { fill: var(--stack); } .beyond { fill: var(--beyond); }
</style>
)";

const char* class_of(Kind kind) {
  static const char* const names[] = {"bootloader", "firmware",  "model_code", "constants", "activations", "features",
                                      "input",      "variables", "stack",      "free",      "beyond"};
  return names[static_cast<int>(kind)];
}

std::string text(double x, double y, const char* css, const std::string& words, const char* anchor = "start") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}\" text-anchor=\"{}\">{}</text>\n", x, y, css, anchor,
                     xml_text(words));
}

std::string percent_text(double percent) {
  if (percent < 0.1) return "< 0.1 %";
  return fmt::format("{:.{}f} %", percent, percent < 10 ? 1 : 0);
}

std::string rectangle(double x, double y, double width, double height, const char* css) {
  return fmt::format("<rect x=\"{:.1f}\" y=\"{:.2f}\" width=\"{:.1f}\" height=\"{:.2f}\" class=\"{}\"/>\n", x, y, width,
                     height, css);
}

// From (x, y) level, then slanting to a label at `label_y`.
std::string leader(double x, double y, double reach, double label_y) {
  return fmt::format("<path class=\"leader\" d=\"M{:.1f} {:.1f}h{:.1f}L{:.1f} {:.1f}h{:.1f}\"/>\n", x, y, reach / 5,
                     x + reach * 4 / 5, label_y, reach / 5);
}

// Moves labels (sorted from the top down) apart to `space`, within the column, each as near to its place as may be.
void spread(std::vector<double>& y, double space, double lowest) {
  for (std::size_t i = 1; i < y.size(); ++i) y[i] = std::max(y[i], y[i - 1] + space);
  double limit = lowest;
  for (std::size_t i = y.size(); i-- > 0; limit = y[i] - space) y[i] = std::min(y[i], limit);
}

class ColumnPicture {
 public:
  ColumnPicture(const MemoryColumn& column, double left) : column_(column), left_(left) {
    const MemoryBlock& last = column.blocks.back();
    start_ = column.blocks.front().start;
    bytes_ = last.start + last.bytes - start_;
  }

  std::string draw() const {
    std::string svg = text(left_ + column_width / 2, column_top - 16, "head", column_.title, "middle");
    for (const MemoryBlock& block : column_.blocks) svg += draw_block(block);
    svg += rectangle(left_, column_top, column_width, column_height, "frame");
    return svg + draw_labels() + draw_addresses();
  }

 private:
  double y_of(std::uint32_t address) const {
    return column_top + column_height * (1 - static_cast<double>(address - start_) / bytes_);
  }
  double top_of(const MemoryBlock& block) const { return y_of(block.start + block.bytes); }
  double middle_of(const MemoryBlock& block) const { return (y_of(block.start) + top_of(block)) / 2; }

  std::string draw_block(const MemoryBlock& block) const {
    std::string svg =
        rectangle(left_, top_of(block), column_width, y_of(block.start) - top_of(block), class_of(block.kind));
    if (block.kind != Kind::stack) return svg;
    const double x = left_ + column_width / 2, y = y_of(block.start) + 4;  // it grows down
    return svg + fmt::format("<path class=\"arrow\" d=\"M{:.1f} {:.1f}v26m-7 -8l7 8l7 -8\"/>\n", x, y);
  }

  std::string draw_labels() const {
    std::vector<double> y;
    for (std::size_t i = column_.blocks.size(); i-- > 0;) y.push_back(middle_of(column_.blocks[i]));
    spread(y, label_space, column_top + column_height - 8);
    std::string svg;
    const double right = left_ + column_width, x = right + 46;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const MemoryBlock& block = column_.blocks[y.size() - 1 - i];
      const double percent = 100.0 * block.bytes / bytes_;
      svg += leader(right, middle_of(block), 40, y[i]) + text(x, y[i] - 1, "name", block.name) +
             text(x, y[i] + 14, "soft", bytes_text(block.bytes) + " · " + percent_text(percent));
    }
    return svg;
  }

  std::string draw_addresses() const {
    std::vector<std::uint32_t> edges{start_ + bytes_};
    for (std::size_t i = column_.blocks.size(); i-- > 0;) edges.push_back(column_.blocks[i].start);
    std::vector<double> y;
    for (const std::uint32_t address : edges) y.push_back(y_of(address));
    spread(y, address_space, column_top + column_height);
    std::string svg;
    for (std::size_t i = 0; i < edges.size(); ++i)
      svg += leader(left_, y_of(edges[i]), -20, y[i]) +
             text(left_ - 25, y[i] + 4, "soft", fmt::format("0x{:X}", edges[i]), "end");
    return svg;
  }

  const MemoryColumn& column_;
  double left_;
  std::uint32_t start_, bytes_;
};

std::string draw_largest_constants(const std::vector<LayerBytes>& layers, double top) {
  std::string svg = layers.empty() ? "" : text(110, top, "head", "Largest constants");
  for (std::size_t i = 0; i < std::min(layers.size(), bars_shown); ++i) {
    const double y = top + 30 + bar_space * static_cast<double>(i);
    const double width = 420.0 * layers[i].bytes / std::max(1u, layers[0].bytes);
    svg += text(110, y, "", cut_to(layers[i].layer, 32)) +
           rectangle(356, y - 12, std::max(1.0, width), 15, "constants") +
           text(356 + width + 10, y, "soft", bytes_text(layers[i].bytes));
  }
  return svg;
}

}  // namespace

std::string memory_map_svg(const FirmwareImage& image, const Board& board) {
  const std::vector<MemoryColumn> columns = memory_columns(image, board);
  const std::vector<LayerBytes> layers = constants_by_layer(image);
  const double bars_top = column_top + column_height + 62;
  const double height = bars_top + bar_space * static_cast<double>(std::min(layers.size(), bars_shown)) + 30;
  return fmt::format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 960 {:.0f}\" role=\"img\" "
             "aria-label=\"Memory map of {}\">\n",
             height, board.name) +
         style + rectangle(0, 0, 960, height, "paper") + text(110, 44, "title", "Memory map · " + board.name) +
         text(110, 66, "soft", fmt::format("{}, {} MHz · drawn to scale", board.part, board.clock_hz / 1'000'000)) +
         ColumnPicture(columns[0], 110).draw() + ColumnPicture(columns[1], 580).draw() +
         draw_largest_constants(layers, bars_top) + "</svg>\n";
}

}  // namespace dragonet
