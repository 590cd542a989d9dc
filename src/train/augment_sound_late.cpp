#include <algorithm>

#include "train/augment.h"
#include "train/augment_tools.h"

namespace dragonet {

bool is_off(const SoundAugmentation& a) {
  return std::max({a.shift, a.gain_db, a.noise, a.mask_frames, a.mask_bands}) == 0;
}

/// Frames moved to later or earlier; those that come in are as quiet as the sample ever is.
static at::Tensor shifted(const at::Tensor& rows, double fraction, const Random& random) {
  const std::int64_t batch = rows.size(0), frames = rows.size(2);
  const at::Tensor by = (uniform(batch, fraction, random) * frames).round().to(at::kLong).reshape({-1, 1, 1, 1});
  const at::Tensor from = at::arange(frames, at::kLong).reshape({1, 1, -1, 1}) - by;
  const at::Tensor moved = rows.gather(2, from.clamp(0, frames - 1).expand(rows.sizes()));
  return at::where((from >= 0).logical_and(from < frames), moved, rows.amin({1, 2, 3}, true));
}

static at::Tensor power_of(const at::Tensor& levels, const SoundAugmentation& a) {
  return at::pow(10.0, (levels * (a.high_db - a.low_db) + a.low_db) / 10);
}

static at::Tensor level_of(const at::Tensor& power, const SoundAugmentation& a) {
  constexpr double least = 1e-20;
  return (power.clamp_min(least).log10() * 10 - a.low_db) / (a.high_db - a.low_db);
}

/// The power of steady noise in each band: about the same in all if it is pink, and up to 9 dB more in the highest if
/// it is white, since bands are the wider the higher above 1 kHz. Within a frame it scatters by some dB.
static at::Tensor steady_noise(const at::Tensor& rows, const Random& random) {
  constexpr double most_tilt_db = 9, scatter_db = 2;
  const at::Tensor tilt = at::rand({rows.size(0), 1, 1, 1}, random) * most_tilt_db;
  const at::Tensor level = tilt * at::linspace(0, 1, rows.size(3)) + at::randn(rows.sizes(), random) * scatter_db;
  return at::pow(10.0, level / 10);
}

/// Sounds that have nothing to do with each other add up in power.
static at::Tensor with_noise(const at::Tensor& rows, const SoundAugmentation& a, const Random& random,
                             const at::Tensor& noise) {
  const at::Tensor power = power_of(rows, a), other = noise.defined() ? power_of(noise, a) : steady_noise(rows, random);
  const std::int64_t batch = rows.size(0);
  const at::Tensor snr_db = at::rand({batch, 1, 1, 1}, random) * (a.most_snr_db - a.least_snr_db) + a.least_snr_db;
  const at::Tensor factor = mean_of(power) / mean_of(other) / at::pow(10.0, snr_db / 10);
  const at::Tensor chosen = at::rand({batch, 1, 1, 1}, random) < a.noise;
  return at::where(chosen, level_of(power + other * factor, a), rows);
}

/// A stretch of frames (dimension 2) or of bands (3) hidden behind the sample's mean. Source: Park et al. 2019,
/// "SpecAugment", arXiv:1904.08779.
static at::Tensor masked(const at::Tensor& rows, int dimension, double fraction, const Random& random) {
  const std::int64_t length = rows.size(dimension);
  const at::Tensor width = at::rand({rows.size(0), 1, 1, 1}, random) * (fraction * static_cast<double>(length));
  const at::Tensor first = at::rand({rows.size(0), 1, 1, 1}, random) * (length - width);
  const at::Tensor place =
      at::arange(length).reshape(dimension == 2 ? at::IntArrayRef{1, 1, -1, 1} : at::IntArrayRef{1, 1, 1, -1});
  return at::where((place >= first).logical_and(place < first + width), mean_of(rows), rows);
}

at::Tensor augmented(const at::Tensor& rows, const SoundAugmentation& a, const Random& random,
                     const at::Tensor& noise) {
  const at::Tensor louder = shifted(rows, a.shift, random) + each(rows, a.gain_db / (a.high_db - a.low_db), random);
  const at::Tensor noisy = (a.noise > 0 ? with_noise(louder, a, random, noise) : louder).clamp(0, 1);
  return masked(masked(noisy, 2, a.mask_frames, random), 3, a.mask_bands, random);
}

}  // namespace dragonet
