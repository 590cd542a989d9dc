#include <algorithm>

#include "train/augment.h"
#include "train/augment_tools.h"

namespace dragonet {

bool is_off(const ImageAugmentation& a) {
  return !a.flip && std::max({a.shift, a.brightness, a.contrast, a.noise}) == 0;
}

/// Mirrored for half of them, and shifted, by parts of pixels too.
static at::Tensor random_maps(std::int64_t batch, const ImageAugmentation& augmentation, const Random& random) {
  const at::Tensor mirrored = at::rand(batch, random) < (augmentation.flip ? 0.5 : 0.0);
  const at::Tensor side = 1 - 2 * mirrored.to(at::kFloat), one = at::ones(batch), zero = at::zeros(batch);
  const at::Tensor x = uniform(batch, 2 * augmentation.shift, random),
                   y = uniform(batch, 2 * augmentation.shift, random);
  return at::stack({at::stack({side, zero, x}, 1), at::stack({zero, one, y}, 1)}, 1);
}

static at::Tensor light(const at::Tensor& images, const ImageAugmentation& augmentation, const Random& random) {
  const at::Tensor gain = 1 + each(images, augmentation.contrast, random),
                   offset = each(images, augmentation.brightness, random);
  const at::Tensor lit = (images - 0.5) * gain + 0.5 + offset;
  return augmentation.noise > 0 ? lit + at::randn(images.sizes(), random) * augmentation.noise : lit;
}

at::Tensor augmented(const at::Tensor& images, const ImageAugmentation& augmentation, const Random& random,
                     const at::Tensor&) {
  const bool moves = augmentation.shift > 0 || augmentation.flip;
  const at::Tensor placed = moves ? moved(images, random_maps(images.size(0), augmentation, random)) : images;
  return light(placed, augmentation, random).clamp(0, 1);
}

}  // namespace dragonet
