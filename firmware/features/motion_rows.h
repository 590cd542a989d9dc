// Readings of a motion sensor in, one after another; rows of int8 out. `raw`: a row for each reading. `spectral`: a row
// for each window, with the level of each axis, the levels of the bands of its spectrum, and the frequencies and levels
// of the spectrum's highest peaks. All in integers, so that host and chip agree in every byte: the host computes its
// training tensors with this very file.
//
// Each axis alone is filtered, if wanted (a state-variable filter, whose two states stay exact at cutoffs far below the
// rate, where a biquad of 16 bits would not; V. Zavalishin, "The Art of VA Filter Design", 2012). Then its mean is
// subtracted, it is scaled so that its largest value takes 16 bits, multiplied by a Hann window, and transformed. All
// of this is done in the transform's own memory. Levels are binary logarithms.
#pragma once

#include <stdint.h>

#include "features/fft.h"
#include "features/log2.h"

namespace dragonet {

enum MotionKind { motion_raw, motion_spectral };
enum MotionFilter { motion_unfiltered, motion_low_pass, motion_high_pass };
enum { motion_axes_max = 64, motion_window_max = 2048, motion_peaks_max = 8 };
enum { motion_bits = 8 };  // fraction bits of a value while it is worked on: a filter makes fractions

/// Constants, which the host works out. What a kind does not use is 0.
struct MotionTables {
  uint8_t kind, filter;                 // a MotionKind, a MotionFilter
  uint8_t axes;                         // 1 to motion_axes_max
  uint8_t bands, peaks;                 // of each axis; peaks at most motion_peaks_max
  uint16_t window, stride;              // readings; stride <= window <= motion_window_max
  int32_t gain_q16, damping_q16;        // of the filter: tan(pi cutoff / rate), 1 / (1 + gain (gain + sqrt(2)))
  Fft fft;                              // window <= fft.points
  const uint16_t* hann;                 // [(window + 1) / 2], 32767 for 1: the second half mirrors it
  const uint16_t* edges;                // [bands + 1], in bins: band b is from edges[b] to before edges[b + 1]
  int32_t rms_q16, band_q16, peak_q16;  // what is added to half a logarithm, so that full scale becomes 0
};

/// What is kept between readings, in RAM that the caller owns and whose pointers it sets; `raw` needs none of it.
struct MotionState {
  int16_t* history;   // [window, axes], as they came: windows may overlap
  Complex* spectrum;  // [fft.points / 2]
  uint16_t filled;    // readings in the history
};

/// Before the first reading, and wherever a recording begins anew.
inline void begin_motion(const MotionTables&, MotionState& state) { state.filled = 0; }

/// Values of a row, which is a row of the model's input.
inline uint16_t motion_columns(const MotionTables& tables) {
  return tables.kind == motion_raw ? tables.axes : (uint16_t)(tables.axes * (1 + tables.bands + 2 * tables.peaks));
}

inline int32_t motion_clamp(int32_t x, int32_t low, int32_t high) { return x < low ? low : x > high ? high : x; }

/// reading [axes] -> row [axes], the eight highest bits, rounded: real = q / 128, of full scale.
inline void motion_raw_row(const MotionTables& tables, const int16_t* reading, int8_t* row) {
  for (uint8_t a = 0; a < tables.axes; ++a) row[a] = (int8_t)motion_clamp(((int32_t)reading[a] + 128) >> 8, -128, 127);
}

/// x * factor, rounded, without a 64-bit product, which a Cortex-M0+ lacks. factor_q16: 65536 for 1, below 2; |x| <
/// 2^27.
inline int32_t motion_scaled(int32_t x, int32_t factor_q16) {
  return ((x >> 14) * factor_q16 + (((x & 16383) * factor_q16) >> 14) + 2) >> 2;
}

/// A Butterworth low or high pass of second order, by the trapezoidal rule.
struct MotionFilterState {
  int32_t s1, s2;
};

/// The filter's state after an endless row of values like the first, so that a recording does not begin with a step.
inline MotionFilterState motion_settled(int32_t first) { return MotionFilterState{0, first}; }

/// in and result: readings with motion_bits fraction bits, within +-32768.
inline int32_t motion_filtered(const MotionTables& tables, MotionFilterState& state, int32_t in) {
  const int32_t sqrt2_q16 = 92682, most = (int32_t)32768 << motion_bits;
  const int32_t band = motion_scaled(state.s1 + motion_scaled(in - state.s2, tables.gain_q16), tables.damping_q16);
  const int32_t low = state.s2 + motion_scaled(band, tables.gain_q16);
  state.s1 = 2 * band - state.s1;
  state.s2 = 2 * low - state.s2;
  const int32_t out = tables.filter == motion_low_pass ? low : in - motion_scaled(band, sqrt2_q16) - low;
  return motion_clamp(out, -most, most - 1);
}

/// Value i of one axis, [window] of them, which lie in the transform's memory.
inline int32_t& motion_value(Complex* values, uint16_t i) { return i & 1 ? values[i / 2].im : values[i / 2].re; }

/// Fills state.spectrum's memory with one axis of the history, filtered: [window] values, then zeros.
inline void motion_take_axis(const MotionTables& tables, const MotionState& state, uint8_t axis) {
  const int16_t* reading = state.history + axis;
  MotionFilterState filter = motion_settled((int32_t)*reading * ((int32_t)1 << motion_bits));
  for (uint16_t i = 0; i < tables.window; ++i, reading += tables.axes) {
    const int32_t value = (int32_t)*reading * ((int32_t)1 << motion_bits);
    motion_value(state.spectrum, i) =
        tables.filter == motion_unfiltered ? value : motion_filtered(tables, filter, value);
  }
  for (uint16_t i = tables.window; i < tables.fft.points; ++i) motion_value(state.spectrum, i) = 0;
}

/// Mean of an axis' values. Whole and fraction are summed apart, since their sum would not fit in 32 bits.
inline int32_t motion_mean(const MotionTables& tables, Complex* values) {
  int32_t whole = 0, fraction = 0;
  for (uint16_t i = 0; i < tables.window; ++i) {
    const int32_t value = motion_value(values, i);
    whole += value >> motion_bits;
    fraction += value & ((1 << motion_bits) - 1);
  }
  const int32_t window = tables.window, unit = (int32_t)1 << motion_bits;
  return whole / window * unit + (whole % window * unit + fraction) / window;
}

/// Subtracts the mean and scales what is left to 16 bits and a sign. Returns the bits that it took before.
inline int motion_center(const MotionTables& tables, Complex* values) {
  const int32_t mean = motion_mean(tables, values);
  uint32_t all = 0;
  for (uint16_t i = 0; i < tables.window; ++i) {
    const int32_t distance = motion_value(values, i) -= mean;
    all |= (uint32_t)(distance < 0 ? -distance : distance);
  }
  const int bits = bit_length(all), surplus = bits - 16;
  for (uint16_t i = 0; i < tables.window; ++i) {
    int32_t& value = motion_value(values, i);
    if (surplus <= 0)
      value *= (int32_t)1 << -surplus;
    else
      value = motion_clamp((value + ((int32_t)1 << (surplus - 1))) >> surplus, -65535, 65535);
  }
  return bits;
}

/// A level in octaves (Q16, 0 for full scale) as int8: 16 steps an octave, -128 for 16 octaves below full scale.
inline int8_t motion_level(int32_t level_q16) {
  return (int8_t)motion_clamp((level_q16 + 8 * (int32_t)65536 + 2048) >> 12, -128, 127);
}

/// The level of an amplitude, as motion_level() gives it: half of the logarithm of its power. bits: what the values
/// took before they were scaled; offset_q16: one of the tables' three.
inline int8_t motion_power_level(uint64_t power, int bits, int32_t offset_q16) {
  return power ? motion_level((log2_q16(power) >> 1) + bits * (int32_t)65536 + offset_q16) : (int8_t)-128;
}

/// The level of an axis: its root mean square, as motion_level() gives it.
inline int8_t motion_rms(const MotionTables& tables, Complex* values, int bits) {
  uint64_t sum = 0;
  for (uint16_t i = 0; i < tables.window; ++i) {
    const int32_t value = motion_value(values, i);
    sum += (uint32_t)value * (uint32_t)value;  // below 2^32
  }
  return motion_power_level(sum, bits, tables.rms_q16);
}

/// Multiplies an axis by the Hann window and shifts it to the bits that the transform has for each value.
inline void motion_window_values(const MotionTables& tables, Complex* values) {
  const int shift = 31 - (fft_bits - bit_length(tables.fft.points));
  const int32_t half = (int32_t)1 << (shift - 1);
  for (uint16_t i = 0; i < tables.window; ++i) {
    const uint16_t mirrored = (uint16_t)(tables.window - 1 - i);
    int32_t& value = motion_value(values, i);
    value = (value * (int32_t)tables.hann[i < mirrored ? i : mirrored] + half) >> shift;
  }
}

/// An axis' values, [fft.points], in their order -> its spectrum, [fft.points / 2], in place: see real_fft().
inline void motion_transform(const MotionTables& tables, Complex* values) {
  const uint16_t count = tables.fft.points / 2;
  for (uint16_t n = 0, place = 0; n < count; ++n, place = next_reversed(place, count))
    if (n < place) {
      const Complex moved = values[n];
      values[n] = values[place];
      values[place] = moved;
    }
  real_fft(tables.fft, values);
}

/// |spectrum[k]|^2, exact. |re| and |im| are below 2^30, so the sum of all bins' powers fits, too (Parseval).
inline uint64_t motion_bin_power(const Complex* spectrum, uint16_t k) {
  const int32_t re = spectrum[k].re, im = spectrum[k].im;
  const uint32_t a = (uint32_t)(re < 0 ? -re : re), b = (uint32_t)(im < 0 ? -im : im);
  return (uint64_t)a * a + (uint64_t)b * b;
}

/// The highest peaks found so far, the highest first; unused places hold 0.
struct MotionPeaks {
  uint64_t powers[motion_peaks_max];
  uint16_t bins[motion_peaks_max];
};

/// Inserts a peak where it belongs among the highest `peaks`; the lowest falls out.
inline void motion_take_peak(MotionPeaks& found, uint8_t peaks, uint64_t power, uint16_t bin) {
  for (uint8_t p = 0; p < peaks; ++p) {
    if (power <= found.powers[p]) continue;
    const uint64_t smaller = found.powers[p];  // moves on to the next place
    const uint16_t its_bin = found.bins[p];
    found.powers[p] = power, found.bins[p] = bin;
    power = smaller, bin = its_bin;
  }
}

/// spectrum [fft.points / 2] -> the tables.peaks highest bins that no neighbour exceeds; bin 0 is not looked at.
inline void motion_find_peaks(const MotionTables& tables, const Complex* spectrum, MotionPeaks& found) {
  for (uint8_t p = 0; p < tables.peaks; ++p) found.powers[p] = 0, found.bins[p] = 0;
  const uint16_t count = tables.fft.points / 2;
  uint64_t before = 0, power = motion_bin_power(spectrum, 1);
  for (uint16_t k = 1; k < count; ++k) {
    const uint64_t after = k + 1 < count ? motion_bin_power(spectrum, (uint16_t)(k + 1)) : 0;
    if (power >= before && power > after) motion_take_peak(found, tables.peaks, power, k);
    before = power;
    power = after;
  }
}

/// Writes [peaks, 2]: a peak's frequency, from -128 for 0 Hz to 128, clamped to 127, for half the rate, and its level;
/// -128 and -128 where there are fewer peaks. Returns the place after them.
inline int8_t* motion_peak_features(const MotionTables& tables, const MotionPeaks& found, int bits, int8_t* row) {
  const uint16_t count = tables.fft.points / 2;
  for (uint8_t p = 0; p < tables.peaks; ++p) {
    const int32_t place = (int32_t)((((uint32_t)found.bins[p] << 8) + count / 2) / count);
    *row++ = (int8_t)motion_clamp(place - 128, -128, 127);
    *row++ = motion_power_level(found.powers[p], bits, tables.peak_q16);
  }
  return row;
}

/// Writes [bands]: the level of each band. Returns the place after them.
inline int8_t* motion_band_features(const MotionTables& tables, const Complex* spectrum, int bits, int8_t* row) {
  for (uint8_t b = 0; b < tables.bands; ++b) {
    uint64_t power = 0;
    for (uint16_t k = tables.edges[b]; k < tables.edges[b + 1]; ++k) power += motion_bin_power(spectrum, k);
    *row++ = motion_power_level(power, bits, tables.band_q16);
  }
  return row;
}

/// Writes [1 + bands + 2 * peaks]: an axis' level, bands and peaks. Returns the place after them.
inline int8_t* motion_axis_features(const MotionTables& tables, const MotionState& state, uint8_t axis, int8_t* row) {
  Complex* const values = state.spectrum;
  motion_take_axis(tables, state, axis);
  const int bits = motion_center(tables, values);
  *row++ = motion_rms(tables, values, bits);
  motion_window_values(tables, values);
  motion_transform(tables, values);
  row = motion_band_features(tables, values, bits, row);
  MotionPeaks found;
  motion_find_peaks(tables, values, found);
  return motion_peak_features(tables, found, bits, row);
}

/// The window in the history -> row [motion_columns].
inline void motion_spectral_row(const MotionTables& tables, const MotionState& state, int8_t* row) {
  for (uint8_t a = 0; a < tables.axes; ++a) row = motion_axis_features(tables, state, a, row);
}

/// Drops the oldest `stride` readings: the next window begins so much later.
inline void motion_forget(const MotionTables& tables, MotionState& state) {
  const uint32_t gone = (uint32_t)tables.stride * tables.axes, all = (uint32_t)tables.window * tables.axes;
  for (uint32_t i = gone; i < all; ++i) state.history[i - gone] = state.history[i];
  state.filled = (uint16_t)(tables.window - tables.stride);
}

/// Takes a reading, [axes], 32768 for full scale. True: a row is complete in `row`, [motion_columns], real = q / 128.
/// `spectral` makes it of a whole window, in the call that completes it: meanwhile the caller must keep the readings.
inline bool feed_motion(const MotionTables& tables, MotionState& state, const int16_t* reading, int8_t* row) {
  if (tables.kind == motion_raw) {
    motion_raw_row(tables, reading, row);
    return true;
  }
  int16_t* const place = state.history + (uint32_t)state.filled * tables.axes;
  for (uint8_t a = 0; a < tables.axes; ++a) place[a] = reading[a];
  if (++state.filled < tables.window) return false;
  motion_spectral_row(tables, state, row);
  motion_forget(tables, state);
  return true;
}

}  // namespace dragonet
