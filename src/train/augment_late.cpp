#include "train/augment.h"

namespace dragonet {

/// One random number for each image, in -limit .. limit.
static at::Tensor uniform(std::int64_t batch, double limit) { return (at::rand(batch) * 2 - 1) * limit; }

/// For each image the affine map [2, 3] from output to input, in coordinates of -1..1 (see affine_grid_generator):
/// mirrored for half of them, and shifted, by parts of pixels too.
static at::Tensor random_maps(std::int64_t batch, const Augmentation& augmentation) {
  const at::Tensor mirrored = at::rand(batch) < (augmentation.flip ? 0.5 : 0.0);
  const at::Tensor side = 1 - 2 * mirrored.to(at::kFloat), one = at::ones(batch), zero = at::zeros(batch);
  const at::Tensor x = uniform(batch, 2 * augmentation.shift), y = uniform(batch, 2 * augmentation.shift);
  return at::stack({at::stack({side, zero, x}, 1), at::stack({zero, one, y}, 1)}, 1);
}

static at::Tensor move(const at::Tensor& images, const Augmentation& augmentation) {
  constexpr std::int64_t bilinear = 0, border = 1;  // torch's GridSamplerInterpolation and GridSamplerPadding
  const at::Tensor grid = at::affine_grid_generator(random_maps(images.size(0), augmentation), images.sizes(), false);
  return at::grid_sampler(images, grid, bilinear, border, false);
}

static at::Tensor light(const at::Tensor& images, const Augmentation& augmentation) {
  const auto each = [&](double limit) { return uniform(images.size(0), limit).reshape({-1, 1, 1, 1}); };
  const at::Tensor gain = 1 + each(augmentation.contrast), offset = each(augmentation.brightness);
  return (images - 0.5) * gain + 0.5 + offset + at::randn_like(images) * augmentation.noise;
}

at::Tensor augment(const at::Tensor& images, const Augmentation& augmentation) {
  return light(move(images, augmentation), augmentation).clamp(0, 1).contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace dragonet
