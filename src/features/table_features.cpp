#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "features/motion_features.h"
#include "features/motion_rows.h"
#include "features/table_settings.h"

namespace dragonet {

std::vector<Problem> problems_of(const TableFeatureSettings& settings) {
  constexpr std::size_t columns_at_most = motion_axes_max;
  const std::size_t columns = settings.columns.size();
  if (columns < 1 || columns > columns_at_most)
    return {{"columns", fmt::format("{} columns are not from 1 to {}", columns, columns_at_most),
             "name those that matter"}};
  if (settings.low.size() != columns || settings.high.size() != columns)
    return {{"low, high", "they are not one number for each column", "give the least and the largest value of each"}};
  std::vector<Problem> found;
  for (std::size_t c = 0; c < columns; ++c)
    if (!(settings.low[c] < settings.high[c]) || !std::isfinite(settings.high[c] - settings.low[c]))
      found.push_back({"low, high",
                       fmt::format("{} goes from {:g} to {:g}", settings.columns[c], settings.low[c], settings.high[c]),
                       "give a low that is below its high"});
  return found;
}

MotionFeatureSettings as_motion(const TableFeatureSettings& settings) {
  return {.rate_hz = 1,
          .axes = settings.columns,
          .full_scale = std::vector<double>(settings.columns.size(), 1),
          .window_samples = 2};  // the least there is; raw readings have no window
}

std::vector<std::int8_t> listened_features(const Readings& readings, const TableFeatureSettings& settings) {
  return motion_rows(readings.values, as_motion(settings));
}

std::vector<std::int8_t> features_of(const Raw& raw, const TableFeatureSettings& settings) {
  return listened_features(std::get<Readings>(raw), settings);
}

static std::string in_question(const std::string& name) { return name.empty() ? "" : " (" + name + "?)"; }

static std::size_t place_of(const NumberTable& table, const std::string& column) {
  const auto found = std::ranges::find(table.columns, column);
  if (found == table.columns.end())
    throw Error({table.source,
                 fmt::format("it has no column {}: its columns are {}", column, fmt::join(table.columns, ", ")),
                 fmt::format("rename a column{}, or remove the file", in_question(nearest(column, table.columns)))});
  return static_cast<std::size_t>(found - table.columns.begin());
}

/// low is -32768, high 32767 (a step below 32768); what lies outside is clamped.
static std::int16_t reading_of(double value, double low, double high) {
  const double share = (value - (low + high) / 2) / ((high - low) / 2);
  return static_cast<std::int16_t>(std::clamp(std::round(share * 32768), -32768.0, 32767.0));
}

std::vector<Readings> table_readings(const NumberTable& table, std::size_t first, std::size_t last,
                                     const TableFeatureSettings& settings) {
  std::vector<std::size_t> places;
  for (const std::string& column : settings.columns) places.push_back(place_of(table, column));
  std::vector<Readings> rows;
  for (std::size_t row = first; row < last; ++row) {
    Readings& readings = rows.emplace_back(Readings{.axes = static_cast<int>(places.size()), .values = {}});
    for (std::size_t c = 0; c < places.size(); ++c)
      readings.values.push_back(
          reading_of(table.values[row * table.columns.size() + places[c]], settings.low[c], settings.high[c]));
  }
  return rows;
}

static void require_alike(const std::vector<NumberTable>& examples) {
  if (examples.empty()) throw Error(Problem{"table features", "there is no example to look at", "add files of rows"});
  for (const NumberTable& other : examples)
    if (other.columns != examples[0].columns)
      throw Error({other.source,
                   fmt::format("its columns are {}, and those of {} are {}", fmt::join(other.columns, ", "),
                               examples[0].source, fmt::join(examples[0].columns, ", ")),
                   "give all files the same columns"});
}

/// Three digits are what a person would write.
static double tidy(double value) { return std::stod(fmt::format("{:.3g}", value)); }

/// Without the few that lie far beyond all others: one value of 1e38 would make all the rest the same.
static std::pair<double, double> usual_range(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return {0, 0};
  std::ranges::sort(values);
  const std::size_t few = values.size() < 20 ? 0 : std::max<std::size_t>(3, values.size() / 1000);
  const auto at = [&](double share) { return values[static_cast<std::size_t>(share * double(values.size() - 1))]; };
  const double beyond = at(0.95) > at(0.05) ? 50 * (at(0.95) - at(0.05)) : INFINITY;
  std::size_t first = 0, last = values.size() - 1;
  while (first < few && values[first] < at(0.05) - beyond) ++first;
  while (last + few >= values.size() && values[last] > at(0.95) + beyond) --last;
  return {values[first], values[last]};
}

/// Least and largest value, and a tenth of what lies between on both sides: others may go further.
static std::pair<double, double> range_of(const std::vector<NumberTable>& examples, std::size_t column) {
  std::vector<double> values;
  for (const NumberTable& table : examples)
    for (std::size_t i = column; i < table.values.size(); i += table.columns.size()) values.push_back(table.values[i]);
  const auto [low, high] = usual_range(std::move(values));
  const double margin = high > low ? 0.1 * (high - low) : 1;
  return {tidy(low - margin), tidy(high + margin)};
}

std::vector<std::string> table_notes(const NumberTable& table, const TableFeatureSettings& settings) {
  std::vector<std::string> notes;
  for (const std::string& column : table.columns)
    if (std::ranges::count(settings.columns, column) == 0)
      notes.push_back(fmt::format("column {} is left out: it is none of `columns` in dragonet.toml", column));
  for (std::size_t c = 0; c < settings.columns.size(); ++c) {
    const std::size_t place = place_of(table, settings.columns[c]);
    double low = INFINITY, high = -INFINITY;
    for (std::size_t i = place; i < table.values.size(); i += table.columns.size())
      low = std::min<double>(low, table.values[i]), high = std::max<double>(high, table.values[i]);
    if (low < settings.low[c] || high > settings.high[c])
      notes.push_back(
          fmt::format("{} goes from {:g} to {:g}, and what is beyond low and high in dragonet.toml is cut to "
                      "them; correct the rows, or change these settings",
                      settings.columns[c], low, high));
  }
  return notes;
}

TableFeatureSettings default_table_features(const std::vector<NumberTable>& examples) {
  require_alike(examples);
  TableFeatureSettings settings{.columns = examples[0].columns};
  for (std::size_t column = 0; column < settings.columns.size(); ++column) {
    const auto [low, high] = range_of(examples, column);
    settings.low.push_back(low), settings.high.push_back(high);
  }
  return settings;
}

}  // namespace dragonet
