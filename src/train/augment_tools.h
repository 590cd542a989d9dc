// What the kinds' augmentations are made of.
#pragma once

#include <ATen/ATen.h>

namespace dragonet {

using Random = at::Generator;

/// One random number for each sample, in -limit .. limit.
inline at::Tensor uniform(std::int64_t batch, double limit, const Random& random) {
  return (at::rand(batch, random) * 2 - 1) * limit;
}

/// The same, to be joined with samples.
inline at::Tensor each(const at::Tensor& samples, double limit, const Random& random) {
  return uniform(samples.size(0), limit, random).reshape({-1, 1, 1, 1});
}

/// `maps` [batch, 2, 3] lead from output to input, in coordinates of -1..1 (see affine_grid_generator); what moves in
/// from outside repeats the border.
inline at::Tensor moved(const at::Tensor& samples, const at::Tensor& maps) {
  constexpr std::int64_t bilinear = 0, border = 1;  // torch's GridSamplerInterpolation and GridSamplerPadding
  const at::Tensor grid = at::affine_grid_generator(maps, samples.sizes(), false);
  return at::grid_sampler(samples, grid, bilinear, border, false);
}

/// Over all of a sample but the batch.
inline at::Tensor mean_of(const at::Tensor& samples) { return samples.mean({1, 2, 3}, true); }

}  // namespace dragonet
