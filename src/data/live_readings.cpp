#include "data/live_readings.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "data/column_names.h"
#include "data/column_values.h"
#include "data/motion_table.h"
#include "data/text_table.h"

namespace dragonet {

static std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells{""};
  for (const char c : trimmed(line)) {
    if (c == ',' || c == '\t' || c == ';')
      cells.emplace_back();
    else if (static_cast<unsigned char>(c) >= 32 && c != '"')  // quotes would open a cell of the table
      cells.back() += c;
  }
  for (std::string& cell : cells) cell = std::string(trimmed(cell));
  return cells;
}

/// None: a cell is no number.
static std::optional<std::vector<double>> numbers_of(const std::vector<std::string>& cells) {
  std::vector<double> numbers;
  for (const std::string& cell : cells) {
    const std::optional<double> number = number_in(cell, ',');
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

/// Names, before the first reading: no cell is a number or empty.
bool LiveReadings::takes_header(const std::vector<std::string>& cells) {
  const auto is_name = [](const std::string& cell) { return !cell.empty() && !number_in(cell, ','); };
  if (!arrivals_s_.empty() || !titles_.empty() || !std::ranges::all_of(cells, is_name)) return false;
  if (cells.size() < 2 && name_and_unit(cells[0]).unit.empty()) return false;  // a greeting: "Started"
  titles_ = cells;
  columns_.assign(cells.size(), {});
  return true;
}

void LiveReadings::take(std::string_view line, double now_s) {
  const std::vector<std::string> cells = cells_of(line);
  if (takes_header(cells)) {
    is_first_ = false;
    return;
  }
  const std::optional<std::vector<double>> numbers = numbers_of(cells);
  const bool fits = numbers && !is_first_ && (columns_.empty() || columns_.size() == numbers->size());
  is_first_ = false;
  if (!fits) {
    ++skipped_;
    return;
  }
  columns_.resize(numbers->size());
  for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].push_back((*numbers)[i]);
  arrivals_s_.push_back(now_s);
}

/// The board's own; as many as there are columns: none.
std::size_t LiveReadings::time_column() const {
  for (std::size_t i = 0; i < titles_.size(); ++i)
    if (is_time_name(name_and_unit(titles_[i]).name)) return i;
  const bool may_have = titles_.empty() && columns_.size() > 1 && columns_.size() != given_titles_.size();
  const bool first_is = may_have && looks_like_time(columns_[0]);
  return first_is ? 0 : columns_.size();
}

std::vector<double> LiveReadings::times_ms(double rate_hz) const {
  std::vector<double> times(readings());
  const std::size_t own = time_column();
  if (own < columns_.size()) {
    const double named = titles_.empty() ? 0 : seconds_in(name_and_unit(titles_[own]).unit);
    const double unit_s = named > 0 ? named : seconds_in(guessed_time_unit(columns_[own]));
    for (std::size_t i = 0; i < times.size(); ++i) times[i] = (columns_[own][i] - columns_[own][0]) * unit_s * 1e3;
    return times;
  }
  const double lasted_s = times.empty() ? 0 : arrivals_s_.back() - arrivals_s_.front();
  const double interval_ms = rate_hz > 0 ? 1e3 / rate_hz : 1e3 * lasted_s / std::max<double>(1, times.size() - 1.0);
  for (std::size_t i = 0; i < times.size(); ++i) times[i] = interval_ms * static_cast<double>(i);
  return times;
}

std::size_t LiveReadings::axes() const { return columns_.size() - (time_column() < columns_.size()); }

std::vector<std::string> LiveReadings::axis_titles() const {
  std::vector<std::string> titles = titles_;
  if (const std::size_t own = time_column(); own < titles.size())
    titles.erase(titles.begin() + static_cast<std::ptrdiff_t>(own));
  return titles;
}

std::string LiveReadings::header() const {
  std::vector<std::string> titles = axis_titles().empty() ? given_titles_ : axis_titles();
  const std::size_t count = axes();
  std::string text = "t_ms";
  for (std::size_t a = 0; a < count; ++a)
    text += "," + (titles.size() == count ? titles[a] : default_axis_name(a, count));
  return text + "\n";
}

std::string LiveReadings::table(double rate_hz) const {
  const std::vector<double> times = times_ms(rate_hz);
  const std::size_t own = time_column();
  std::string text = header();
  for (std::size_t i = 0; i < times.size(); ++i) {
    text += fmt::format("{:.3f}", times[i]);
    for (std::size_t c = 0; c < columns_.size(); ++c)
      if (c != own) text += fmt::format(",{:.9g}", columns_[c][i]);
    text += '\n';
  }
  return text;
}

}  // namespace dragonet
