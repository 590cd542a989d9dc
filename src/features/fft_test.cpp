#include "features/fft.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>
#include <vector>

using namespace dragonet;

namespace {

constexpr double turn_radians = 2 * std::numbers::pi;

/// By the definition, one bin.
std::complex<double> slow_bin(const std::vector<int>& x, int bin) {
  std::complex<double> sum = 0;
  for (std::size_t n = 0; n < x.size(); ++n)
    sum += double(x[n]) * std::polar(1.0, -turn_radians * double(bin * n % x.size()) / double(x.size()));
  return sum;
}

std::vector<Complex> fast_bins(const std::vector<int>& x) {
  const auto points = static_cast<int>(x.size());
  std::vector<std::int32_t> cosines;
  for (int i = 0; i <= points / 4; ++i)
    cosines.push_back(static_cast<std::int32_t>(std::lround(65536 * std::cos(turn_radians * i / points))));
  std::vector<Complex> z(points / 2);
  std::uint16_t place = 0;
  for (int n = 0; n < points / 2; ++n, place = next_reversed(place, static_cast<std::uint16_t>(points / 2)))
    z[place] = {x[2 * n], x[2 * n + 1]};
  real_fft({static_cast<std::uint16_t>(points), cosines.data()}, z.data());
  return z;
}

/// As large as the transform takes: |x| sums to less than 2^(fft_bits - 1).
std::vector<int> loud_noise(int points) {
  std::mt19937 random(points);
  std::vector<int> x;
  const int largest = (1 << (fft_bits - 1)) / points - 1;
  for (int i = 0; i < points; ++i) x.push_back(int(random() % (2 * largest + 1)) - largest);
  return x;
}

double error_of(const Complex& ours, std::complex<double> theirs) {
  return std::abs(std::complex<double>(ours.re, ours.im) - 2.0 * theirs);
}

}  // namespace

TEST_CASE("twice the transform of real numbers, of every size, within 2^-16 of the largest bin") {
  for (int points = 64; points <= 2048; points *= 2) {
    const std::vector<int> x = loud_noise(points);
    const std::vector<Complex> bins = fast_bins(x);
    double largest = 0, error = 0;
    for (int k = 1; k < points / 2; ++k) {
      largest = std::max(largest, 2 * std::abs(slow_bin(x, k)));
      error = std::max(error, error_of(bins[k], slow_bin(x, k)));
    }
    INFO(points);
    CHECK(error < largest / 65536);
    CHECK(error_of({bins[0].re, 0}, slow_bin(x, 0)) < largest / 65536);
    CHECK(error_of({bins[0].im, 0}, slow_bin(x, points / 2)) < largest / 65536);
  }
}

TEST_CASE("the largest numbers that may be, all of one sign or in turn, do not overflow") {
  for (const int points : {64, 512, 2048}) {
    const int largest = (1 << (fft_bits - 1)) / points - 1;
    std::vector<int> x(points, largest);
    CHECK(fast_bins(x)[0].re == 2 * largest * points);
    for (int n = 1; n < points; n += 2) x[n] = -largest;
    CHECK(fast_bins(x)[0].im == 2 * largest * points);
  }
}
