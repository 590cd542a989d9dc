// RIFF: a file is "RIFF", its length, "WAVE", and chunks of a name, a length and so many bytes, filled up to an even
// number. The samples are in the chunk "data". Programs that write to a pipe cannot come back to fill in the lengths.
#include "data/wav_length.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

namespace dragonet {
namespace {

std::uint32_t number_at(std::span<const std::uint8_t> file, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number |= std::uint32_t{file[at + i]} << (8 * i);
  return number;
}

std::string_view name_at(std::span<const std::uint8_t> file, std::size_t at) {
  return {reinterpret_cast<const char*>(file.data()) + at, 4};
}

/// Chunks that may stand behind an empty one of samples.
bool is_chunk_name(std::string_view name) {
  static constexpr std::string_view names[] = {"LIST", "fact", "cue ", "bext", "smpl", "id3 ", "ID3 ",
                                               "JUNK", "PAD ", "inst", "iXML", "_PMX", "note", "labl"};
  return std::ranges::find(names, name) != std::end(names);
}

/// Is what lies behind a chunk of samples another chunk, or nothing much? Names of chunks are letters, digits, blanks.
bool ends_well(std::span<const std::uint8_t> file, std::size_t end) {
  if (file.size() < end + 12) return true;
  return std::ranges::all_of(name_at(file, end),
                             [](unsigned char c) { return c == ' ' || c == '_' || std::isalnum(c); });
}

/// Of a chunk of samples: how many bytes of them are there, if its header does not say so.
std::optional<WavLength> true_length(std::span<const std::uint8_t> file, std::size_t chunk, std::uint32_t said) {
  constexpr std::uint32_t of_a_stream = 0x7f000000;  // writers of streams put the most that they can
  const std::size_t there = std::min<std::size_t>(file.size() - chunk - 8, 0xffffffff);
  const bool is_empty = said == 0 && (there < 4 || is_chunk_name(name_at(file, chunk + 8)));
  if (said > 0 && said <= there && !ends_well(file, chunk + 8 + said + said % 2))
    return WavLength{chunk + 4, said, "more follows than its header says; that is left out"};
  if (is_empty || (said > 0 && said <= there)) return std::nullopt;
  const bool is_stream = said == 0 || said >= of_a_stream;
  return WavLength{.at = chunk + 4,
                   .bytes = static_cast<std::uint32_t>(there),
                   .note = is_stream ? "its header gives no length, as that of a stream; it is read to its end"
                                     : "it is cut off: its header says more than there is; what is there is read"};
}

}  // namespace

std::optional<WavLength> wav_length(std::span<const std::uint8_t> file) {
  if (file.size() < 12 || name_at(file, 0) != "RIFF" || name_at(file, 8) != "WAVE") return std::nullopt;
  for (std::size_t chunk = 12; chunk + 8 <= file.size();) {
    const std::uint32_t length = number_at(file, chunk + 4);
    if (name_at(file, chunk) == "data") {
      const auto found = true_length(file, chunk, length);
      if (found || length > 0) return found;
    }
    chunk += 8 + std::size_t{length} + length % 2;
  }
  return std::nullopt;
}

}  // namespace dragonet
