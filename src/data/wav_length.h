#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace dragonet {

/// A WAV file's header says less or more than there is, as those of streams and of cut files do.
struct WavLength {
  std::size_t at = 0;       // where the header has it: 4 bytes, the lowest first
  std::uint32_t bytes = 0;  // of samples that are there
  std::string note;         // what was done
};

/// None: the length is right, or the file is no WAV.
std::optional<WavLength> wav_length(std::span<const std::uint8_t> file);

}  // namespace dragonet
