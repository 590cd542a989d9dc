// The Fourier transform of real numbers, in place: N of them are taken for N / 2 complex ones, transformed by radix 2,
// and what even and odd places gave is taken apart (Cooley and Tukey 1965; Sorensen et al. 1987, "Real-valued fast
// Fourier transform algorithms").
//
// Values have 32 bits, and grow by one a stage: nothing is scaled away. Only twiddles are rounded to less, to 16 bits
// behind the point. These cores multiply 32 bits by 32 to 32, so a value is cut into its lower 14 bits and the rest:
// each part's product with a twiddle fits. Twiddles are exact at quarter turns and come from a quarter of a cosine.
#pragma once

#include <stdint.h>

namespace dragonet {

struct Complex {
  int32_t re, im;
};
inline Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
inline Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
inline Complex conjugate(Complex a) { return {a.re, -a.im}; }

enum {
  twiddle_bits = 16,  // a twiddle of 65536 stands for 1
  fft_low_bits = 14,  // of a value: 2^14 * 2^16 * sqrt(2) fits in 31 bits
  fft_bits = 29       // no |value| may become larger than 2^29: without its low bits, times 2^16, it fits as well
};

struct Fft {
  uint16_t points;         // real ones: a power of two, 64 to 2048
  const int32_t* cosines;  // [points / 4 + 1]: 65536 * cos(2 pi i / points)
};

/// exp(-2 pi i k / points), for 0 <= k < points / 2.
inline Complex twiddle(const Fft& fft, uint16_t k) {
  const uint16_t quarter = fft.points / 4;
  if (k <= quarter) return {fft.cosines[k], -fft.cosines[quarter - k]};
  return {-fft.cosines[2 * quarter - k], -fft.cosines[k - quarter]};
}

/// x * w, rounded.
inline Complex turn(Complex x, Complex w) {
  const int32_t mask = ((int32_t)1 << fft_low_bits) - 1, half = (int32_t)1 << (fft_low_bits - 1);
  const int32_t re_high = x.re >> fft_low_bits, re_low = x.re & mask;
  const int32_t im_high = x.im >> fft_low_bits, im_low = x.im & mask;
  const int32_t re = re_high * w.re - im_high * w.im + ((re_low * w.re - im_low * w.im + half) >> fft_low_bits);
  const int32_t im = re_high * w.im + im_high * w.re + ((re_low * w.im + im_low * w.re + half) >> fft_low_bits);
  return {(re + 2) >> (twiddle_bits - fft_low_bits), (im + 2) >> (twiddle_bits - fft_low_bits)};
}

/// (a, b) -> (a + b, a - b).
inline void add_and_subtract(Complex& a, Complex& b) {
  const Complex sum = a + b;
  b = a - b;
  a = sum;
}

/// From bit-reversed order to natural order.
inline void complex_fft(const Fft& fft, Complex* z) {
  const uint16_t count = fft.points / 2;
  uint16_t step = fft.points / 2;
  for (uint16_t half = 1; half < count; half *= 2, step /= 2) {
    for (uint16_t k = 0; k < count; k += 2 * half) add_and_subtract(z[k], z[k + half]);
    for (uint16_t j = 1; j < half; ++j) {  // a twiddle is looked up once, and stays in registers
      const Complex w = twiddle(fft, j * step);
      for (uint16_t k = j; k < count; k += 2 * half) {
        z[k + half] = turn(z[k + half], w);
        add_and_subtract(z[k], z[k + half]);
      }
    }
  }
}

/// The next place in bit-reversed order, of `count` places: carries run from the highest bit down.
inline uint16_t next_reversed(uint16_t place, uint16_t count) {
  uint16_t bit = count / 2;
  for (; place & bit; bit /= 2) place ^= bit;
  return place | bit;
}

/// Twice the transform of real numbers x[0] to x[points - 1], of which z[reversed n] is {x[2 n], x[2 n + 1]}; |x|
/// summed must stay below 2^(fft_bits - 1). Gives bins 0 to points / 2 - 1; the imaginary part of bin 0, which is 0, is
/// the one of bin points / 2, which is real.
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
