#include "data/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include "base/error.h"

namespace dragonet {

constexpr std::uintmax_t largest_table_bytes = 256u << 20;  // a day at 100 Hz and six axes takes some 400

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

Bytes read_at_most(const fs::path& path, std::uintmax_t bytes) {
  std::error_code error;
  const bool is_there = fs::exists(path, error);
  if (is_there && !fs::is_directory(path, error) && !fs::is_regular_file(path, error))
    throw Error(Problem{
        .where = path.string(), .what = "it is a device or a pipe, not a file", .next = "give a file, or remove it"});
  const std::uintmax_t size = fs::is_regular_file(path, error) ? fs::file_size(path, error) : 0;
  if (!error && size > bytes)
    throw Error(Problem{.where = path.string(),
                        .what = fmt::format("it has {} MB, and up to {} MB are read", size >> 20, bytes >> 20),
                        .next = "cut it into several recordings"});
  return read_bytes(path);
}

bool is_utf8(std::string_view text) {
  int following = 0;  // bytes that the character still wants
  for (const unsigned char c : text) {
    const bool follows = (c & 0xc0) == 0x80;
    if (follows != (following > 0)) return false;
    following = follows ? following - 1 : c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : c < 0xf8 ? 3 : -1;
    if (following < 0) return false;
  }
  return following == 0;
}

static std::string from_latin1(std::string_view text) {
  std::string utf8;
  for (const unsigned char c : text) {
    if (c >= 0x80) utf8 += static_cast<char>(0xc0 | c >> 6);
    utf8 += static_cast<char>(c < 0x80 ? c : 0x80 | (c & 0x3f));
  }
  return utf8;
}

static void check_text(const fs::path& path, std::string_view text) {
  const auto refuse = [&](const std::string& what, const char* next) {
    throw Error(Problem{.where = path.string(), .what = what, .next = next});
  };
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    refuse("it is in UTF-16, not in UTF-8", "save it as UTF-8");
  const std::size_t strange = text.find('\0');
  if (strange != text.npos)
    refuse(fmt::format("it is not text: byte {} is 0", strange), "give a table of comma-separated text, or remove it");
}

TextTable::TextTable(const fs::path& path) {
  const Bytes bytes = read_at_most(path, largest_table_bytes);
  text_.assign(bytes.begin(), bytes.end());
  check_text(path, text_);
  is_latin1_ = !is_utf8(text_);
  if (is_latin1_) text_ = from_latin1(text_);
  rewind();
}

void TextTable::rewind() {
  rest_ = text_;
  if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);  // UTF-8's mark
  line_ = 0;
}

/// Up to \n, \r\n, or the \r of old loggers.
std::string_view TextTable::take_line() {
  const std::size_t end = rest_.find_first_of("\n\r");
  const std::string_view line = rest_.substr(0, end);
  ends_with_newline_ = end != rest_.npos;
  rest_.remove_prefix(ends_with_newline_ ? end + 1 : rest_.size());
  if (ends_with_newline_ && text_[static_cast<std::size_t>(line.data() - text_.data()) + end] == '\r')
    if (rest_.starts_with('\n')) rest_.remove_prefix(1);
  ++line_;
  return line;
}

bool TextTable::next() {
  while (!rest_.empty()) {
    const std::string_view line = take_line();
    const std::string_view inside = trimmed(line);
    if (inside.empty() || inside.front() == '#') continue;
    split(line);
    return true;
  }
  return false;
}

/// Lines of WISDM's recordings end in a semicolon, and commas separate what is in them.
static std::string_view without_end(std::string_view line, char separator) {
  line = trimmed(line);
  while (separator != ';' && line.ends_with(';')) line.remove_suffix(1);
  return line;
}

static char separator_of(std::string_view line) {
  line = line.find(',') == line.npos ? line : without_end(line, ',');
  for (const char c : {'\t', ';', ','})
    if (line.find(c) != line.npos) return c;
  return trimmed(line).find(' ') == std::string_view::npos ? ',' : ' ';
}

static std::string_view unquoted(std::string_view cell) {
  cell = trimmed(cell);
  const bool quoted = cell.size() >= 2 && cell.front() == '"' && cell.back() == '"';
  return quoted ? trimmed(cell.substr(1, cell.size() - 2)) : cell;
}

/// The end of the cell that `line` begins with: the next separator outside quotes.
static std::size_t cell_end(std::string_view line, char separator) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == separator && !quoted) return i;
  }
  return line.size();
}

void TextTable::split(std::string_view line) {
  if (!separator_) separator_ = separator_of(line);
  if (separator_ == ' ') line = trimmed(line);
  if (separator_ == ',') line = without_end(line, separator_);
  cells_.clear();
  for (std::size_t end;; line.remove_prefix(end + 1)) {
    end = cell_end(line, separator_);
    const std::string_view cell = unquoted(line.substr(0, end));
    if (separator_ != ' ' || !cell.empty()) cells_.push_back(cell);  // several blanks separate as one does
    if (end == line.size()) return;
  }
}

std::optional<double> number_in(std::string_view cell, char separator) {
  std::string with_point;
  if (separator != ',' && std::ranges::count(cell, ',') == 1 && cell.find('.') == cell.npos) {
    with_point = cell;
    std::ranges::replace(with_point, ',', '.');
    cell = with_point;
  }
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  if (error != std::errc() || end != cell.data() + cell.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

}  // namespace dragonet
