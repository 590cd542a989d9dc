#include "judge/deviation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dragonet {

Deviation& Deviation::operator+=(const Deviation& more) {
  signal += more.signal;
  noise += more.noise;
  count += more.count;
  return *this;
}

double Deviation::db() const {
  if (std::isnan(noise) || std::isnan(signal)) return -exact_db;
  if (noise == 0) return exact_db;
  if (signal == 0) return -exact_db;
  return std::clamp(10 * std::log10(signal / noise), -exact_db, exact_db);
}

Deviation sum_of(std::span<const Deviation> channels) {
  Deviation sum;
  for (const Deviation& channel : channels) sum += channel;
  return sum;
}

std::vector<int> worst_of(std::span<const Deviation> channels, std::size_t most) {
  std::vector<int> order(channels.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](int c) { return channels[c].db(); });
  order.resize(std::min(order.size(), most));
  return order;
}

}  // namespace dragonet
