#include "judge/table.h"

#include <algorithm>

#include "judge/text.h"

namespace dragonet {

using Row = std::vector<std::string>;

static std::vector<std::size_t> widths_of(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], characters(row[i]));
  }
  return widths;
}

static std::string line_of(const Row& row, const std::vector<std::size_t>& widths, const std::vector<bool>& right) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string space(widths[i] - characters(row[i]), ' ');
    line += i < right.size() && right[i] ? space + row[i] : row[i] + space;
    line += "  ";
  }
  return line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
}

std::string table_text(const std::vector<Row>& rows, const std::vector<bool>& right) {
  const std::vector<std::size_t> widths = widths_of(rows);
  std::string text;
  for (const Row& row : rows) text += line_of(row, widths, right);
  return text;
}

}  // namespace dragonet
