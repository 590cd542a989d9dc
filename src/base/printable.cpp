#include "base/printable.h"

#include <fmt/format.h>

#include <algorithm>

namespace dragonet {
namespace {

bool is_control(unsigned char c) { return (c < 32 && c != '\n' && c != '\t') || c == 127; }

/// The bytes of "\033[30;48;5;12m" at the start of the text; 0: it begins otherwise.
std::size_t colour_bytes(std::string_view text) {
  if (!text.starts_with("\033[")) return 0;
  const std::size_t end = text.find_first_not_of("0123456789;", 2);
  return end != text.npos && text[end] == 'm' ? end + 1 : 0;
}

/// A code point of two or three bytes of UTF-8 that a terminal obeys; 0: none. U+0080 to U+009F are controls, U+202A to
/// U+202E and U+2066 to U+2069 turn the direction.
unsigned hidden_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  if (byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) <= 0x9f) return byte(1);
  const unsigned point = byte(0) == 0xe2 ? (byte(0) & 0xf) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f) : 0;
  return (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) ? point : 0;
}

}  // namespace

std::string printable(std::string_view text, bool colours) {
  std::string out;
  while (!text.empty()) {
    std::size_t taken = 1;
    if (const std::size_t colour = colours ? colour_bytes(text) : 0) {
      out += text.substr(0, taken = colour);
    } else if (const unsigned point = hidden_point(text)) {
      out += fmt::format("\\u{:04x}", point);
      taken = point < 0x100 ? 2 : 3;
    } else if (is_control(static_cast<unsigned char>(text[0]))) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    } else {
      out += text[0];
    }
    text.remove_prefix(taken);
  }
  return out;
}

std::string cut_to(const std::string& name, std::size_t most) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };  // a character of UTF-8
  std::size_t characters = static_cast<std::size_t>(std::ranges::count_if(name, begins)), at = 0;
  if (characters <= most) return name;
  for (const std::size_t kept = most - 3; at < name.size() && (characters > kept || !begins(name[at])); ++at)
    characters -= begins(name[at]);
  return "..." + name.substr(at);
}

std::string xml_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) escaped += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  return escaped;
}

}  // namespace dragonet
