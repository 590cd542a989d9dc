#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"

namespace dragonet {

/// The lines of a table in a text file, one after another: separated by tabs, semicolons, commas or, where there are
/// none of these, blanks. Empty lines and lines that begin with # are passed over, quotes around a cell taken off.
class TextTable {
 public:
  /// Throws Error: a file too large, binary or in UTF-16.
  explicit TextTable(const fs::path& path);

  bool next();  // goes to the next line; false: there is none
  int line() const { return line_; }
  bool is_cut_off() const { return rest_.empty() && !ends_with_newline_; }  // by the end of the file
  const std::vector<std::string_view>& cells() const { return cells_; }     // trimmed
  char separator() const { return separator_; }
  bool is_latin1() const { return is_latin1_; }  // it is no UTF-8; what it holds was made so
  void rewind();

 private:
  std::string_view take_line();
  void split(std::string_view line);

  std::string text_;
  std::string_view rest_;
  std::vector<std::string_view> cells_;
  char separator_ = 0;  // 0: not known yet
  bool ends_with_newline_ = true;
  bool is_latin1_ = false;
  int line_ = 0;
};

inline constexpr const char* latin1_note =
    "its letters are no UTF-8 and are read as Latin-1; save it as UTF-8 if names or units are wrong";

/// A number in a cell. Decimal commas are taken where commas do not separate the cells. None: not a finite number.
std::optional<double> number_in(std::string_view cell, char separator);

/// Reads all of a file. Throws Error if it has more bytes than that, before it takes the memory, or is no regular file.
Bytes read_at_most(const fs::path& path, std::uintmax_t bytes);

bool is_utf8(std::string_view text);
std::string_view trimmed(std::string_view text);
std::string lower(std::string_view text);  // of ASCII letters

}  // namespace dragonet
