#include "tflite/c_array.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"

namespace dragonet {

bool looks_like_c(std::span<const std::uint8_t> file) {
  const auto is_text = [](std::uint8_t c) { return c >= 32 || c == '\n' || c == '\r' || c == '\t'; };
  return !file.empty() && std::ranges::find(file, '{') != file.end() &&
         std::ranges::all_of(file.first(std::min<std::size_t>(file.size(), 4096)), is_text);
}

/// With blanks for comments; what is between quotes does not matter here.
static std::string without_comments(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const std::string_view end = rest.starts_with("//") ? "\n" : rest.starts_with("/*") ? "*/" : "";
    if (end.empty()) {
      result += text[at++];
      continue;
    }
    const std::size_t found = rest.find(end, 2);
    at = found == std::string_view::npos ? text.size() : at + found + end.size();
    result += ' ';
  }
  return result;
}

static std::uint8_t byte_of(std::string_view number, const std::string& source) {
  const bool hexadecimal = number.starts_with("0x") || number.starts_with("0X");
  const char *begin = number.data() + (hexadecimal ? 2 : 0), *end = number.data() + number.size();
  unsigned value = 256;
  const auto [last, error] = std::from_chars(begin, end, value, hexadecimal ? 16 : 10);
  if (error != std::errc() || last != end || value > 255)
    throw Error({source, fmt::format("`{}` in its array is no byte", number), "give the file as `xxd -i` writes it"});
  return static_cast<std::uint8_t>(value);
}

static Bytes bytes_between(std::string_view numbers, const std::string& source) {
  Bytes bytes;
  constexpr std::string_view separators = " ,\t\r\n";
  for (std::size_t at = numbers.find_first_not_of(separators); at != std::string_view::npos;) {
    const std::size_t end = std::min(numbers.find_first_of(separators, at), numbers.size());
    bytes.push_back(byte_of(numbers.substr(at, end - at), source));
    at = numbers.find_first_not_of(separators, end);
  }
  return bytes;
}

Bytes bytes_of_c_array(std::string_view text, const std::string& source) {
  const std::string code = without_comments(text);
  std::string_view longest;
  std::size_t open = std::string::npos;  // the last brace, if nothing has closed it yet
  for (std::size_t at = 0; at < code.size(); ++at) {
    if (code[at] == '{') open = at;
    if (code[at] != '}' || open == std::string::npos) continue;
    const std::string_view inside = std::string_view(code).substr(open + 1, at - open - 1);
    if (inside.size() > longest.size()) longest = inside;
    open = std::string::npos;
  }
  if (longest.empty())
    throw Error({source, "holds no array of bytes", "give a .tflite file, or a C source as `xxd -i` writes it"});
  return bytes_between(longest, source);
}

}  // namespace dragonet
