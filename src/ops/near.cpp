#include "ops/near.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace dragonet {

static std::vector<float> reals_of(std::span<const std::uint8_t> bytes) {
  std::vector<float> reals(bytes.size() / sizeof(float));
  std::memcpy(reals.data(), bytes.data(), reals.size() * sizeof(float));
  return reals;
}

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
  const std::vector<float> a = reals_of(actual), b = reals_of(expected);
  const float tolerance = real_tolerance * largest_of(b);
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!is_near(a[i], b[i], tolerance)) return false;
  return true;
}

template <typename T>
static std::vector<double> numbers_of(std::span<const std::uint8_t> bytes) {
  std::vector<T> elements(bytes.size() / sizeof(T));
  std::memcpy(elements.data(), bytes.data(), elements.size() * sizeof(T));
  return {elements.begin(), elements.end()};
}

std::vector<double> numbers_in(const Tensor& tensor, std::span<const std::uint8_t> bytes) {
  bytes = bytes.first(std::min(bytes.size(), tensor.bytes()));
  switch (tensor.dtype) {
    case DType::float32:
      return numbers_of<float>(bytes);
    case DType::int64:
      return numbers_of<std::int64_t>(bytes);
    case DType::int32:
      return numbers_of<std::int32_t>(bytes);
    case DType::int16:
      return numbers_of<std::int16_t>(bytes);
    case DType::int8:
      return numbers_of<std::int8_t>(bytes);
    default:
      return numbers_of<std::uint8_t>(bytes);
  }
}

}  // namespace dragonet
