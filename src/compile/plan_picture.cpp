#include "compile/plan_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/printable.h"

namespace dragonet {
namespace {

constexpr double left = 70, top = 60, plot_width = 1000, plot_height = 460, legend_line = 18;
constexpr int legend_columns = 2;  // names are up to 60 letters long

/// Blocks of one layer have one colour: golden angle apart, so that neighbours differ.
std::string colour_of(int node) {
  return node < 0 ? "hsl(0 0% 62%)" : fmt::format("hsl({} 52% 56%)", (node * 137 + 20) % 360);
}

std::string name_of_node(const EmittedModel& emitted, int node) {
  if (node < 0) return "input";
  const EmittedLayer& layer = emitted.layers[node];
  return fmt::format("{:02} {}, {} {}", node, cut_to(layer.output, 28), layer.op, text_of(layer.shape));
}

std::string what_of(const EmittedModel& emitted, const Block& block) {
  const std::string name = name_of_node(emitted, block.node);
  if (block.tensor < 0) return name + (block.row < 0 ? ", sums" : ", scratch");
  return block.row < 0 ? name + ", whole" : fmt::format("{}, row {}", name, block.row);
}

struct Scale {
  double per_step, per_byte;
  double x(int step) const { return left + step * per_step; }
  double y(std::size_t address) const { return top + plot_height - static_cast<double>(address) * per_byte; }
};

Scale scale_of(const MemoryPlan& plan) {
  return {plot_width / static_cast<double>(plan.steps.size() + 1),
          plot_height / static_cast<double>(std::max<std::size_t>(plan.bytes, 1))};
}

std::string block_svg(const EmittedModel& emitted, const Block& block, const Scale& scale) {
  return fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"{}><title>{}: {} B at {}, steps "
      "{} to "
      "{}</title></rect>\n",
      scale.x(block.first), scale.y(block.offset + block.bytes), (block.last - block.first + 1) * scale.per_step,
      static_cast<double>(block.bytes) * scale.per_byte, colour_of(block.node),
      block.tensor < 0 ? " fill-opacity=\"0.5\"" : "", xml_text(what_of(emitted, block)), block.bytes, block.offset,
      block.first, block.last);
}

std::string text_svg(double x, double y, const std::string& css, const std::string& words) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}\">{}</text>\n", x, y, css, xml_text(words));
}

/// A number in each layer's largest block, where there is room for it.
std::string labels_svg(const MemoryPlan& plan, const Scale& scale) {
  std::map<int, const Block*> largest;
  const auto area = [](const Block& block) {
    return static_cast<double>(block.bytes) * (block.last - block.first + 1);
  };
  for (const Block& block : plan.blocks)
    if (const Block*& known = largest[block.node]; block.tensor >= 0 && (!known || area(block) > area(*known)))
      known = &block;
  std::string text;
  for (const auto& [node, block] : largest)
    if (block && static_cast<double>(block->bytes) * scale.per_byte > 9)
      text += text_svg(scale.x(block->first) + 2,
                       scale.y(block->offset) - static_cast<double>(block->bytes) * scale.per_byte / 2 + 4, "label",
                       node < 0 ? "in" : fmt::format("{:02}", node));
  return text;
}

std::string line_svg(double x1, double y1, double x2, double y2, const char* css) {
  return fmt::format("<path class=\"{}\" d=\"M{:.1f} {:.1f}L{:.1f} {:.1f}\"/>\n", css, x1, y1, x2, y2);
}

std::string axes_svg(const MemoryPlan& plan, const Scale& scale) {
  std::string text;
  for (int i = 0; i <= 4; ++i) {
    const std::size_t address = plan.bytes * i / 4;
    text += line_svg(left, scale.y(address), left + plot_width, scale.y(address), "grid") +
            text_svg(8, scale.y(address) + 4, "soft", fmt::format("{} B", address));
  }
  int step = 0;
  for (const PlannedBand& band : plan.bands) {
    text += line_svg(scale.x(step), top, scale.x(step), top + plot_height, "band");
    step += band.steps;
  }
  text += line_svg(scale.x(plan.peak.step), top - 14, scale.x(plan.peak.step), top + plot_height, "peak");
  return text + text_svg(std::min(scale.x(plan.peak.step) + 4, left + plot_width - 160), top - 6, "peaktext",
                         fmt::format("peak: {} B alive", plan.peak.bytes));
}

std::string legend_svg(const EmittedModel& emitted) {
  std::string text;
  for (int node = -1, place = 0; node < static_cast<int>(emitted.layers.size()); ++node) {
    if (node >= 0 && emitted.layers[node].function.empty()) continue;
    const int column = place % legend_columns, line = place / legend_columns;
    ++place;
    const double x = left + column * plot_width / legend_columns, y = top + plot_height + 48 + line * legend_line;
    text += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"11\" height=\"11\" fill=\"{}\"/>\n", x, y - 10,
                        colour_of(node)) +
            text_svg(x + 18, y, "soft", name_of_node(emitted, node));
  }
  return text;
}

constexpr const char* style = R"(<style>
  svg { color-scheme: light dark; --ink: #22262e; --soft: #5a6472; --paper: #fbfaf7; --line: #d8dade; --peak: #d3263a; }
  @media (prefers-color-scheme: dark) { svg { --ink: #e8e6e1; --soft: #a6aebb; --paper: #16191f; --line: #3b424d;
    --peak: #ff5566; } }
  text { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 12px; fill: var(--soft); }
  .title { font-size: 17px; font-weight: bold; fill: var(--ink); } .label { fill: #16191f; font-weight: bold; }
  .paper { fill: var(--paper); } .grid { stroke: var(--line); } .band { stroke: var(--ink); stroke-dasharray: 2 3; }
  .peak { stroke: var(--peak); stroke-width: 1.5; } .peaktext { fill: var(--peak); font-weight: bold; }
</style>
)";

std::string range_text(const Band& band) {
  return band.last - band.first == 1 ? fmt::format("layer {:02}", band.first)
                                     : fmt::format("layers {:02} to {:02}", band.first, band.last - 1);
}

/// Of the layers of one band, the most that any of them would need alone: all of its inputs and its output whole.
std::size_t alone_bytes(const MemoryPlan& plan, const Band& band) {
  std::size_t most = 0;
  for (int node = band.first; node < band.last; ++node) most = std::max(most, plan.alone_bytes[node]);
  return most;
}

}  // namespace

std::string plan_svg(const EmittedModel& emitted) {
  const MemoryPlan& plan = emitted.plan;
  const Scale scale = scale_of(plan);
  const double height =
      top + plot_height + 70 + (static_cast<double>(emitted.layers.size()) / legend_columns + 1) * legend_line;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1:.0f}\" width=\"{0}\" height=\"{1:.0f}\">\n{2}"
      "<rect class=\"paper\" width=\"{0}\" height=\"{1:.0f}\"/>\n",
      left + plot_width + 30, height, style);
  svg += text_svg(left, 28, "title",
                  fmt::format("{}: an arena of {} B, step by step", emitted.interface.name, plan.bytes));
  for (const Block& block : plan.blocks) svg += block_svg(emitted, block, scale);
  svg += axes_svg(plan, scale) + labels_svg(plan, scale);
  svg += text_svg(
      left, top + plot_height + 18, "soft",
      fmt::format("{} steps, each a row of a layer or of the input; dashed: a new band begins", plan.steps.size()));
  return svg + legend_svg(emitted) + "</svg>\n";
}

std::string plan_text(const EmittedModel& emitted, int width) {
  constexpr int lines = 20;
  constexpr std::string_view letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const MemoryPlan& plan = emitted.plan;
  const auto end = static_cast<int>(plan.steps.size()) + 1;
  const int columns = std::min(width - 10, end);
  std::vector<std::string> rows(lines, std::string(columns, ' '));
  for (const Block& block : plan.blocks) {
    const char letter = block.node < 0 ? '.' : letters[block.node % letters.size()];
    for (std::size_t line = block.offset * lines / plan.bytes; line * plan.bytes < (block.offset + block.bytes) * lines;
         ++line)
      for (int x = block.first * columns / end; x * end <= block.last * columns && x < columns; ++x)
        rows[line][x] = letter;
  }
  std::string text;
  for (int line = lines - 1; line >= 0; --line)
    text +=
        fmt::format("{:>8} |{}\n", line % 5 == 0 ? std::to_string(plan.bytes * line / lines) + " B" : "", rows[line]);
  return text + fmt::format("{:>8} +{}\n", "", std::string(columns, '-')) +
         fmt::format(
             "{:>10}^ peak: {} B alive; addresses up, steps across; . is the input, a letter or digit a layer\n",
             std::string(plan.peak.step * columns / end, ' '), plan.peak.bytes);
}

/// Which layers each variant of a kernel is for.
static std::string kernels_text(const EmittedModel& emitted) {
  std::map<std::string, std::string> layers_of;
  for (std::size_t node = 0; node < emitted.layers.size(); ++node)
    if (const EmittedLayer& layer = emitted.layers[node]; !layer.kernel.empty())
      layers_of[layer.op + ", " + layer.kernel] += fmt::format(" {:02}", node);
  std::string text;
  for (const auto& [kernel, layers] : layers_of) text += fmt::format("  {}: layers{}\n", kernel, layers);
  return text.empty() ? "" : "kernels for this core (docs/kernels.md), where they apply:\n" + text;
}

std::string explanation(const EmittedModel& emitted) {
  const MemoryPlan& plan = emitted.plan;
  std::string text =
      fmt::format("planned for {}: an arena of {} B; at the peak {} B are alive, and no placement takes less\n",
                  name_of(emitted.optimize), plan.bytes, plan.peak.bytes);
  for (const PlannedBand& band : plan.bands) {
    const bool flows = band.band.last - band.band.first > 1;
    text += fmt::format("{:<18} {}: at most {} B alive", range_text(band.band), flows ? "rows flow" : "alone    ",
                        band.peak_bytes);
    if (flows)
      text += fmt::format("; one by one these layers would need {} B; rows are made {}", alone_bytes(plan, band.band),
                          band.order == Order::eager ? "as soon as they can be" : "only when they are needed");
    text += "\n";
  }
  text += "at the peak:\n";
  for (const Share& share : shares_of_peak(plan))
    text += fmt::format("  {:>8} B  {}{}\n", share.bytes, name_of_node(emitted, share.node),
                        share.tensor < 0 ? ", scratch or sums" : "");
  return text + kernels_text(emitted);
}

}  // namespace dragonet
