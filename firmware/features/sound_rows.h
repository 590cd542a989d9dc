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

/// Constants, which the host works out. What a kind does not use is 0.
struct SoundTables {
  uint16_t frame_samples, hop_samples;  // hop_samples <= frame_samples <= fft.points
  uint16_t columns;                     // of a row: the coefficients of mfcc, otherwise the bands
  Fft fft;
  int16_t sample_bits;    // bits of a sample in the transform, whose sums then all stay below 2^fft_bits
  const int16_t* window;  // [frame_samples], 0 to 32767, which stands for 1
  Mel mel;
  const int16_t* cosine_transform;  // [columns, bands], for mfcc: see cepstral_row()
  uint16_t smoothing;               // for pcen: 65536 * s, see smooth()
};

/// What is kept between samples, in RAM that the caller owns. The caller sets the pointers before begin_sound().
struct SoundState {
  int16_t* history;    // [frame_samples], the oldest first
  Complex* spectrum;   // [fft.points / 2]
  uint32_t* levels;    // [bands], 0 to 65536; mfcc alone uses it
  uint64_t* smoothed;  // [bands], 2^40 for a sine of full scale; pcen alone uses it
  uint16_t filled;     // samples in the history
  bool is_first_row;   // no row was made since begin_sound()
};

/// Before the first sample, and wherever a recording begins anew.
inline void begin_sound(const SoundTables&, SoundState& state) {
  state.filled = 0;
  state.is_first_row = true;
}

/// samples [count]. Returns the bits that the loudest of them takes without its sign, 0 to 15.
inline int loudest_bits(const int16_t* samples, uint16_t count) {
  uint16_t all = 0;
  for (uint16_t i = 0; i < count; ++i) all |= (uint16_t)(samples[i] ^ (samples[i] >> 15));
  return bit_length(all);
}

/// Fills state.spectrum with the frame times the window times gain, in sample_bits bits, with zeros after the frame,
/// in the bit-reversed order that real_fft() takes. gain: a power of two; the loudest sample times it fits in 16 bits.
inline void window_frame(const SoundTables& tables, SoundState& state, int32_t gain) {
  const uint16_t count = tables.fft.points / 2;
  const int shift = 30 - tables.sample_bits;
  const int32_t half = (int32_t)1 << (shift - 1);
  for (uint16_t n = 0, place = 0; n < count; ++n, place = next_reversed(place, count)) {
    Complex pair = {0, 0};
    const int16_t *const x = state.history + 2 * n, *const window = tables.window + 2 * n;
    if (2 * n < tables.frame_samples) pair.re = (gain * x[0] * window[0] + half) >> shift;
    if (2 * n + 1 < tables.frame_samples) pair.im = (gain * x[1] * window[1] + half) >> shift;
    state.spectrum[place] = pair;
  }
}

/// Leaves the frame's spectrum in state.spectrum, [fft.points / 2]. Returns an exponent: samples times window are
/// 2^exponent times the numbers that were transformed.
inline int transform_frame(const SoundTables& tables, SoundState& state) {
  const int spare_bits = 15 - loudest_bits(state.history, tables.frame_samples);
  window_frame(tables, state, (int32_t)1 << spare_bits);
  real_fft(tables.fft, state.spectrum);
  return 30 - tables.sample_bits - spare_bits;
}

/// level: of the band, as band_level() gives it. It becomes row[band], or with mfcc state.levels[band].
template <SoundKind kind>
inline void take_level(const SoundTables& tables, SoundState& state, uint16_t band, int32_t level, int8_t* row) {
  if (kind == sound_log_mel) row[band] = int8_of_unit((int32_t)unit_of_level(tables.mel, level));
  if (kind == sound_mfcc) state.levels[band] = unit_of_level(tables.mel, level);
  if (kind == sound_pcen)
    row[band] = int8_of_unit(normalized_energy(level, state.smoothed[band], state.is_first_row, tables.smoothing));
}

/// Makes a row, [columns], of the history. A function of its own, because within feed_sound() it would cost every
/// sample the saving of registers.
template <SoundKind kind>
__attribute__((noinline)) void sound_row(const SoundTables& tables, SoundState& state, int8_t* row) {
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

/// Moves the samples that the next frame shares with this one to the front of the history.
inline void forget_hop(const SoundTables& tables, SoundState& state) {
  state.filled = tables.frame_samples - tables.hop_samples;
  for (uint16_t i = 0; i < state.filled; ++i) state.history[i] = state.history[i + tables.hop_samples];
}

/// Takes one sample. True: a row is complete in `row`, [columns], real = (q + 128) / 255. The first comes after
/// frame_samples, then one every hop_samples. The call that completes a row takes as long as the row: meanwhile the
/// caller must keep the samples that the microphone gives. `kind` is no field of the tables, so that a chip has only
/// the code of the kind that it uses.
template <SoundKind kind>
inline bool feed_sound(const SoundTables& tables, SoundState& state, int16_t sample, int8_t* row) {
  state.history[state.filled++] = sample;
  if (state.filled < tables.frame_samples) return false;
  sound_row<kind>(tables, state, row);
  forget_hop(tables, state);
  return true;
}

}  // namespace dragonet
