#include "data/retime.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace dragonet {
namespace {

/// How fast time goes at each place of a word: straight lines between five random speeds.
class Speeds {
 public:
  Speeds(double most, std::mt19937& random) {
    std::uniform_real_distribution<double> exponent(-std::log(most), std::log(most));
    for (double& speed : speeds_) speed = std::exp(exponent(random));
  }
  double at(double place) const {  // 0..1
    const double at = std::clamp(place, 0.0, 1.0) * (std::size(speeds_) - 1);
    const auto before = std::min(static_cast<std::size_t>(at), std::size(speeds_) - 2);
    return std::lerp(speeds_[before], speeds_[before + 1], at - static_cast<double>(before));
  }

 private:
  std::array<double, 5> speeds_;
};

/// Where, within `reach` of `near`, the samples go on as they do at `from`: the largest correlation.
std::ptrdiff_t best_match(const std::vector<float>& samples, std::ptrdiff_t from, std::ptrdiff_t near,
                          std::ptrdiff_t reach, std::ptrdiff_t length) {
  const std::ptrdiff_t end = std::ssize(samples) - length;
  if (from > end) return std::clamp<std::ptrdiff_t>(near, 0, end);
  double best = -1e300;
  std::ptrdiff_t found = std::clamp<std::ptrdiff_t>(near, 0, end);
  for (std::ptrdiff_t at = std::max<std::ptrdiff_t>(0, near - reach); at <= std::min(end, near + reach); at += 2) {
    double sum = 0;
    for (std::ptrdiff_t i = 0; i < length; i += 2) sum += double(samples[at + i]) * samples[from + i];
    if (sum > best) best = sum, found = at;
  }
  return found;
}

}  // namespace

Sound retimed(const Sound& word, double most, std::mt19937& random) {
  const Speeds speeds(most, random);
  const std::ptrdiff_t hop = word.rate_hz / 100, window = 2 * hop, reach = word.rate_hz / 160;
  if (std::ssize(word.samples) < 2 * window) return word;
  const double length = static_cast<double>(word.samples.size());
  std::vector<float> out;
  std::ptrdiff_t from = 0;  // of the window to be added next
  for (double wanted = 0; wanted + static_cast<double>(window) <= length;) {
    const std::size_t first =
        out.size() < static_cast<std::size_t>(hop) ? 0 : out.size() - static_cast<std::size_t>(hop);
    out.resize(first + static_cast<std::size_t>(window), 0);
    for (std::ptrdiff_t i = 0; i < window; ++i) {  // Hann windows half over each other sum to one
      const double weight =
          0.5 - 0.5 * std::cos(2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(window));
      out[first + static_cast<std::size_t>(i)] += static_cast<float>(weight * word.samples[from + i]);
    }
    wanted += static_cast<double>(hop) * speeds.at(wanted / length);
    from = best_match(word.samples, from + hop, static_cast<std::ptrdiff_t>(wanted), reach, window);
  }
  return {word.rate_hz, out};
}

}  // namespace dragonet
