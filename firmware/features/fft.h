// The Fourier transform of real numbers, in place: N of them are read as N / 2 complex ones, transformed by radix 4,
// and the spectra of even and odd places are then separated (Cooley and Tukey 1965; Sorensen et al. 1987, "Real-valued
// fast Fourier transform algorithms").
//
// Values have 32 bits and grow with every stage: nothing is scaled down. Only twiddles are rounded to less, to 16
// fraction bits. A Cortex-M0+ keeps only the lower 32 bits of a product, so a value is cut into its lower 14 bits and
// the rest: each part's product with a twiddle fits. Twiddles are exact at quarter turns and come from a quarter of a
// cosine.
#pragma once

#include <stdint.h>

namespace dragonet {

/// A value of the transform, or a twiddle, of which 65536 stands for 1.
struct Complex {
  int32_t re, im;
};
inline Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
inline Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
inline Complex conjugate(Complex a) { return {a.re, -a.im}; }

enum {
  twiddle_bits = 16,  // a twiddle of 65536 stands for 1
  fft_low_bits = 14,  // of a value: 2^14 * 2^16 * sqrt(2) fits in 31 bits
  fft_bits = 29       // no |value| may exceed 2^29: then what is left without its low bits, times 2^16, fits as well
};

/// A transform's size and constants.
struct Fft {
  uint16_t points;         // real ones: a power of two, 64 to 2048
  const int32_t* cosines;  // [points / 4 + 1]: 65536 * cos(2 pi i / points)
};

/// exp(-2 pi i k / points), 65536 for 1; 0 <= k < points * 3 / 4.
inline Complex twiddle(const Fft& fft, uint16_t k) {
  const uint16_t quarter = fft.points / 4;
  if (k <= quarter) return {fft.cosines[k], -fft.cosines[quarter - k]};
  if (k <= 2 * quarter) return {-fft.cosines[2 * quarter - k], -fft.cosines[k - quarter]};
  return {-fft.cosines[k - 2 * quarter], fft.cosines[3 * quarter - k]};
}

/// x * w, rounded to nearest. w: 65536 for 1, |w| <= 1. Shifting the low products before the sum is shifted loses
/// nothing, since the floor of a floor is a floor.
inline Complex turn(Complex x, Complex w) {
  const int32_t low = ((int32_t)1 << fft_low_bits) - 1;
  const int32_t re = (x.re >> fft_low_bits) * w.re - (x.im >> fft_low_bits) * w.im +
                     (((x.re & low) * w.re - (x.im & low) * w.im) >> fft_low_bits);
  const int32_t im = (x.re >> fft_low_bits) * w.im + (x.im >> fft_low_bits) * w.re +
                     (((x.re & low) * w.im + (x.im & low) * w.re) >> fft_low_bits);
  return {(re + 2) >> (twiddle_bits - fft_low_bits), (im + 2) >> (twiddle_bits - fft_low_bits)};
}

/// Two stages in one: a, b, c and d, already multiplied by their twiddles, become z[0], z[h], z[2 h] and z[3 h].
inline void butterfly(Complex* z, uint16_t h, Complex a, Complex b, Complex c, Complex d) {
  const Complex sum = a + b, difference = a - b;
  const Complex late_sum = c + d, late_difference = c - d;
  z[0] = sum + late_sum;
  z[h] = Complex{difference.re + late_difference.im, difference.im - late_difference.re};
  z[2 * h] = sum - late_sum;
  z[3 * h] = Complex{difference.re - late_difference.im, difference.im + late_difference.re};
}

/// z [points / 2]: joins every four transforms of `h` points to one; step = points / 4 / h. A twiddle is looked up once
/// and serves all of them.
inline void radix_4_stage(const Fft& fft, Complex* z, uint16_t h, uint16_t step) {
  Complex* const end = z + fft.points / 2;
  for (Complex* k = z; k < end; k += 4 * h) butterfly(k, h, k[0], k[h], k[2 * h], k[3 * h]);
  for (uint16_t j = 1; j < h; ++j) {
    const Complex w1 = twiddle(fft, j * step), w2 = twiddle(fft, 2 * j * step), w3 = twiddle(fft, 3 * j * step);
    for (Complex* k = z + j; k < end; k += 4 * h)
      butterfly(k, h, k[0], turn(k[h], w2), turn(k[2 * h], w1), turn(k[3 * h], w3));
  }
}

/// z [count]: transforms each two neighbours.
inline void radix_2_stage(Complex* z, uint16_t count) {
  for (Complex* k = z; k < z + count; k += 2) {
    const Complex a = k[0], b = k[1];
    k[0] = a + b;
    k[1] = a - b;
  }
}

/// z [points / 2], in bit-reversed order, becomes its transform in natural order.
inline void complex_fft(const Fft& fft, Complex* z) {
  const uint16_t count = fft.points / 2;
  uint16_t h = 1, step = fft.points / 4;
  if (!(count & 0x5555)) {  // not a power of 4
    radix_2_stage(z, count);
    h *= 2, step /= 2;
  }
  for (; h < count; h *= 4, step /= 4) radix_4_stage(fft, z, h, step);
}

/// The place after `place` in bit-reversed order, of `count` places, a power of two: carries run from the highest bit
/// down.
inline uint16_t next_reversed(uint16_t place, uint16_t count) {
  uint16_t bit = count / 2;
  for (; place & bit; bit /= 2) place ^= bit;
  return place | bit;
}

/// Twice the transform of the real numbers x[0] to x[points - 1], in place.
///   z in   [points / 2]   {x[2 n], x[2 n + 1]} at the bit-reversed place of n; the sum of |x| below 2^(fft_bits - 1)
///   z out  [points / 2]   bins 0 to points / 2 - 1. Bin 0 is real, and its imaginary part holds bin points / 2, which
///                         is real, too
inline void real_fft(const Fft& fft, Complex* z) {
  complex_fft(fft, z);
  const uint16_t count = fft.points / 2;
  z[0] = Complex{2 * (z[0].re + z[0].im), 2 * (z[0].re - z[0].im)};
  for (uint16_t k = 1, mirrored = count - 1; k <= mirrored; ++k, --mirrored) {
    const Complex a = z[k], b = conjugate(z[mirrored]);
    const Complex even = a + b, odd = a - b;
    const Complex turned = turn(Complex{odd.im, -odd.re}, twiddle(fft, k));
    z[k] = even + turned;
    z[mirrored] = conjugate(even - turned);
  }
}

}  // namespace dragonet
