#include "model/codec.h"

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
std::vector<Step> grid_of(const Tensor& tensor) {
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
    case DType::float16:  // widened when a file is read: no tensor has it here
      break;
  }
}

/// The ends of the wider types are no floats, those of int64 no doubles: the nearest below stand for them.
template <typename T, typename Real>
T stored(Real real, const Step& step) {
  constexpr double low = static_cast<double>(std::numeric_limits<T>::min());
  const double high = std::min(static_cast<double>(std::numeric_limits<T>::max()), 9.2e18);
  const double q = static_cast<double>(std::round(real / static_cast<Real>(step.scale))) + step.zero_point;
  return static_cast<T>(std::isnan(q) ? 0 : std::clamp(q, low, high));
}

template <typename Real>
Bytes bytes_from(const Tensor& tensor, std::span<const Real> reals) {
  const std::vector<Step> steps = grid_of(tensor);
  Bytes bytes(reals.size() * size_of(tensor.dtype));
  with_type(tensor.dtype, [&](auto value) {
    using T = decltype(value);
    for (std::size_t i = 0; i < reals.size(); ++i) {
      const Step& step = step_of(tensor, steps, i);
      if constexpr (std::is_same_v<T, float>)
        value = static_cast<float>(reals[i]);
      else
        value = stored<T>(reals[i], step);
      std::memcpy(bytes.data() + i * sizeof value, &value, sizeof value);
    }
  });
  return bytes;
}

Tensor int8_tensor(std::size_t count, const Quantization& quantization) {
  return {.dtype = DType::int8, .shape = {static_cast<int>(count)}, .quantization = quantization};
}

std::span<const std::uint8_t> bytes_in(std::span<const std::int8_t> values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size()};
}

}  // namespace

std::size_t index_along(const Shape& shape, int axis, std::size_t i) {
  std::size_t inner = 1;
  for (std::size_t d = axis + 1; d < shape.size(); ++d) inner *= shape[d];
  return shape.empty() ? 0 : i / inner % static_cast<std::size_t>(shape[axis]);
}

Reals reals_of(const Tensor& tensor, std::span<const std::uint8_t> bytes) {
  const std::vector<Step> steps = grid_of(tensor);
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

Bytes bytes_of_reals(const Tensor& tensor, std::span<const double> reals) { return bytes_from(tensor, reals); }
Bytes bytes_of_reals(const Tensor& tensor, std::span<const float> reals) { return bytes_from(tensor, reals); }

std::vector<float> floats_of(const Tensor& tensor, std::span<const std::uint8_t> bytes) {
  const Reals reals = reals_of(tensor, bytes);
  return {reals.begin(), reals.end()};
}

Reals stored_values(const Tensor& tensor, std::span<const std::uint8_t> bytes) {
  const Tensor plain{.dtype = tensor.dtype, .shape = tensor.shape};
  return reals_of(plain, bytes.first(std::min(bytes.size(), tensor.bytes())));
}

std::vector<float> floats_in(std::span<const std::uint8_t> bytes) {
  std::vector<float> floats(bytes.size() / sizeof(float));
  std::memcpy(floats.data(), bytes.data(), floats.size() * sizeof(float));
  return floats;
}

Bytes bytes_of(std::span<const float> floats) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(floats.data());
  return {first, first + floats.size_bytes()};
}

std::span<const std::int8_t> int8_in(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const std::int8_t*>(bytes.data()), bytes.size()};
}

std::vector<std::int8_t> quantized(std::span<const float> reals, const Quantization& quantization) {
  const Bytes bytes = bytes_of_reals(int8_tensor(reals.size(), quantization), reals);
  return {bytes.begin(), bytes.end()};
}

std::vector<float> dequantized(std::span<const std::int8_t> values, const Quantization& quantization) {
  return floats_of(int8_tensor(values.size(), quantization), bytes_in(values));
}

double steps_of(float scale) {
  const double steps = 1.0 / scale, whole = std::round(steps);
  return static_cast<float>(1 / whole) == scale ? whole : steps;
}

std::vector<float> reals_of_features(std::span<const std::int8_t> features, const Quantization& quantization) {
  const auto steps = static_cast<float>(steps_of(quantization.scale.at(0)));
  std::vector<float> reals;
  reals.reserve(features.size());
  for (const std::int8_t q : features) reals.push_back(static_cast<float>(q - quantization.zero_point.at(0)) / steps);
  return reals;
}

Bytes input_of_features(const Model& model, std::span<const std::int8_t> features, const Quantization& quantization) {
  const Tensor& input = model.tensors[model.inputs[0]];
  if (input.dtype == DType::int8) return {features.begin(), features.end()};
  return bytes_of_reals(input, reals_of_features(features, quantization));
}

RealSpan span_of(const Tensor& tensor) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  RealSpan span{-infinity, infinity, 0};
  if (tensor.dtype == DType::float32 || tensor.quantization.scale.size() != 1) return span;
  const Step step = grid_of(tensor)[0];
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
