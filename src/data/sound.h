#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/files.h"

namespace dragonet {

/// One microphone's recording; several channels are averaged into one.
struct Sound {
  int rate_hz = 0;
  std::vector<float> samples;           // -1..1
  std::vector<std::string> notes = {};  // what was repaired or changed to read it, a sentence each
};

/// Decodes WAV, FLAC, OGG or whatever libsndfile reads. Throws Error for a broken file, one without samples, one that
/// holds what is no number, or one of more than an hour or 100 million samples, before it takes the memory.
Sound decode_sound(const Bytes& file, const fs::path& path);  // the bytes of that file
Sound read_sound(const fs::path& path);

/// At another rate, by libsamplerate (band-limited: what the new rate cannot hold is filtered away).
Sound resampled(const Sound& sound, int rate_hz);

/// As a chip's converter gives them: 32768 is 1; louder ones are clipped.
std::vector<std::int16_t> int16_samples(const std::vector<float>& samples);

/// Writes 16-bit mono; .flac as FLAC, everything else as WAV.
void write_sound(const fs::path& path, const Sound& sound);

}  // namespace dragonet
