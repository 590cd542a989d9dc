#include <algorithm>
#include <numbers>
#include <vector>

#include "train/augment.h"
#include "train/augment_tools.h"

namespace dragonet {

bool is_off(const MotionAugmentation& a) { return std::max({a.shift, a.stretch, a.gain, a.noise, a.rotation}) == 0; }

/// Earlier or later, slower or faster.
static at::Tensor retimed(const at::Tensor& readings, const MotionAugmentation& a, const Random& random) {
  const std::int64_t batch = readings.size(0);
  const at::Tensor speed = 1 + uniform(batch, a.stretch, random), offset = uniform(batch, 2 * a.shift, random);
  const at::Tensor one = at::ones(batch), zero = at::zeros(batch);
  return moved(readings, at::stack({at::stack({one, zero, zero}, 1), at::stack({zero, speed, offset}, 1)}, 1));
}

/// [batch, 3, 3], about axes of any direction. Source: the rotation formula of Rodrigues.
static at::Tensor random_rotations(std::int64_t batch, double degrees, const Random& random) {
  const at::Tensor direction = at::randn({batch, 3}, random);
  const at::Tensor axis = direction / direction.square().sum(1, true).sqrt();
  const at::Tensor x = axis.select(1, 0), y = axis.select(1, 1), z = axis.select(1, 2), zero = at::zeros(batch);
  const at::Tensor cross =
      at::stack({at::stack({zero, -z, y}, 1), at::stack({z, zero, -x}, 1), at::stack({-y, x, zero}, 1)}, 1);
  const at::Tensor angle = uniform(batch, degrees * std::numbers::pi / 180, random).reshape({-1, 1, 1});
  return at::eye(3) + angle.sin() * cross + (1 - angle.cos()) * cross.bmm(cross);
}

/// Each three axes, an accelerometer's or a gyroscope's, by the same rotation: they are in one case.
static at::Tensor rotated(const at::Tensor& readings, double degrees, const Random& random) {
  const at::Tensor rotation = random_rotations(readings.size(0), degrees, random);
  std::vector<at::Tensor> parts;
  for (std::int64_t axis = 0; axis < readings.size(1); axis += 3) {
    const at::Tensor part = readings.narrow(1, axis, std::min<std::int64_t>(3, readings.size(1) - axis));
    parts.push_back(part.size(1) == 3 ? rotation.bmm(part.flatten(2)).reshape(part.sizes()) : part);
  }
  return at::cat(parts, 1);
}

at::Tensor augmented(const at::Tensor& readings, const MotionAugmentation& a, const Random& random, const at::Tensor&) {
  const at::Tensor turned =
      rotated(retimed(readings, a, random), a.rotation, random) * (1 + each(readings, a.gain, random));
  const at::Tensor deviation = (turned - turned.mean({2, 3}, true)).square().mean({2, 3}, true).sqrt();
  return turned + at::randn(turned.sizes(), random) * deviation * a.noise;
}

}  // namespace dragonet
