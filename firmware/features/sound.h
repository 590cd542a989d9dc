// Sound in, one sample after another; rows of int8 out, one for each frame: the level of every band of a spectrum on
// the mel scale, or what is made of these levels (mfcc.h, pcen.h). All in integers, so that host and chip agree in
// every byte: the host computes its training tensors with this very file.
//
// A frame is scaled up as far as its loudest sample allows, and how far is remembered; so is how far a band's bins were
// scaled to be squared. Quiet sounds are thereby as exact as loud ones, without 64-bit products.
#pragma once

#include "features/mel.h"
#include "features/mfcc.h"
#include "features/pcen.h"

namespace dragonet {

enum SoundKind { sound_log_mel, sound_mfcc, sound_pcen };

/// Constants, which the host works out. What the kind at hand does not use is 0.
struct SoundTables {
  uint16_t frame_samples, hop_samples;  // hop_samples <= frame_samples <= fft.points
  uint16_t columns;                     // of a row: mfcc's coefficients, otherwise the bands
  Fft fft;
  int16_t sample_bits;    // what a sample may take in the transform: all of its sums then stay below 2^fft_bits
  const int16_t* window;  // [frame_samples / 2 + 1]: the rising half, 32767 for 1; the other mirrors it
  Mel mel;
  const int16_t* cosine_transform;  // [columns, bands], mfcc.h
  uint16_t smoothing;               // pcen.h
};

/// What is kept between samples, in RAM that the caller owns.
struct SoundState {
  int16_t* history;      // [frame_samples], a ring
  Complex* spectrum;     // [fft.points / 2]
  uint32_t* levels;      // [bands], of mfcc
  uint64_t* smoothed;    // [bands], of pcen
  uint16_t next;         // where in the ring the next sample goes, and the oldest lies
  uint16_t samples_due;  // until a row is complete
  bool is_first_row;     // since the beginning
};

inline void begin_sound(const SoundTables& tables, SoundState& state) {
  state.next = 0;
  state.samples_due = tables.frame_samples;
  state.is_first_row = true;
}

/// Bits that the loudest sample takes, without its sign.
inline int loudest_bits(const int16_t* samples, uint16_t count) {
  uint16_t all = 0;
  for (uint16_t i = 0; i < count; ++i) all |= (uint16_t)(samples[i] < 0 ? ~samples[i] : samples[i]);
  return bit_length(all);
}

/// Where the frame is read: the oldest sample first.
struct FrameReader {
  const SoundTables& tables;
  const SoundState& state;
  int shift;
  uint16_t at;  // in the frame
};

/// The next sample times its window, / 2^shift, rounded; 0 behind the frame.
inline int32_t next_windowed(FrameReader& reader) {
  const uint16_t frame = reader.tables.frame_samples, i = reader.at++;
  if (i >= frame) return 0;
  const uint16_t before_wrap = frame - reader.state.next;
  const int32_t sample = reader.state.history[i < before_wrap ? i + reader.state.next : i - before_wrap];
  const int32_t window = reader.tables.window[i <= frame / 2 ? i : frame - i];
  return (sample * window + (((int32_t)1 << reader.shift) >> 1)) >> reader.shift;
}

/// Into the spectrum's memory, as the transform takes it.
inline void window_frame(const SoundTables& tables, SoundState& state, int shift) {
  FrameReader reader = {tables, state, shift, 0};
  const uint16_t count = tables.fft.points / 2;
  for (uint16_t n = 0, place = 0; n < count; ++n, place = next_reversed(place, count)) {
    state.spectrum[place].re = next_windowed(reader);
    state.spectrum[place].im = next_windowed(reader);
  }
}

/// The frame's spectrum. Returns the exponent: true values are 2^exponent larger than those in state.spectrum.
inline int transform_frame(const SoundTables& tables, SoundState& state) {
  const int excess = 15 + loudest_bits(state.history, tables.frame_samples) - tables.sample_bits;
  const int shift = excess < 0 ? 0 : excess;
  window_frame(tables, state, shift);
  real_fft(tables.fft, state.spectrum);
  return shift;
}

/// What becomes of one band's level: a value of the row, or a place in state.levels.
template <SoundKind kind>
inline void take_level(const SoundTables& tables, SoundState& state, uint16_t band, int32_t level, int8_t* row) {
  if (kind == sound_log_mel) row[band] = int8_of_unit((int32_t)unit_of_level(tables.mel, level));
  if (kind == sound_mfcc) state.levels[band] = unit_of_level(tables.mel, level);
  if (kind == sound_pcen)
    row[band] = int8_of_unit(normalized_energy(level, state.smoothed[band], state.is_first_row, tables.smoothing));
}

template <SoundKind kind>
inline void sound_row(const SoundTables& tables, SoundState& state, int8_t* row) {
  const int exponent = transform_frame(tables, state);
  const int16_t* weights = tables.mel.weights;
  for (uint16_t b = 0; b < tables.mel.bands; ++b) {
    const MelBand& band = tables.mel.places[b];
    take_level<kind>(tables, state, b, band_level(tables.mel, state.spectrum, exponent, band, weights), row);
    weights += band.bins;
  }
  if (kind == sound_mfcc) cepstral_row(tables.cosine_transform, state.levels, tables.mel.bands, tables.columns, row);
  state.is_first_row = false;
}

/// Takes one sample. True: a row, [columns], is complete in `row`; the first after frame_samples, then one each
/// hop_samples. The sample that completes a row takes as long as the row: while it is made, somebody must keep what the
/// microphone gives. `kind` is not in the tables, so that the chip has only the code of the one that it uses.
template <SoundKind kind>
inline bool feed_sound(const SoundTables& tables, SoundState& state, int16_t sample, int8_t* row) {
  state.history[state.next] = sample;
  if (++state.next == tables.frame_samples) state.next = 0;
  if (--state.samples_due) return false;
  state.samples_due = tables.hop_samples;
  sound_row<kind>(tables, state, row);
  return true;
}

}  // namespace dragonet
