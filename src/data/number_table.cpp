#include "data/number_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "base/error.h"
#include "data/column_names.h"
#include "data/column_values.h"
#include "data/text_table.h"

namespace dragonet {
namespace {

constexpr std::size_t columns_at_most = 256;

/// Where the file has what is read of it.
struct Layout {
  std::vector<std::string> names;    // of all columns
  std::vector<std::size_t> numbers;  // which of them are read
  std::optional<std::size_t> label;
};

[[noreturn]] void refuse(const fs::path& path, int line, std::string what, std::string next) {
  throw Error(Problem{fmt::format("{}, line {}", path.string(), line), std::move(what), std::move(next)});
}

bool is_missing(std::string_view cell) {
  const std::string word = lower(cell);
  return word.empty() || word == "nan" || word == "na" || word == "null" || word == "?";
}

/// The first line, which must name the columns.
std::vector<std::string> header_of(TextTable& table, const fs::path& path) {
  if (!table.next())
    refuse(path, 1, "the file is empty", "give a line of names, and a line of numbers for each sample");
  std::vector<std::string> names;
  for (const std::string_view cell : table.cells()) {
    if (number_in(cell, table.separator()))
      refuse(path, table.line(), fmt::format("{} stands where a column's name is wanted", cell),
             "name the columns in the first line: temperature,humidity,label");
    names.emplace_back(cell);
  }
  if (names.size() > columns_at_most)
    refuse(path, table.line(), fmt::format("the table has {} columns", names.size()),
           fmt::format("keep at most {}", columns_at_most));
  return names;
}

/// What a column's cells say of it.
struct ColumnCells {
  std::vector<double> numbers;
  bool has_words = false;
};

std::vector<ColumnCells> cells_of(TextTable& table, std::size_t columns) {
  std::vector<ColumnCells> cells(columns);
  while (table.next())
    for (std::size_t c = 0; c < std::min(columns, table.cells().size()); ++c) {
      if (is_missing(table.cells()[c])) continue;
      const auto number = number_in(table.cells()[c], table.separator());
      number ? cells[c].numbers.push_back(*number) : void(cells[c].has_words = true);
    }
  return cells;
}

bool is_left_out(const std::string& title) {
  const std::string name = name_and_unit(title).name;
  return is_time_name(name) || is_count_name(name) || is_number_name(name);
}

/// Why a column is none of the numbers; null: it is.
const char* reason_against(const std::string& name, const ColumnCells& cells) {
  if (cells.has_words) return "words";
  if (cells.numbers.empty()) return "empty";
  if (is_left_out(name) || !unix_time_unit(cells.numbers).empty()) return "times, or numbers of rows or persons";
  return nullptr;
}

void note_left_out(const Layout& layout, const std::map<std::string, std::vector<std::string>>& left_out,
                   NumberTable& result) {
  if (left_out.empty()) return;
  std::vector<std::string> reasons;
  for (const auto& [reason, names] : left_out)
    reasons.push_back(fmt::format("{} ({})", fmt::join(names, ", "), reason));
  result.notes.push_back(
      fmt::format("of its {} columns these are left out: {}; give one another name if it is a number "
                  "to learn from",
                  layout.names.size(), fmt::join(reasons, "; ")));
}

Layout layout_of(TextTable& table, const fs::path& path, NumberTable& result) {
  Layout layout{.names = header_of(table, path)};
  const std::vector<ColumnCells> cells = cells_of(table, layout.names.size());
  std::map<std::string, std::vector<std::string>> left_out;
  for (std::size_t c = 0; c < layout.names.size(); ++c) {
    const char* reason = reason_against(layout.names[c], cells[c]);
    const std::string title = layout.names[c].empty() ? fmt::format("column {}", c + 1) : layout.names[c];
    if (!layout.label && is_label_name(layout.names[c]))
      layout.label = c;
    else if (!reason)
      layout.numbers.push_back(c);
    else
      left_out[reason].push_back(title);
  }
  note_left_out(layout, left_out, result);
  const bool has_words = std::ranges::any_of(cells, &ColumnCells::has_words);
  if (layout.numbers.empty() && !has_words)
    refuse(path, 1, "no row is whole", "give a line of numbers for each sample");
  if (layout.numbers.empty()) refuse(path, 1, "no column holds numbers", "give a column for each value of a sensor");
  for (const std::size_t c : layout.numbers) result.columns.push_back(layout.names[c]);
  return layout;
}

/// False: a number is missing.
bool add_row(const TextTable& table, const Layout& layout, NumberTable& result) {
  const auto& cells = table.cells();
  std::vector<float> row;
  for (const std::size_t c : layout.numbers) {
    const auto number = c < cells.size() ? number_in(cells[c], table.separator()) : std::nullopt;
    if (!number || std::abs(*number) > std::numeric_limits<float>::max()) return false;
    row.push_back(static_cast<float>(*number));
  }
  if (layout.label && (*layout.label >= cells.size() || cells[*layout.label].empty())) return false;
  result.values.insert(result.values.end(), row.begin(), row.end());
  if (layout.label) result.labels.emplace_back(cells[*layout.label]);
  return true;
}

}  // namespace

NumberTable read_number_table(const fs::path& path) {
  TextTable table(path);
  NumberTable result{.source = path.string()};
  if (table.is_latin1()) result.notes.push_back(latin1_note);
  const Layout layout = layout_of(table, path, result);
  table.rewind();
  table.next();  // the names
  int left_out = 0;
  while (table.next()) left_out += !add_row(table, layout, result);
  if (left_out)
    result.notes.push_back(fmt::format("{} row(s) were left out: a number or a label is missing", left_out));
  if (result.rows() == 0) refuse(path, table.line(), "no row is whole", "give a line of numbers for each sample");
  return result;
}

std::vector<MotionRange> labelled_rows(const fs::path& path, double) {
  const NumberTable table = read_number_table(path);
  std::vector<MotionRange> ranges;
  for (std::size_t row = 0; row < table.labels.size(); ++row)
    ranges.push_back({double(row), double(row + 1), table.labels[row]});
  return ranges;
}

}  // namespace dragonet
