#pragma once

#include <random>

namespace dragonet {

/// Any number of that range, each as likely as another.
inline double between(double least, double most, std::mt19937& random) {
  return std::uniform_real_distribution<double>(least, most)(random);
}

/// True for that share of all calls, 0..1.
inline bool happens(double share, std::mt19937& random) { return between(0, 1, random) < share; }

}  // namespace dragonet
