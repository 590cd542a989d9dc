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
#include "data/column_values.h"
#include "data/text_table.h"
#include "data/timestamps.h"

namespace dragonet {
namespace {

constexpr std::size_t problems_told = 5, axes_at_most = 64;

struct Column {
  enum Use { axis, time, label, left_out };
  std::string name, unit;
  Use use = axis;
  bool is_certain = false;      // the caller wants it as an axis
  bool is_text_time = false;    // dates with times of day
  std::vector<double> numbers;  // of axes and times
  std::vector<Problem> found = {};
  std::size_t missing = 0;  // cells of it that are empty
};

/// A table while it is read.
struct MotionTable {
  std::string source;
  std::vector<std::string> wanted;  // columns that are axes whatever they look like
  bool has_header = false;
  char separator = ',';
  std::vector<Column> columns;
  TimedReadings readings;
  std::vector<Problem> found;
  bool drops_empty_cells = false;  // behind the last column

  void note(std::string sentence) { readings.notes.push_back(std::move(sentence)); }
  std::size_t count(Column::Use use) const { return std::ranges::count(columns, use, &Column::use); }
  std::string line_at(int line) const { return fmt::format("{}, line {}", source, line); }
};

using Cells = std::vector<std::string>;

bool is_missing(std::string_view cell) {
  const std::string word = lower(cell);
  return word.empty() || word == "nan" || word == "na" || word == "null";
}

/// A number, or what stands where one is missing.
bool may_be_number(const std::string& cell, char separator) {
  const std::string word = lower(cell);
  return number_in(cell, separator) || is_missing(cell) || word == "inf" || word == "-inf";
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
  const bool is_number = may_be_number(example, separator);
  if (column.is_certain && is_number) return Column::axis;
  if (is_label_name(column.name)) return Column::label;
  if (is_time_name(column.name)) return Column::time;
  if (!is_number) return Column::label;  // or left out: see choose_label
  return is_count_name(column.name) || is_number_name(column.name) ? Column::left_out : Column::axis;
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

/// How to have a column as an axis that is taken for something else.
constexpr const char* overrule = "; name it in `axes` in dragonet.toml if it is an axis";

void leave_out(MotionTable& table, std::size_t i, const char* why) {
  Column& column = table.columns[i];
  column.use = Column::left_out;
  const bool has_name = !column.name.empty();
  table.note(fmt::format("column {} {}; it is left out{}", title_of(column, i), why, has_name ? overrule : ""));
  if (has_name) table.readings.left_out.push_back(column.name);
}

Column column_of(const MotionTable& table, const std::string& title, const std::string& example) {
  NameAndUnit named = table.has_header ? name_and_unit(title) : NameAndUnit{};
  Column column{.name = std::move(named.name), .unit = std::move(named.unit)};
  column.is_certain = std::ranges::count(table.wanted, column.name) > 0;
  column.use = use_of(column, example, table.separator);
  column.is_text_time = seconds_of_timestamp(example).has_value() && !is_label_name(column.name);
  if (column.is_text_time) column.use = Column::time, column.unit = "s";
  const bool nameless = column.use == Column::left_out && column.name.empty();  // what it holds is asked later
  if (nameless) column.use = Column::axis;
  return column;
}

void name_columns(MotionTable& table, const Cells& first, const Cells& second) {
  table.has_header = is_header(first, second, table.separator);
  for (std::size_t i = 0; i < first.size(); ++i) {
    const std::string example = !table.has_header ? first[i] : i < second.size() ? second[i] : "";
    table.columns.push_back(column_of(table, first[i], example));
    const Column& column = table.columns.back();
    if (column.use == Column::left_out)
      leave_out(table, i, is_count_name(column.name) ? "counts rows" : "numbers persons, sessions or the like");
  }
  choose_label(table);
}

int label_index(TimedReadings& readings, std::string_view label) {
  if (label.empty()) return -1;
  const auto at = std::ranges::find(readings.labels, label);
  if (at != readings.labels.end()) return static_cast<int>(at - readings.labels.begin());
  readings.labels.emplace_back(label);
  return static_cast<int>(readings.labels.size()) - 1;
}

void complain(Column& column, std::string where, std::string what, const char* next) {
  if (column.found.size() < problems_told) column.found.push_back({std::move(where), std::move(what), next});
}

void add_number(MotionTable& table, std::size_t i, std::string_view cell, int line) {
  Column& column = table.columns[i];
  const std::optional<double> number =
      column.is_text_time ? seconds_of_timestamp(cell) : number_in(cell, table.separator);
  column.numbers.push_back(number.value_or(0));
  column.missing += is_missing(cell);
  const bool fits = column.use == Column::time || std::abs(column.numbers.back()) <= std::numeric_limits<float>::max();
  if (number && fits) return;
  complain(column, fmt::format("{}, column {}", table.line_at(line), title_of(column, i)),
           cell.empty() ? "the cell is empty"
                        : fmt::format("\"{}\" is no {}", shown(cell),
                                      column.is_text_time ? "date with a time of day" : "finite number"),
           column.use == Column::time ? "give times in seconds or milliseconds, or all as 2024-05-01T12:00:00.020"
                                      : "correct it, or remove the line: the times tell of the gap");
}

/// Spreadsheets end lines with separators. Cells beyond the first line's are no matter while they are empty, and so are
/// missing ones of columns without a name.
bool has_all_columns(MotionTable& table, const std::vector<std::string_view>& cells) {
  const std::size_t wanted = table.columns.size();
  const auto is_empty = [](std::string_view cell) { return cell.empty(); };
  const auto is_nameless = [](const Column& column) { return column.name.empty(); };
  if (cells.size() < wanted)
    return table.has_header && std::all_of(table.columns.begin() + std::ssize(cells), table.columns.end(), is_nameless);
  if (cells.size() > wanted) table.drops_empty_cells = true;
  return std::all_of(cells.begin() + std::ssize(table.columns), cells.end(), is_empty);
}

void add_row(MotionTable& table, const TextTable& text) {
  const auto& cells = text.cells();
  if (!has_all_columns(table, cells)) {
    if (text.is_cut_off() && cells.size() < table.columns.size()) {
      table.note(fmt::format("the last line, {}, was cut off and is left out", text.line()));
      return;
    }
    table.found.push_back({table.line_at(text.line()),
                           fmt::format("it has {} cells, and the first line {}", cells.size(), table.columns.size()),
                           "give every line the same columns"});
    return;
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string_view cell = i < cells.size() ? cells[i] : std::string_view();
    const Column::Use use = table.columns[i].use;
    if (use == Column::label) table.readings.label_of.push_back(label_index(table.readings, cell));
    if (use == Column::axis || use == Column::time) add_number(table, i, cell, text.line());
  }
  table.readings.lines.push_back(text.line());
}

void read_rows(MotionTable& table, TextTable& text) {
  text.rewind();
  if (table.has_header) text.next();
  while (table.found.size() < problems_told && text.next()) add_row(table, text);
  if (!table.found.empty()) throw Error(std::move(table.found));
  if (table.drops_empty_cells) table.note("empty cells behind the last column are left out");
}

void leave_out_empty(MotionTable& table) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    Column& column = table.columns[i];
    if (column.numbers.empty() || column.missing < column.numbers.size()) continue;
    column.use = Column::left_out;
    table.note(fmt::format("column {} is empty; it is left out", title_of(column, i)));
  }
}

/// What a program writes that numbers rows.
void leave_out_nameless(MotionTable& table) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    if (table.has_header && column.use == Column::axis && column.name.empty()) leave_out(table, i, "has no name");
  }
}

std::size_t different_numbers(const std::vector<double>& numbers) {
  return std::set<double>(numbers.begin(), numbers.end()).size();
}

/// Phone loggers give the time twice, since 1970 and since the start: the finer one is taken.
void choose_time(MotionTable& table) {
  if (table.count(Column::time) < 2) return;
  std::size_t best = table.columns.size(), most = 0;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    const std::size_t different = column.use == Column::time ? 1 + different_numbers(column.numbers) : 0;
    const bool is_better = column.found.empty() ? different > most : most == 0 && different > 0;
    if (is_better) best = i, most = different;
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (table.columns[i].use == Column::time && i != best) leave_out(table, i, "is another time");
}

constexpr std::size_t rows_to_judge = 8;  // fewer may well rise by chance

bool is_doubtful(const MotionTable& table, std::size_t i) {
  const Column& column = table.columns[i];
  const std::size_t wanted = table.has_header ? rows_to_judge : 3;
  const bool is_of_1970 = !unix_time_unit(column.numbers).empty();
  return column.use == Column::axis && !column.is_certain && (is_of_1970 || column.numbers.size() >= wanted);
}

bool is_clock(const std::vector<double>& numbers) {
  return looks_like_time(numbers) || (numbers.size() > 1 && !unix_time_unit(numbers).empty());
}

/// A column that no name tells of may be the time. Without a header it is the first, or one of times since 1970.
void find_time(MotionTable& table) {
  if (table.count(Column::time) > 0 || table.count(Column::axis) < 2) return;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    Column& column = table.columns[i];
    const bool may_be = table.has_header || i == 0 || !unix_time_unit(column.numbers).empty();
    if (!may_be || !is_doubtful(table, i) || counts_up(column.numbers) || !is_clock(column.numbers)) continue;
    column.use = Column::time;
    table.note(fmt::format("column {} grows evenly and is taken for the time{}", title_of(column, i),
                           table.has_header ? overrule : ""));
    return;
  }
}

/// Of an axis that is none; null: it may be one.
const char* doubt_of(const MotionTable& table, std::size_t i, const std::vector<double>& times) {
  const std::vector<double>& numbers = table.columns[i].numbers;
  if (!is_doubtful(table, i)) return nullptr;
  if (counts_up(numbers)) return "counts the rows";
  const bool may_be = table.has_header || !unix_time_unit(numbers).empty();
  return may_be && (is_clock(numbers) || runs_with(numbers, times)) ? "grows with time, as a clock does" : nullptr;
}

/// Clocks and counters under whatever name. Where nothing else would remain, they are the readings.
void leave_out_clocks(MotionTable& table) {
  const auto time = std::ranges::find(table.columns, Column::time, &Column::use);
  const std::vector<double> times = time == table.columns.end() ? std::vector<double>() : time->numbers;
  std::vector<std::pair<std::size_t, const char*>> doubts;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (const char* doubt = doubt_of(table, i, times)) doubts.emplace_back(i, doubt);
  if (doubts.size() == table.count(Column::axis)) return;
  for (const auto& [i, doubt] : doubts) leave_out(table, i, doubt);
}

/// The first of what is wrong in the columns that are used.
void check_cells(const MotionTable& table) {
  std::vector<Problem> found;
  for (const Column& column : table.columns)
    if (column.use == Column::axis || column.use == Column::time)
      found.insert(found.end(), column.found.begin(), column.found.end());
  if (found.size() > problems_told) found.resize(problems_told);
  if (!found.empty()) throw Error(std::move(found));
}

void take_times(MotionTable& table) {
  const auto column = std::ranges::find(table.columns, Column::time, &Column::use);
  if (column == table.columns.end()) return;
  if (column->is_text_time && !is_time_name(column->name))
    table.note(fmt::format("column {} holds dates with times of day and is taken for the time",
                           title_of(*column, static_cast<std::size_t>(column - table.columns.begin()))));
  if (seconds_in(column->unit) == 0) {
    column->unit = guessed_time_unit(column->numbers);
    table.note(
        fmt::format("the times are taken for {}: they are {:g} apart; name the column t_s, t_ms, t_us or t_ns if not",
                    column->unit, median_step(column->numbers)));
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

std::string default_axis_name(std::size_t axis, std::size_t axes) {
  return axes == 3 ? std::string(1, "xyz"[axis]) : fmt::format("a{}", axis + 1);
}

TimedReadings read_motion_table(const fs::path& path, const std::vector<std::string>& axes) {
  TextTable text(path);
  MotionTable table{.source = path.string(), .wanted = axes};
  if (!text.next())
    throw Error(Problem{.where = table.source, .what = "it is empty", .next = "record again, or remove it"});
  table.separator = text.separator();
  table.readings.source = table.source;
  if (text.is_latin1()) table.note(latin1_note);
  const Cells first = copied(text.cells());
  name_columns(table, first, text.next() ? copied(text.cells()) : Cells{});
  read_rows(table, text);
  // From here on every line holds what its columns promise, but for cells that are no numbers.

  leave_out_empty(table);
  leave_out_nameless(table);
  choose_time(table);
  find_time(table);
  leave_out_clocks(table);
  check_cells(table);
  take_times(table);
  take_axes(table);
  return std::move(table.readings);
}

}  // namespace dragonet
