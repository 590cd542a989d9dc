#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "judge/metrics.h"

namespace dragonet {

/// Not std::uniform_int_distribution, whose numbers differ between standard libraries. Bias: below 2^-32 * n.
inline std::size_t draw(std::mt19937_64& random, std::size_t n) { return ((random() >> 32) * n) >> 32; }

/// Of a cluster bootstrap (metrics.h): for each resample the sum over groups that are drawn with replacement, as often
/// as there are groups. `add(sum, group)` adds one to a sum that began as `nothing`.
template <typename Sums, typename Add>
std::vector<Sums> resampled(const std::vector<Sums>& groups, const Sums& nothing, Add add, std::uint64_t seed,
                            int resamples) {
  std::mt19937_64 random(seed);
  std::vector<Sums> sums;
  for (int i = 0; i < resamples; ++i) {
    sums.push_back(nothing);
    for (std::size_t k = 0; k < groups.size(); ++k) add(sums.back(), groups[draw(random, groups.size())]);
  }
  return sums;
}

/// The bound below which one would see `groups` successes in a row less often than in 2.5 % of cases.
double clopper_pearson_low(int groups);

/// The value with the middle 95 % of `values`, of which there is at least one.
Interval percentiles(double value, std::vector<double> values);

}  // namespace dragonet
