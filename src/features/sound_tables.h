#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "features/sound_rows.h"
#include "features/sound_settings.h"

namespace dragonet {

/// What the chip's sound features take from flash, worked out in floating point on the host. Settings must be good
/// (problems_of).
struct SoundNumbers {
  std::vector<std::int32_t> cosines;
  std::vector<std::int16_t> window;
  std::vector<MelBand> bands;
  std::vector<std::int16_t> weights;
  std::vector<std::int16_t> cosine_transform;  // of mfcc
  SoundTables tables;                          // without its pointers: see `tables_of`
};
SoundNumbers sound_numbers(const SoundFeatureSettings& settings);

/// As the chip's source takes them; they point into `numbers`.
SoundTables tables_of(const SoundNumbers& numbers);

/// Elements of the memory that SoundState points to; 0: no such memory, a null pointer.
struct SoundBuffers {
  std::size_t history = 0;   // int16_t
  std::size_t spectrum = 0;  // dragonet::Complex
  std::size_t levels = 0;    // uint32_t
  std::size_t smoothed = 0;  // uint64_t
  std::size_t bytes() const { return 2 * history + 8 * spectrum + 4 * levels + 8 * smoothed; }
};
SoundBuffers sound_buffers(const SoundFeatureSettings& settings);

/// "dragonet::sound_mfcc": what feed_sound is a template of.
std::string sound_kind_code(const SoundFeatureSettings& settings);

/// C++11: the constants, and `static const dragonet::SoundTables sound_tables`. It needs features/sound_rows.h.
std::string sound_tables_code(const SoundFeatureSettings& settings);

}  // namespace dragonet
