#include <algorithm>
#include <numbers>
#include <vector>

#include "train/augment.h"

namespace dragonet {

/// One random number for each sample, in -limit .. limit.
static at::Tensor uniform(std::int64_t batch, double limit) { return (at::rand(batch) * 2 - 1) * limit; }

/// The same, to be joined with samples.
static at::Tensor each(const at::Tensor& samples, double limit) {
  return uniform(samples.size(0), limit).reshape({-1, 1, 1, 1});
}

/// `maps` [batch, 2, 3] lead from output to input, in coordinates of -1..1 (see affine_grid_generator); what moves in
/// from outside repeats the border.
static at::Tensor moved(const at::Tensor& samples, const at::Tensor& maps) {
  constexpr std::int64_t bilinear = 0, border = 1;  // torch's GridSamplerInterpolation and GridSamplerPadding
  const at::Tensor grid = at::affine_grid_generator(maps, samples.sizes(), false);
  return at::grid_sampler(samples, grid, bilinear, border, false);
}

/// Mirrored for half of them, and shifted, by parts of pixels too.
static at::Tensor random_maps(std::int64_t batch, const ImageAugmentation& augmentation) {
  const at::Tensor mirrored = at::rand(batch) < (augmentation.flip ? 0.5 : 0.0);
  const at::Tensor side = 1 - 2 * mirrored.to(at::kFloat), one = at::ones(batch), zero = at::zeros(batch);
  const at::Tensor x = uniform(batch, 2 * augmentation.shift), y = uniform(batch, 2 * augmentation.shift);
  return at::stack({at::stack({side, zero, x}, 1), at::stack({zero, one, y}, 1)}, 1);
}

static at::Tensor light(const at::Tensor& images, const ImageAugmentation& augmentation) {
  const at::Tensor gain = 1 + each(images, augmentation.contrast), offset = each(images, augmentation.brightness);
  const at::Tensor lit = (images - 0.5) * gain + 0.5 + offset;
  return augmentation.noise > 0 ? lit + at::randn_like(images) * augmentation.noise : lit;
}

static at::Tensor changed(const at::Tensor& images, const ImageAugmentation& augmentation, const at::Tensor&) {
  const bool moves = augmentation.shift > 0 || augmentation.flip;
  const at::Tensor placed = moves ? moved(images, random_maps(images.size(0), augmentation)) : images;
  return light(placed, augmentation).clamp(0, 1);
}

/// Over all of a sample but the batch.
static at::Tensor mean_of(const at::Tensor& samples) { return samples.mean({1, 2, 3}, true); }

/// Frames moved to later or earlier; those that come in are as quiet as the sample ever is.
static at::Tensor shifted(const at::Tensor& rows, double fraction) {
  const std::int64_t batch = rows.size(0), frames = rows.size(2);
  const at::Tensor by = (uniform(batch, fraction) * frames).round().to(at::kLong).reshape({-1, 1, 1, 1});
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
static at::Tensor steady_noise(const at::Tensor& rows) {
  constexpr double most_tilt_db = 9, scatter_db = 2;
  const at::Tensor tilt = at::rand({rows.size(0), 1, 1, 1}) * most_tilt_db;
  const at::Tensor level = tilt * at::linspace(0, 1, rows.size(3)) + at::randn(rows.sizes()) * scatter_db;
  return at::pow(10.0, level / 10);
}

/// Sounds that have nothing to do with each other add up in power.
static at::Tensor with_noise(const at::Tensor& rows, const SoundAugmentation& a, const at::Tensor& noise) {
  const at::Tensor power = power_of(rows, a), other = noise.defined() ? power_of(noise, a) : steady_noise(rows);
  const std::int64_t batch = rows.size(0);
  const at::Tensor snr_db = at::rand({batch, 1, 1, 1}) * (a.most_snr_db - a.least_snr_db) + a.least_snr_db;
  const at::Tensor factor = mean_of(power) / mean_of(other) / at::pow(10.0, snr_db / 10);
  const at::Tensor chosen = at::rand({batch, 1, 1, 1}) < a.noise;
  return at::where(chosen, level_of(power + other * factor, a), rows);
}

/// A stretch of frames (dimension 2) or of bands (3) hidden behind the sample's mean. Source: Park et al. 2019,
/// "SpecAugment", arXiv:1904.08779.
static at::Tensor masked(const at::Tensor& rows, int dimension, double fraction) {
  const std::int64_t length = rows.size(dimension);
  const at::Tensor width = at::rand({rows.size(0), 1, 1, 1}) * (fraction * static_cast<double>(length));
  const at::Tensor first = at::rand({rows.size(0), 1, 1, 1}) * (length - width);
  const at::Tensor place =
      at::arange(length).reshape(dimension == 2 ? at::IntArrayRef{1, 1, -1, 1} : at::IntArrayRef{1, 1, 1, -1});
  return at::where((place >= first).logical_and(place < first + width), mean_of(rows), rows);
}

static at::Tensor changed(const at::Tensor& rows, const SoundAugmentation& a, const at::Tensor& noise) {
  const at::Tensor louder = shifted(rows, a.shift) + each(rows, a.gain_db / (a.high_db - a.low_db));
  const at::Tensor noisy = (a.noise > 0 ? with_noise(louder, a, noise) : louder).clamp(0, 1);
  return masked(masked(noisy, 2, a.mask_frames), 3, a.mask_bands);
}

/// Earlier or later, slower or faster.
static at::Tensor retimed(const at::Tensor& readings, const MotionAugmentation& a) {
  const std::int64_t batch = readings.size(0);
  const at::Tensor speed = 1 + uniform(batch, a.stretch), offset = uniform(batch, 2 * a.shift);
  const at::Tensor one = at::ones(batch), zero = at::zeros(batch);
  return moved(readings, at::stack({at::stack({one, zero, zero}, 1), at::stack({zero, speed, offset}, 1)}, 1));
}

/// [batch, 3, 3], about axes of any direction. Source: the rotation formula of Rodrigues.
static at::Tensor random_rotations(std::int64_t batch, double degrees) {
  const at::Tensor direction = at::randn({batch, 3});
  const at::Tensor axis = direction / direction.square().sum(1, true).sqrt();
  const at::Tensor x = axis.select(1, 0), y = axis.select(1, 1), z = axis.select(1, 2), zero = at::zeros(batch);
  const at::Tensor cross =
      at::stack({at::stack({zero, -z, y}, 1), at::stack({z, zero, -x}, 1), at::stack({-y, x, zero}, 1)}, 1);
  const at::Tensor angle = uniform(batch, degrees * std::numbers::pi / 180).reshape({-1, 1, 1});
  return at::eye(3) + angle.sin() * cross + (1 - angle.cos()) * cross.bmm(cross);
}

/// Each three axes, an accelerometer's or a gyroscope's, by the same rotation: they are in one case.
static at::Tensor rotated(const at::Tensor& readings, double degrees) {
  const at::Tensor rotation = random_rotations(readings.size(0), degrees);
  std::vector<at::Tensor> parts;
  for (std::int64_t axis = 0; axis < readings.size(1); axis += 3) {
    const at::Tensor part = readings.narrow(1, axis, std::min<std::int64_t>(3, readings.size(1) - axis));
    parts.push_back(part.size(1) == 3 ? rotation.bmm(part.flatten(2)).reshape(part.sizes()) : part);
  }
  return at::cat(parts, 1);
}

static at::Tensor changed(const at::Tensor& readings, const MotionAugmentation& a, const at::Tensor&) {
  const at::Tensor turned = rotated(retimed(readings, a), a.rotation) * (1 + each(readings, a.gain));
  const at::Tensor deviation = (turned - turned.mean({2, 3}, true)).square().mean({2, 3}, true).sqrt();
  return turned + at::randn(turned.sizes()) * deviation * a.noise;
}

static bool is_off(const ImageAugmentation& a) {
  return !a.flip && std::max({a.shift, a.brightness, a.contrast, a.noise}) == 0;
}

static bool is_off(const SoundAugmentation& a) {
  return std::max({a.shift, a.gain_db, a.noise, a.mask_frames, a.mask_bands}) == 0;
}

static bool is_off(const MotionAugmentation& a) {
  return std::max({a.shift, a.stretch, a.gain, a.noise, a.rotation}) == 0;
}

at::Tensor augment(const at::Tensor& samples, const Augmentation& augmentation, const at::Tensor& noise) {
  const auto change = [&](const auto& kind) {
    return is_off(kind) ? samples : changed(samples.contiguous(), kind, noise);
  };
  return std::visit(change, augmentation);
}

}  // namespace dragonet
