#include <algorithm>
#include <numbers>

#include "train/augment.h"
#include "train/augment_tools.h"

namespace dragonet {

static bool moves(const ImageAugmentation& a) { return a.flip || std::max({a.shift, a.zoom, a.rotation}) > 0; }
static bool changes_light(const ImageAugmentation& a) { return std::max({a.brightness, a.contrast, a.noise}) > 0; }
static bool changes_colour(const ImageAugmentation& a) { return std::max(a.hue, a.saturation) > 0; }

bool is_off(const ImageAugmentation& a) {
  return !moves(a) && !changes_light(a) && !changes_colour(a) && a.cut_out == 0;
}

/// What is off draws no number, so that a run repeats one of before there was such a setting.
static at::Tensor drawn(std::int64_t batch, double most, const Random& random) {
  return most > 0 ? uniform(batch, most, random) : at::zeros(batch);
}

/// Mirrored for half of them, turned, larger or smaller, and shifted, by parts of pixels too. Rotation is one of
/// pixels, whatever the ratio of width and height.
static at::Tensor random_maps(const at::Tensor& images, const ImageAugmentation& augmentation, const Random& random) {
  const std::int64_t batch = images.size(0);
  const double aspect = double(images.size(2)) / double(images.size(3));
  const at::Tensor mirrored = at::rand(batch, random) < (augmentation.flip ? 0.5 : 0.0);
  const at::Tensor side = 1 - 2 * mirrored.to(at::kFloat);
  const at::Tensor x = uniform(batch, 2 * augmentation.shift, random),
                   y = uniform(batch, 2 * augmentation.shift, random);
  const at::Tensor scale = 1 + drawn(batch, augmentation.zoom, random);
  const at::Tensor angle = drawn(batch, augmentation.rotation * std::numbers::pi / 180, random);
  const at::Tensor cos = scale * angle.cos(), sin = scale * angle.sin();
  return at::stack({at::stack({side * cos, -side * sin * aspect, x}, 1), at::stack({sin / aspect, cos, y}, 1)}, 1);
}

/// Colours turned about the axis of greys, and pulled towards it or away from it.
static at::Tensor coloured(const at::Tensor& images, const ImageAugmentation& augmentation, const Random& random) {
  const std::int64_t batch = images.size(0);
  const at::Tensor angle = each(images, augmentation.hue * std::numbers::pi / 180, random).reshape({batch, 1, 1});
  const at::Tensor strength = 1 + each(images, augmentation.saturation, random).reshape({batch, 1, 1});
  const at::Tensor same = at::eye(3), mean = at::full({3, 3}, 1.0 / 3);
  const at::Tensor across = at::tensor({0.0f, -1.0f, 1.0f, 1.0f, 0.0f, -1.0f, -1.0f, 1.0f, 0.0f}).reshape({3, 3});
  const at::Tensor turned = angle.cos() * (same - mean) + angle.sin() * across / std::numbers::sqrt3;
  return at::bmm(mean + strength * turned, images.flatten(2)).reshape(images.sizes());
}

/// A square hidden behind each picture's mean colour. Source: DeVries and Taylor 2017, "Cutout", arXiv:1708.04552.
static at::Tensor cut_out(const at::Tensor& images, const ImageAugmentation& augmentation, const Random& random) {
  const auto is_near = [&](std::int64_t length, const at::Tensor& half) {
    const at::Tensor middle = at::rand({images.size(0), 1}, random);
    return ((at::arange(length) + 0.5) / double(length) - middle).abs() < half;
  };
  const at::Tensor half = at::rand({images.size(0), 1}, random) * (augmentation.cut_out / 2);
  const at::Tensor rows = is_near(images.size(2), half), columns = is_near(images.size(3), half);
  const at::Tensor hidden = rows.unsqueeze(2).logical_and(columns.unsqueeze(1)).unsqueeze(1);
  return at::where(hidden, images.mean({2, 3}, true), images);
}

static at::Tensor light(const at::Tensor& images, const ImageAugmentation& augmentation, const Random& random) {
  const at::Tensor gain = 1 + each(images, augmentation.contrast, random),
                   offset = each(images, augmentation.brightness, random);
  const at::Tensor lit = (images - 0.5) * gain + 0.5 + offset;
  return augmentation.noise > 0 ? lit + at::randn(images.sizes(), random) * augmentation.noise : lit;
}

at::Tensor augmented(const at::Tensor& images, const ImageAugmentation& augmentation, const Random& random,
                     const at::Tensor&) {
  at::Tensor changed = images;
  if (moves(augmentation)) changed = moved(changed, random_maps(changed, augmentation, random));
  if (changes_colour(augmentation) && images.size(1) == 3) changed = coloured(changed, augmentation, random);
  if (augmentation.cut_out > 0) changed = cut_out(changed, augmentation, random);
  return light(changed, augmentation, random).clamp(0, 1);
}

}  // namespace dragonet
