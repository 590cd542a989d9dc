// A table of readings. What each column is follows from its name, or from its values where it has none; every guess
// leaves a note.
#include "data/motion_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <set>

#include "base/error.h"
#include "data/column_names.h"
#include "data/text_table.h"

namespace dragonet {
namespace {

constexpr std::size_t problems_told = 5, axes_at_most = 64;

struct Column {
  enum Use { axis, time, label, left_out };
  std::string name, unit;
  Use use = axis;
  std::vector<double> numbers;  // of axes and times
};

/// A table while it is read.
struct MotionTable {
  std::string source;
  bool has_header = false;
  char separator = ',';
  std::vector<Column> columns;
  TimedReadings readings;
  std::vector<Problem> found;

  void note(std::string sentence) { readings.notes.push_back(std::move(sentence)); }
  std::size_t count(Column::Use use) const { return std::ranges::count(columns, use, &Column::use); }
  void complain(int line, std::string column, std::string what, std::string next) {
    const std::string where = column.empty() ? fmt::format("{}, line {}", source, line)
                                             : fmt::format("{}, line {}, column {}", source, line, column);
    found.push_back({where, std::move(what), std::move(next)});
  }
};

using Cells = std::vector<std::string>;

/// A number, or what stands where one is missing.
bool may_be_number(const std::string& cell, char separator) {
  const std::string word = lower(cell);
  return number_in(cell, separator) || word.empty() || word == "nan" || word == "inf" || word == "-inf" ||
         word == "na" || word == "null";
}

/// A header has no number, and names at least one column that then holds numbers.
bool is_header(const Cells& first, const Cells& second, char separator) {
  bool names_numbers = second.empty();
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (number_in(first[i], separator)) return false;
    if (i < second.size() && number_in(second[i], separator)) names_numbers = true;
  }
  return names_numbers;
}

Column::Use use_of(const Column& column, const std::string& example, char separator) {
  if (is_label_name(column.name)) return Column::label;
  if (is_time_name(column.name)) return Column::time;
  if (!may_be_number(example, separator)) return Column::label;  // or left out: see choose_label
  return is_count_name(column.name) ? Column::left_out : Column::axis;
}

/// A cell as messages show it: hostile files have long ones.
std::string shown(std::string_view text) {
  std::string out(text.substr(0, 30));
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) < 32; }, '?');
  return out;
}

std::string title_of(const Column& column, std::size_t index) {
  return column.name.empty() ? fmt::format("{}", index + 1) : fmt::format("{} ({})", index + 1, shown(column.name));
}

/// Columns of text: the one named as a label is it, or the only one.
void choose_label(MotionTable& table) {
  const auto is_named = [](const Column& c) { return c.use == Column::label && is_label_name(c.name); };
  const bool named = std::ranges::any_of(table.columns, is_named);
  if (!named && table.count(Column::label) == 1 && !table.has_header)
    table.note("the column that is no number is taken for the label");
  bool taken = false;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    Column& column = table.columns[i];
    if (column.use != Column::label) continue;
    const bool is_it = !taken && (named ? is_named(column) : table.count(Column::label) == 1);
    taken |= is_it;
    if (is_it) continue;
    column.use = Column::left_out;
    table.note(fmt::format("column {} is text and not the label; it is left out", title_of(column, i)));
  }
}

/// Phone loggers give the time twice: since 1970, and since the start.
void choose_time(MotionTable& table) {
  bool taken = false;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    Column& column = table.columns[i];
    if (column.use != Column::time) continue;
    if (taken) {
      column.use = Column::left_out;
      table.note(fmt::format("column {} is another time; it is left out", title_of(column, i)));
    }
    taken = true;
  }
}

Column column_of(const MotionTable& table, const std::string& title, const std::string& example) {
  NameAndUnit named = table.has_header ? name_and_unit(title) : NameAndUnit{};
  Column column{.name = std::move(named.name), .unit = std::move(named.unit)};
  column.use = use_of(column, example, table.separator);
  const bool nameless = column.use == Column::left_out && !table.has_header;
  if (nameless) column.use = Column::axis;
  return column;
}

void name_columns(MotionTable& table, const Cells& first, const Cells& second) {
  table.has_header = is_header(first, second, table.separator);
  for (std::size_t i = 0; i < first.size(); ++i) {
    const std::string example = !table.has_header ? first[i] : i < second.size() ? second[i] : "";
    table.columns.push_back(column_of(table, first[i], example));
    if (table.columns.back().use == Column::left_out)
      table.note(fmt::format("column {} counts rows; it is left out", title_of(table.columns.back(), i)));
  }
  choose_label(table);
  choose_time(table);
}

int label_index(TimedReadings& readings, std::string_view label) {
  if (label.empty()) return -1;
  const auto at = std::ranges::find(readings.labels, label);
  if (at != readings.labels.end()) return static_cast<int>(at - readings.labels.begin());
  readings.labels.emplace_back(label);
  return static_cast<int>(readings.labels.size()) - 1;
}

void add_number(MotionTable& table, std::size_t i, std::string_view cell, int line) {
  Column& column = table.columns[i];
  const std::optional<double> number = number_in(cell, table.separator);
  column.numbers.push_back(number.value_or(0));
  const bool fits = column.use == Column::time || std::abs(column.numbers.back()) <= std::numeric_limits<float>::max();
  if (number && fits) return;
  const std::string what = cell.empty() ? "the cell is empty" : fmt::format("\"{}\" is no finite number", shown(cell));
  const char* next = column.use == Column::time ? "give times in seconds or milliseconds"
                                                : "correct it, or remove the line: the times tell of the gap";
  table.complain(line, title_of(column, i), what, next);
}

void add_row(MotionTable& table, const TextTable& text) {
  const auto& cells = text.cells();
  if (cells.size() != table.columns.size()) {
    if (text.is_cut_off() && cells.size() < table.columns.size()) {
      table.note(fmt::format("the last line, {}, was cut off and is left out", text.line()));
      return;
    }
    table.complain(text.line(), "",
                   fmt::format("it has {} cells, and the first line {}", cells.size(), table.columns.size()),
                   "give every line the same columns");
    return;
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Column::Use use = table.columns[i].use;
    if (use == Column::label) table.readings.label_of.push_back(label_index(table.readings, cells[i]));
    if (use == Column::axis || use == Column::time) add_number(table, i, cells[i], text.line());
  }
  table.readings.lines.push_back(text.line());
}

void read_rows(MotionTable& table, TextTable& text) {
  text.rewind();
  if (table.has_header) text.next();
  while (table.found.size() < problems_told && text.next()) add_row(table, text);
  if (!table.found.empty()) throw Error(std::move(table.found));
}

bool counts_up(const std::vector<double>& numbers) {
  for (std::size_t i = 1; i < numbers.size(); ++i)
    if (numbers[i] != numbers[i - 1] + 1) return false;
  return numbers.size() > 2;
}

/// Without a header, the first column may be a time or the number of the row.
void find_time(MotionTable& table) {
  if (table.has_header || table.count(Column::axis) < 2) return;
  const auto first = std::ranges::find(table.columns, Column::axis, &Column::use);
  const std::string title = title_of(*first, static_cast<std::size_t>(first - table.columns.begin()));
  if (counts_up(first->numbers)) {
    first->use = Column::left_out;
    table.note(fmt::format("column {} counts the rows; it is left out", title));
  } else if (looks_like_time(first->numbers)) {
    first->use = Column::time;
    table.note(fmt::format("column {} grows evenly and is taken for the time", title));
  }
}

double median_step(const std::vector<double>& numbers) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < numbers.size(); ++i)
    if (numbers[i] != numbers[i - 1]) steps.push_back(std::abs(numbers[i] - numbers[i - 1]));
  if (steps.empty()) return 0;
  std::ranges::nth_element(steps, steps.begin() + std::ssize(steps) / 2);
  return steps[steps.size() / 2];
}

void take_times(MotionTable& table) {
  const auto column = std::ranges::find(table.columns, Column::time, &Column::use);
  if (column == table.columns.end()) return;
  if (seconds_in(column->unit) == 0) {
    column->unit = guessed_time_unit(column->numbers);
    table.note(
        fmt::format("the times are taken for {}: they are {:g} apart", column->unit, median_step(column->numbers)));
  }
  table.readings.times_s = std::move(column->numbers);
  const double start = table.readings.times_s.empty() ? 0 : table.readings.times_s[0];
  for (double& time : table.readings.times_s) time = (time - start) * seconds_in(column->unit);
}

void check_axes(const MotionTable& table, int line) {
  const auto refuse = [&](std::string what, std::string next) {
    throw Error(Problem{fmt::format("{}, line {}", table.source, line), std::move(what), std::move(next)});
  };
  const std::vector<std::string>& axes = table.readings.axes;
  if (axes.empty()) refuse("no column holds readings of a sensor", "give a column of numbers for each axis");
  if (axes.size() > axes_at_most)
    refuse(fmt::format("it has {} axes, and up to {} are read", axes.size(), axes_at_most), "leave some out");
  std::set<std::string> seen;
  for (const std::string& axis : axes)
    if (!seen.insert(axis).second)
      refuse(fmt::format("two columns are named {}", shown(axis)), "give each axis a name of its own");
}

void take_axes(MotionTable& table) {
  std::vector<const Column*> axes;
  for (const Column& column : table.columns)
    if (column.use == Column::axis) axes.push_back(&column);
  for (std::size_t a = 0; a < axes.size(); ++a) {
    table.readings.axes.push_back(table.has_header ? axes[a]->name : default_axis_name(a, axes.size()));
    table.readings.units.push_back(axes[a]->unit);
  }
  check_axes(table, 1);
  for (std::size_t i = 0; i < table.readings.lines.size(); ++i)
    for (const Column* axis : axes) table.readings.values.push_back(static_cast<float>(axis->numbers[i]));
}

Cells copied(const std::vector<std::string_view>& cells) { return {cells.begin(), cells.end()}; }

}  // namespace

bool looks_like_time(const std::vector<double>& numbers) {
  if (numbers.size() < 3) return false;
  const double mean = (numbers.back() - numbers.front()) / static_cast<double>(numbers.size() - 1);
  for (std::size_t i = 1; i < numbers.size(); ++i)
    if (numbers[i] < numbers[i - 1] || numbers[i] - numbers[i - 1] > 3 * mean) return false;
  return mean > 0;
}

// Motion is read between once and a thousand times a second, so steps under 1 are seconds, under 1000 milliseconds.
std::string guessed_time_unit(const std::vector<double>& times) {
  const double step = median_step(times);
  if (step < 1) return "s";
  return step < 1e3 ? "ms" : step < 1e6 ? "us" : "ns";
}

std::string default_axis_name(std::size_t axis, std::size_t axes) {
  return axes == 3 ? std::string(1, "xyz"[axis]) : fmt::format("a{}", axis + 1);
}

TimedReadings read_motion_table(const fs::path& path) {
  TextTable text(path);
  MotionTable table{.source = path.string()};
  if (!text.next())
    throw Error(Problem{.where = table.source, .what = "it is empty", .next = "record again, or remove it"});
  table.separator = text.separator();
  table.readings.source = table.source;
  const Cells first = copied(text.cells());
  name_columns(table, first, text.next() ? copied(text.cells()) : Cells{});
  read_rows(table, text);
  // From here on every line holds what its columns promise.

  find_time(table);
  take_times(table);
  take_axes(table);
  return std::move(table.readings);
}

}  // namespace dragonet
