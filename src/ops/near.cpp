#include "ops/near.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "model/codec.h"

namespace dragonet {

static bool is_near(float actual, float expected, float tolerance) {
  const bool both_nan = std::isnan(actual) && std::isnan(expected);
  return actual == expected || both_nan || std::abs(actual - expected) <= tolerance;
}

static float largest_of(const std::vector<float>& reals) {
  float largest = 1;
  for (const float real : reals)
    if (std::isfinite(real)) largest = std::max(largest, std::abs(real));
  return largest;
}

bool is_near(const Tensor& tensor, std::span<const std::uint8_t> actual, std::span<const std::uint8_t> expected) {
  if (tensor.dtype != DType::float32 || actual.size() != expected.size()) return std::ranges::equal(actual, expected);
  const std::vector<float> a = floats_in(actual), b = floats_in(expected);
  const float tolerance = real_tolerance * largest_of(b);
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!is_near(a[i], b[i], tolerance)) return false;
  return true;
}

}  // namespace dragonet
