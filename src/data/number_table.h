#pragma once

#include <string>
#include <vector>

#include "data/motion.h"

namespace dragonet {

/// Rows of numbers that have nothing to do with each other: no time, no order.
struct NumberTable {
  std::string source;                // the file, for messages
  std::vector<std::string> columns;  // those that hold numbers, in the file's order
  std::vector<float> values;         // [rows, columns]
  std::vector<std::string> labels;   // of each row, from a column of that name; none: empty
  std::vector<std::string> notes;    // what was left out, a sentence each

  std::size_t rows() const { return columns.empty() ? 0 : values.size() / columns.size(); }
};

/// Reads comma-, tab- or semicolon-separated text whose first line names the columns. Left out are columns of times,
/// of numbers of rows or persons, of words or of nothing, and rows in which a number is missing.
/// Throws Error, with the line: no names, no column of numbers, no row, more than 256 columns.
NumberTable read_number_table(const fs::path& path);

/// A range for each row, counted in rows: [first_s, last_s). Empty where the file has no column of labels.
/// `rate_hz` is not used: it is there for files whose readings have times.
std::vector<MotionRange> labelled_rows(const fs::path& path, double rate_hz);

}  // namespace dragonet
