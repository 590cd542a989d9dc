#include "judge/reals.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace dragonet {
namespace {

struct Step {
  double scale = 1, zero_point = 0;
};

/// Of the whole tensor, or one per index along the quantized axis.
std::vector<Step> steps_of(const Tensor& tensor) {
  const auto& [scale, zero_point, axis] = tensor.quantization;
  if (scale.empty() || tensor.dtype == DType::float32) return {{}};
  std::vector<Step> steps;
  for (std::size_t c = 0; c < scale.size(); ++c)
    steps.push_back({scale[c], c < zero_point.size() ? static_cast<double>(zero_point[c]) : 0});
  return steps;
}

const Step& step_of(const Tensor& tensor, const std::vector<Step>& steps, std::size_t i) {
  return steps.size() == 1 ? steps[0] : steps[index_along(tensor.shape, tensor.quantization.axis, i) % steps.size()];
}

/// Calls `work` with a value of the C++ type of a dtype.
template <typename Work>
void with_type(DType dtype, Work work) {
  switch (dtype) {
    case DType::float32:
      return work(float{});
    case DType::int8:
      return work(std::int8_t{});
    case DType::int16:
      return work(std::int16_t{});
    case DType::int32:
      return work(std::int32_t{});
    case DType::int64:
      return work(std::int64_t{});
    case DType::uint8:
    case DType::boolean:
      return work(std::uint8_t{});
  }
}

/// The ends of int64 are no doubles: the greatest that is one stands for them.
template <typename T>
T rounded(double q) {
  constexpr double low = static_cast<double>(std::numeric_limits<T>::min());
  const double high = std::min(static_cast<double>(std::numeric_limits<T>::max()), 9.2e18);
  return static_cast<T>(std::isnan(q) ? 0 : std::clamp(std::round(q), low, high));
}

}  // namespace

std::size_t index_along(const Shape& shape, int axis, std::size_t i) {
  std::size_t inner = 1;
  for (std::size_t d = axis + 1; d < shape.size(); ++d) inner *= shape[d];
  return shape.empty() ? 0 : i / inner % static_cast<std::size_t>(shape[axis]);
}

Reals reals_of(const Tensor& tensor, std::span<const std::uint8_t> bytes) {
  const std::vector<Step> steps = steps_of(tensor);
  Reals reals(bytes.size() / size_of(tensor.dtype));
  with_type(tensor.dtype, [&](auto value) {
    for (std::size_t i = 0; i < reals.size(); ++i) {
      std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
      const Step& step = step_of(tensor, steps, i);
      reals[i] = step.scale * (static_cast<double>(value) - step.zero_point);
    }
  });
  return reals;
}

Reals reals_of(const Tensor& constant) { return reals_of(constant, constant.data); }

Bytes bytes_of_reals(const Tensor& tensor, std::span<const double> reals) {
  const std::vector<Step> steps = steps_of(tensor);
  Bytes bytes(reals.size() * size_of(tensor.dtype));
  with_type(tensor.dtype, [&](auto value) {
    using T = decltype(value);
    for (std::size_t i = 0; i < reals.size(); ++i) {
      const Step& step = step_of(tensor, steps, i);
      if constexpr (std::is_same_v<T, float>)
        value = static_cast<float>(reals[i]);
      else
        value = rounded<T>(reals[i] / step.scale + step.zero_point);
      std::memcpy(bytes.data() + i * sizeof value, &value, sizeof value);
    }
  });
  return bytes;
}

RealSpan span_of(const Tensor& tensor) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  RealSpan span{-infinity, infinity, 0};
  if (tensor.dtype == DType::float32 || tensor.quantization.scale.size() != 1) return span;
  const Step step = steps_of(tensor)[0];
  with_type(tensor.dtype, [&](auto value) {
    using Limits = std::numeric_limits<decltype(value)>;
    span = {step.scale * (static_cast<double>(Limits::lowest()) - step.zero_point),
            step.scale * (static_cast<double>(Limits::max()) - step.zero_point), step.scale};
  });
  return span;
}

bool is_same_grid(const Tensor& a, const Tensor& b) {
  if (a.dtype != b.dtype) return false;
  return a.dtype == DType::float32 ||
         (a.quantization.scale == b.quantization.scale && a.quantization.zero_point == b.quantization.zero_point);
}

double step_at(const Tensor& constant, std::size_t i) {
  if (constant.dtype == DType::float32) return 0;
  const auto& [scale, zero_point, axis] = constant.quantization;
  if (scale.empty()) return 1;
  return scale.size() == 1 ? scale[0] : scale[index_along(constant.shape, axis, i) % scale.size()];
}

}  // namespace dragonet
