// ISO/IEC 15948, "Portable Network Graphics": eight bytes, then chunks of a length, a name, so many bytes, and a CRC-32
// of name and bytes. The last one is IEND.
#include "data/png_chunks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "base/error.h"

namespace dragonet {
namespace {

constexpr std::array<std::uint8_t, 8> signature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

constexpr std::array<std::uint32_t, 256> crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t n = 0; n < table.size(); ++n) {
    std::uint32_t c = n;
    for (int bit = 0; bit < 8; ++bit) c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
    table[n] = c;
  }
  return table;
}();

std::uint32_t crc_of(std::span<const std::uint8_t> bytes) {
  std::uint32_t c = 0xffffffff;
  for (const std::uint8_t byte : bytes) c = crc_table[(c ^ byte) & 0xff] ^ c >> 8;
  return c ^ 0xffffffff;
}

std::uint32_t number_at(const Bytes& file, std::size_t at) {
  return std::uint32_t{file[at]} << 24 | file[at + 1] << 16 | file[at + 2] << 8 | file[at + 3];
}

/// Critical ones have a capital first; of the others, transparency and which way up count.
bool makes_pixels(std::string_view name) {
  return (name[0] >= 'A' && name[0] <= 'Z') || name == "tRNS" || name == "eXIf";
}

[[noreturn]] void refuse(const std::string& where, const std::string& what) {
  throw Error(Problem{where, what, "replace it with a PNG, JPEG or BMP, or remove it"});
}

}  // namespace

bool is_png(const Bytes& file) {
  return file.size() >= signature.size() && std::equal(signature.begin(), signature.end(), file.begin());
}

Bytes pixel_chunks(const Bytes& file, const std::string& where) {
  Bytes kept(signature.begin(), signature.end());
  for (std::size_t at = signature.size(); at + 12 <= file.size();) {
    const std::size_t length = number_at(file, at), whole = length + 12;
    if (whole > file.size() - at) break;
    const std::string_view name(reinterpret_cast<const char*>(&file[at + 4]), 4);
    const auto chunk = file.begin() + static_cast<std::ptrdiff_t>(at);
    if (crc_of({&file[at + 4], length + 4}) != number_at(file, at + 8 + length))
      refuse(where, fmt::format("it is broken: {} bytes from its {}th on have a wrong checksum", length, at + 9));
    if (makes_pixels(name)) kept.insert(kept.end(), chunk, chunk + static_cast<std::ptrdiff_t>(whole));
    if (name == "IEND") return kept;
    at += whole;
  }
  refuse(where, "it is broken: it is cut off before its end");
}

}  // namespace dragonet
