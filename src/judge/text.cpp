#include "judge/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace dragonet {
namespace {

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }  // UTF-8: not a first byte

/// `count` characters from character `first` on.
std::string part(const std::string& text, std::size_t first, std::size_t count) {
  std::string result;
  std::size_t index = 0;  // of the next character
  for (const char byte : text) {
    index += !continues(byte);
    if (index > first && index <= first + count) result += byte;
  }
  return result;
}

/// The name without its middle: `back` characters of its end stay.
std::string cut(const std::string& name, std::size_t width, std::size_t back) {
  const std::size_t length = characters(name);
  return length <= width ? name : part(name, 0, width - 1 - back) + "…" + part(name, length - back, back);
}

std::string spaces(std::size_t count) { return std::string(count, ' '); }

std::string left(const std::string& text, std::size_t width) {
  return text + spaces(width - std::min(width, characters(text)));
}

std::string right(const std::string& text, std::size_t width) {
  return spaces(width - std::min(width, characters(text))) + text;
}

// Cells from 0 to 100 %: six greens for what is right, six reds for what is wrong, of the colour cube 16 + 36 r + 6 g +
// b; the darkest third of the scale keeps light text, so that it can be read on light and dark terminals alike.
constexpr std::array right_colours{236, 22, 28, 34, 40, 46};
constexpr std::array wrong_colours{236, 52, 88, 124, 160, 196};
constexpr std::array shades{" ", "░", "░", "▒", "▓", "█"};

std::size_t step(double share) {
  return share <= 0 ? 0 : 1 + std::min<std::size_t>(4, static_cast<std::size_t>(share * 5));
}

std::string painted(const std::string& text, double share, bool is_right) {
  const std::size_t i = step(share);
  const int text_colour = is_right && i >= 3 ? 16 : 231;  // black on light green, otherwise white
  return fmt::format("\x1b[38;5;{};48;5;{}m{}\x1b[0m", text_colour, (is_right ? right_colours : wrong_colours)[i],
                     text);
}

struct Table {
  const Confusion& confusion;
  std::span<const Score::Class> classes;  // none: the counts are all that is known
  TextOptions options;
  std::size_t name_width, cell_width;
  std::vector<std::string> row_names, column_names;
};

Table table_of(const Confusion& confusion, std::span<const Score::Class> classes,
               const std::vector<std::string>& labels, TextOptions options) {
  std::size_t longest = 5;  // "truth"
  for (const std::string& label : labels) longest = std::max(longest, characters(label));
  Table table{confusion, classes, options, std::min<std::size_t>(longest, 16), confusion.size() <= 6 ? 11u : 7u,
              {},        {}};
  table.row_names = cut_names(labels, table.name_width);
  table.column_names = cut_names(labels, table.cell_width - 1);
  return table;
}

std::string cell(const Table& table, std::size_t truth, std::size_t predicted, std::int64_t row_total) {
  if (row_total == 0) return right("–", table.cell_width);
  const double share = static_cast<double>(table.confusion[truth][predicted]) / static_cast<double>(row_total);
  const std::string text = right(percent(share), table.cell_width - 2);
  if (table.options.colour) return painted(text + "  ", share, truth == predicted);
  return text + " " + shades[step(share)];
}

/// How far the share that is right is known; "" without scores.
std::string known_text(const Table& table, std::size_t truth) {
  if (truth >= table.classes.size() || !table.classes[truth].recall) return "";
  return " " + range(*table.classes[truth].recall);
}

std::string row(const Table& table, std::size_t truth) {
  const auto& counts = table.confusion[truth];
  std::int64_t row_total = 0;
  for (const std::int64_t count : counts) row_total += count;
  std::string line = left(table.row_names[truth], table.name_width) + " ";
  for (std::size_t predicted = 0; predicted < counts.size(); ++predicted)
    line += cell(table, truth, predicted, row_total);
  return line + fmt::format("  {} of {}{}\n", counts[truth], row_total, known_text(table, truth));
}

std::string header(const Table& table) {
  std::string line = left("truth", table.name_width) + " ";
  for (const std::string& name : table.column_names) line += right(name, table.cell_width);
  return line + "  right\n";
}

/// At most `width` values, each the mean of as many neighbours as it stands for.
std::vector<double> shortened(const std::vector<double>& values, std::size_t width) {
  if (values.size() <= width) return values;
  std::vector<double> means;
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t first = i * values.size() / width, last = (i + 1) * values.size() / width;
    double sum = 0;
    for (std::size_t k = first; k < last; ++k) sum += values[k];
    means.push_back(sum / static_cast<double>(last - first));
  }
  return means;
}

std::vector<double> finite(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  return values;
}

/// Of the range of the values themselves; "?" for a loss that ran away.
std::string bars(const std::vector<double>& values) {
  static constexpr std::array steps{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const std::vector<double> known = finite(values);
  if (known.empty()) return std::string(values.size(), '?');
  const auto [low, high] = std::minmax_element(known.begin(), known.end());
  const double range = *high > *low ? *high - *low : 1;
  std::string text;
  for (const double value : values) text += std::isfinite(value) ? steps[std::lround((value - *low) / range * 7)] : "?";
  return text;
}

std::string curve(std::string_view name, std::span<const Epoch> history, double Epoch::*field, std::size_t width) {
  std::vector<double> values;
  for (const Epoch& epoch : history) values.push_back(epoch.*field);
  return fmt::format("{:<20} {:5.3f} {} {:5.3f}", name, values.front(), bars(shortened(values, width)), values.back());
}

std::string best_epoch(std::span<const Epoch> history) {
  std::string text;
  for (const Epoch& epoch : history)
    if (epoch.best) text = fmt::format("  best: epoch {}, {}", epoch.number, percent(epoch.validation_accuracy));
  return text;
}

}  // namespace

std::pair<std::string, std::string> told_apart(double a, double b, int digits) {
  constexpr int all_digits = 17;
  std::pair<std::string, std::string> texts;
  for (; digits <= all_digits; ++digits) {
    texts = {fmt::format("{:.{}g}", a, digits), fmt::format("{:.{}g}", b, digits)};
    if (texts.first != texts.second) break;
  }
  return texts;
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); }));
}

std::vector<std::string> cut_names(const std::vector<std::string>& names, std::size_t width) {
  std::vector<std::string> result;
  for (const std::size_t back : {std::size_t{0}, (width - 1) / 2, width - 1}) {
    result.clear();
    for (const std::string& name : names) result.push_back(cut(name, width, back));
    if (std::set(result.begin(), result.end()).size() == names.size()) break;
  }
  return result;
}

std::string percent(double share) { return fmt::format("{} %", std::lround(share * 100)); }

std::string range(const Interval& interval) {
  if (!interval.is_known()) return unknown_text(interval);
  return fmt::format("({}–{})", std::lround(interval.low * 100), std::lround(interval.high * 100));
}

std::string unknown_text(const Interval& interval) { return "(cannot know: " + interval.unknown + ")"; }

std::string percent(const Interval& interval) { return percent(interval.value) + " " + range(interval); }

static std::string text_of(const Table& table) {
  std::string text = spaces(table.name_width + 1) + "predicted\n" + header(table);
  for (std::size_t truth = 0; truth < table.confusion.size(); ++truth) text += row(table, truth);
  return text;
}

std::string confusion_text(const Confusion& confusion, const std::vector<std::string>& labels, TextOptions options) {
  return text_of(table_of(confusion, {}, labels, options));
}

std::string confusion_text(const Score& score, const std::vector<std::string>& labels, TextOptions options) {
  return text_of(table_of(score.confusion, score.classes, labels, options));
}

std::string training_curves_text(std::span<const Epoch> history, std::size_t width) {
  if (history.empty()) return {};
  return curve("training loss", history, &Epoch::train_loss, width) + "\n" +
         curve("validation loss", history, &Epoch::validation_loss, width) + "\n" +
         curve("validation accuracy", history, &Epoch::validation_accuracy, width) + best_epoch(history) + "\n";
}

}  // namespace dragonet
