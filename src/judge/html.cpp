#include "judge/html.h"

#include <algorithm>
#include <array>

namespace dragonet {
namespace {

std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

struct Kind {
  std::string_view first_bytes, type;
};
constexpr std::array<Kind, 5> kinds{{{"\x89PNG", "image/png"},
                                     {"\xFF\xD8\xFF", "image/jpeg"},
                                     {"BM", "image/bmp"},
                                     {"GIF8", "image/gif"},
                                     {"<svg", "image/svg+xml"}}};

std::string_view type_of(std::span<const std::uint8_t> image) {
  const std::string_view bytes(reinterpret_cast<const char*>(image.data()), image.size());
  const auto kind =
      std::find_if(kinds.begin(), kinds.end(), [&](const Kind& k) { return bytes.starts_with(k.first_bytes); });
  return kind == kinds.end() ? "application/octet-stream" : kind->type;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const std::string_view replacement = entity(c);
    if (replacement.empty())
      result += c;
    else
      result += replacement;
  }
  return result;
}

std::string base64(std::span<const std::uint8_t> bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;  // bytes, 24 bits, zeros where the last are missing
    for (std::size_t k = i; k < i + 3; ++k) three = three << 8 | (k < bytes.size() ? bytes[k] : 0u);
    for (int shift = 18; shift >= 0; shift -= 6) text += digits[three >> shift & 63];
  }
  const std::size_t missing = (3 - bytes.size() % 3) % 3;
  return text.replace(text.size() - missing, missing, missing, '=');
}

std::string data_uri(std::span<const std::uint8_t> image) {
  return "data:" + std::string(type_of(image)) + ";base64," + base64(image);
}

}  // namespace dragonet
