#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace dragonet {

/// The ratio in decibels of values that do not deviate at all, and the largest that is given.
inline constexpr double exact_db = 200;

/// How far values lie from those that they should be.
struct Deviation {
  double signal = 0, noise = 0;  // sums of squares
  std::size_t count = 0;
  void add(double wanted, double found) {
    signal += wanted * wanted;
    noise += (found - wanted) * (found - wanted);
    ++count;
  }
  Deviation& operator+=(const Deviation& more);

  /// Signal-to-quantization-noise ratio, 10 log10(signal / noise): 6 dB more is one bit more. -200 to 200.
  double db() const;
};

Deviation sum_of(std::span<const Deviation> channels);

/// The channels that are worst, at most `most` of them, the worst first.
std::vector<int> worst_of(std::span<const Deviation> channels, std::size_t most);

}  // namespace dragonet
