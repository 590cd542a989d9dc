#include "judge/card.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "board/fit.h"
#include "judge/card_blocks.h"
#include "judge/card_template.h"
#include "judge/report_charts.h"
#include "judge/text.h"

namespace dragonet {
namespace {

constexpr double card_width = 960, margin = 36, column_gap = 48, block_gap = 24;
constexpr double content_width = card_width - 2 * margin, column_width = (content_width - column_gap) / 2;
constexpr double heading_size = 15, text_size = 13, small_size = 12, bar_height = 14;
constexpr std::size_t most_cells = 6;  // classes in a matrix: more, and their numbers become too small to read
constexpr std::size_t most_bars = 12;  // classes whose recall is shown

std::string track(double x, double y, double width) { return rectangle(x, y, width, bar_height, "track", 0.45); }

CardBlock heading(const std::string& words) {
  return {text(0, 13, heading_size, "bold", fitted(words, column_width, heading_size)), 17};
}

// --- the verdict ---

std::string facts(const Report& report) {
  std::string line;
  for (const std::string& fact : {report.title, report.model, report.date})
    if (!fact.empty()) line += (line.empty() ? "" : " · ") + fact;
  return line;
}

/// Nothing was tested, or the labels are not those of the test.
bool has_score(const Report& report) {
  return total(report.int8.confusion) > 0 && report.labels.size() == report.int8.confusion.size();
}

CardBlock verdict_block(const Report& report, double width) {
  constexpr double size = 20, line_height = 28;
  if (!has_score(report)) return {};
  CardBlock block;
  for (const std::string& line : wrapped(verdict(report), characters_in(width, size)))
    block.svg += text(0, (block.height += line_height) - 10, size, "", line);
  return block;
}

/// What it is, and in a sentence how good; beside it the dragon that dragon detectors have.
CardBlock header(const Report& report) {
  constexpr double scale = 0.72, dragon_width = 178 * scale, dragon_height = 146 * scale;
  const bool dragon = report.positive == "dragon" && has_score(report);
  const double width = content_width - (dragon ? dragon_width + 24 : 0);
  const std::string line = facts(report);
  const CardBlock what{line.empty() ? "" : text(0, 11, text_size, "soft", fitted(line, width, text_size)), 15};
  const CardBlock words = stacked({what, verdict_block(report, width)}, 8);
  if (!dragon) return words;
  const std::string drawn =
      fmt::format("<g class=\"dragon\" transform=\"scale({}) translate(-14 -5)\">\n{}</g>\n", scale, card_dragon);
  return {words.svg + placed(content_width - dragon_width, 0, drawn), std::max(words.height, dragon_height)};
}

// --- what it confuses ---

struct Grid {
  double left, top = 22, width, height;  // of the first cell: its corner and size
};

Grid grid_of(const std::vector<std::string>& names) {
  double left = 0;
  for (const std::string& name : names) left = std::max(left, width_of(name, text_size) + 12);
  const double classes = static_cast<double>(names.size());
  return {.left = left, .width = (column_width - left) / classes, .height = std::clamp(190 / classes, 34.0, 76.0)};
}

std::string cell(const Grid& grid, std::int64_t count, std::int64_t row_total, bool is_right, bool is_roomy) {
  constexpr double space = 3;  // between cells
  const double middle = grid.width / 2, size = std::clamp(std::round(grid.height * 0.36), 14.0, 26.0);
  if (row_total == 0) return text(middle, grid.height / 2 + 5, size, "soft", "–", "middle");
  const double share = static_cast<double>(count) / static_cast<double>(row_total);
  const double top = (grid.height - space - size - small_size - 2) / 2;
  const double opacity = is_right ? 0.06 + 0.5 * share : 0.04 + 0.8 * share;
  return rectangle(0, 0, grid.width - space, grid.height - space, is_right ? "right" : "wrong", opacity) +
         text(middle, top + 0.86 * size, size, "bold", percent(share), "middle") +
         text(middle, top + size + small_size, small_size, "",
              is_roomy ? fmt::format("{} of {}", count, row_total) : std::to_string(count), "middle");
}

std::string column_names(const Grid& grid, const std::vector<std::string>& labels) {
  const std::vector<std::string> names = cut_names(labels, characters_in(grid.width - 6, text_size));
  std::string svg;
  for (std::size_t i = 0; i < names.size(); ++i)
    svg += text(grid.left + grid.width * (static_cast<double>(i) + 0.5), 12, text_size, "soft", names[i], "middle");
  return svg;
}

std::string matrix_row(const Grid& grid, const std::vector<std::int64_t>& counts, std::size_t truth) {
  const std::int64_t row_total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  std::string svg;
  for (std::size_t i = 0; i < counts.size(); ++i)
    svg += placed(grid.left + grid.width * static_cast<double>(i), 0,
                  cell(grid, counts[i], row_total, i == truth, counts.size() <= 3));
  return svg;
}

CardBlock matrix(const Report& report) {
  const std::vector<std::string> names = cut_names(report.labels, 12);
  const Grid grid = grid_of(names);
  std::string svg = column_names(grid, report.labels);
  for (std::size_t truth = 0; truth < names.size(); ++truth)
    svg += placed(0, grid.top + grid.height * static_cast<double>(truth),
                  text(0, grid.height / 2 + 3, text_size, "", names[truth]) +
                      matrix_row(grid, report.int8.confusion[truth], truth));
  return {svg, grid.top + grid.height * static_cast<double>(names.size())};
}

/// The weakest classes first; those without samples know nothing of themselves and come last.
std::vector<std::size_t> by_recall(const Score& score) {
  std::vector<std::size_t> order(score.classes.size());
  std::iota(order.begin(), order.end(), 0);
  const auto recall_of = [&](std::size_t i) { return score.classes[i].recall ? score.classes[i].recall->value : 2; };
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return recall_of(a) < recall_of(b); });
  return order;
}

/// None where it cannot be known.
std::string interval_mark(const Interval& interval, double x, double y, double width) {
  if (!interval.is_known()) return "";
  const double low = x + width * interval.low, high = x + width * interval.high;
  return fmt::format("<path class=\"interval\" d=\"M{0:.1f} {2:.1f}v6m0 -3H{1:.1f}m0 -3v6\"/>\n", low, high, y - 3);
}

std::string recall_bar(const std::string& name, const std::optional<Interval>& recall) {
  constexpr double left = 122, width = column_width - left - 60;
  const std::string svg = text(0, 11, text_size, "", name) + track(left, 0, width);
  if (!recall) return svg + text(column_width, 11, text_size, "soft", "–", "end");
  return svg + rectangle(left, 0, width * recall->value, bar_height, "right", 0.75) +
         interval_mark(*recall, left, bar_height / 2, width) +
         (recall->is_known() ? "" : text(left + 6, 11, small_size, "soft", "cannot know: " + recall->unknown)) +
         text(column_width, 11, text_size, "bold", percent(recall->value), "end");
}

CardBlock recall_bars(const Report& report) {
  const std::vector<std::string> names = cut_names(report.labels, 14);
  std::vector<CardBlock> bars;
  for (const std::size_t i : by_recall(report.int8))
    if (bars.size() < most_bars) bars.push_back({recall_bar(names[i], report.int8.classes[i].recall), bar_height});
  return stacked(bars, 6);
}

CardBlock confusions(const Report& report) {
  if (!has_score(report)) return {};
  const std::size_t classes = report.labels.size();
  if (classes <= most_cells) return stacked({heading("Truth (rows) and answer (columns)"), matrix(report)}, 12);
  const std::string which =
      classes > most_bars ? fmt::format("the weakest {} of {}", most_bars, classes) : "weakest first";
  return stacked({heading("Found of each class, " + which), recall_bars(report)}, 14);
}

// --- how far to trust it ---

Claim honest_claim(const Report& report) {
  const std::string on = report.grouped ? fmt::format("on {} {}{} it never saw", report.int8.groups, report.unit,
                                                      report.int8.groups == 1 ? "" : "s")
                                        : "on samples it never saw";
  return {on, report.int8.balanced_accuracy};
}

/// A bar with its interval, and a mark at what guessing gets.
CardBlock claim_bar(const Claim& claim, double guessing) {
  constexpr double y = 18;
  const std::string value = percent(claim.interval);
  const double room = column_width - width_of(value, text_size) - 12;
  const std::string words = text(0, 11, text_size, claim.honest ? "" : "soft", fitted(claim.name, room, text_size)) +
                            text(column_width, 11, text_size, claim.honest ? "bold" : "soft", value, "end");
  const std::string bar = rectangle(0, y, column_width * claim.interval.value, bar_height,
                                    claim.honest ? "honest" : "pretended", claim.honest ? 0.75 : 0.4);
  return {words + track(0, y, column_width) + bar + vertical(column_width * guessing, y, bar_height, "guess") +
              interval_mark(claim.interval, 0, y + bar_height / 2, column_width),
          y + bar_height};
}

CardBlock guessing_note(double guessing) {
  const std::string words = "guessing gets " + percent(guessing);
  const double x = std::min(column_width * guessing, column_width - width_of(words, small_size));
  return {text(x, 9, small_size, "soft", words), 12};
}

CardBlock claims(const Report& report) {
  if (!has_score(report)) return {};
  const double guessing = 1.0 / static_cast<double>(report.labels.size());
  std::vector<CardBlock> bars{claim_bar(honest_claim(report), guessing)};
  if (report.random_split)
    bars.push_back(claim_bar({"a random split would have claimed", *report.random_split, false}, guessing));
  return stacked(
      {heading("Balanced accuracy, 95 % interval"), stacked({stacked(bars, 10), guessing_note(guessing)}, 5)}, 10);
}

// --- what it takes ---

struct Part {
  const char *name, *css;  // as in the memory map
  std::uint32_t bytes;
};

struct Gauge {
  const char* name;
  std::vector<Part> parts;
  std::uint32_t total, limit;
};

std::string gauge_words(const Gauge& gauge) {
  const std::string used = bytes_text(gauge.total) + " of " + bytes_text(gauge.limit);
  if (gauge.total <= gauge.limit) return used;
  return used + ", " + bytes_text(gauge.total - gauge.limit) + " too much";
}

/// The parts one after the other; of a total without parts, one block.
std::string gauge_bar(const Gauge& gauge, double y) {
  const double scale = column_width / std::max(gauge.total, gauge.limit);
  std::string svg = track(0, y, column_width);
  double x = 0;
  for (const Part& part : gauge.parts) {
    svg += rectangle(x, y, part.bytes * scale, bar_height, part.css);
    x += part.bytes * scale;
  }
  if (x == 0) svg += rectangle(0, y, gauge.total * scale, bar_height, "firmware");
  return gauge.total > gauge.limit ? svg + vertical(gauge.limit * scale, y - 3, bar_height + 6, "limit") : svg;
}

std::string key(const std::vector<Part>& parts, double y) {
  std::string svg;
  double x = 0;
  for (const Part& part : parts) {
    if (part.bytes == 0) continue;
    svg += rectangle(x, y - 8, 8, 8, part.css) + text(x + 13, y, small_size, "soft", part.name);
    x += 13 + width_of(part.name, small_size) + 14;
  }
  return svg;
}

CardBlock gauge_block(const Gauge& gauge) {
  if (gauge.limit == 0) return {};
  return {text(0, 11, text_size, "", gauge.name) +
              text(column_width, 11, text_size, gauge.total > gauge.limit ? "no" : "", gauge_words(gauge), "end") +
              gauge_bar(gauge, 18) + key(gauge.parts, 18 + bar_height + 14),
          18 + bar_height + 18};
}

Gauge gauge_of(const FlashUse& flash) {
  const std::vector<Part> parts{{"constants", "constants", flash.constants},
                                {"model code", "model_code", flash.model_code},
                                {"firmware", "firmware", flash.firmware_code}};
  return {"Flash", parts, flash.total, flash.limit};
}

Gauge gauge_of(const RamUse& ram) {
  const std::vector<Part> parts{{"activations", "activations", ram.activations},
                                {"features", "features", ram.features},
                                {"input", "input", ram.input},
                                {"variables", "variables", ram.static_},
                                {"stack", "stack", ram.stack}};
  return {"RAM", parts, ram.total, ram.limit};
}

CardBlock memories(const Report& report) {
  const CardBlock gauges = stacked({gauge_block(gauge_of(report.flash)), gauge_block(gauge_of(report.ram))}, 10);
  if (gauges.svg.empty()) return {};
  return stacked({heading(report.board.empty() ? "On the board" : report.board), gauges}, 10);
}

std::string amount(std::uint64_t number, const char* unit) {
  return number < 1'000'000 ? fmt::format("{} {}", number, unit) : fmt::format("{:.2f} million {}", number / 1e6, unit);
}

std::string costs(const Report& report) {
  std::vector<std::string> known;
  if (report.instructions > 0) known.push_back(amount(report.instructions, "instructions"));
  if (report.cycles > 0) known.push_back(amount(report.cycles, "cycles"));
  return fmt::format("{}", fmt::join(known, ", "));
}

CardBlock duration(double ms) {
  constexpr double size = 20;
  if (ms <= 0) return {};
  const std::string words = fmt::format("{:.{}f} ms", ms, ms < 10 ? 1 : 0);
  return {text(0, 16, size, "bold", words) +
              text(width_of(words, size) + 10, 16, text_size, "", "with the flash's wait states"),
          20};
}

CardBlock inference(const Report& report) {
  const std::string cost = costs(report);
  const CardBlock counts{cost.empty() ? "" : text(0, 11, text_size, "soft", cost), 15};
  const CardBlock both = stacked({duration(report.ms), counts}, 6);
  return both.svg.empty() ? both : stacked({heading("One inference"), both}, 8);
}

/// What an inference takes goes where there is more room.
CardBlock columns(const Report& report) {
  CardBlock left = confusions(report), right = stacked({claims(report), memories(report)}, block_gap);
  CardBlock& shorter = left.height <= right.height ? left : right;
  shorter = stacked({shorter, inference(report)}, block_gap);
  return side_by_side(left, right, column_width + column_gap);
}

}  // namespace

std::string result_card_svg(const Report& report) {
  const CardBlock card = stacked({header(report), columns(report)}, block_gap);
  const double height = card.height + 2 * margin;
  const std::string name = has_score(report) ? verdict(report) : report.title;
  return fmt::format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
             "viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" aria-label=\"{2}\">\n",
             card_width, height, xml_text(name)) +
         card_style +
         fmt::format("<rect x=\"0.5\" y=\"0.5\" width=\"{:.0f}\" height=\"{:.0f}\" rx=\"10\" class=\"paper\"/>\n",
                     card_width - 1, height - 1) +
         placed(margin, margin, card.svg) + "</svg>\n";
}

}  // namespace dragonet
