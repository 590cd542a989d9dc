#include "ops/operands.h"

#include <fmt/format.h>

namespace dragonet {

static constexpr int most_rows = 32767;

Problems check_numbers(const Model& model, const Node& node, int input, const char* role, std::int64_t count) {
  if (!model.has_input(node, input)) return {fmt::format("it has no {}", role)};
  const Tensor& tensor = model.input(node, input);
  if (!tensor.is_constant()) return {fmt::format("its {} is not a constant", role)};
  if (tensor.dtype != DType::int32 && tensor.dtype != DType::int64)
    return {fmt::format("its {} is {}, not int32 or int64", role, name_of(tensor.dtype))};
  if (count != any_count && element_count(tensor.shape) != count)
    return {fmt::format("its {} has {} values, not {}", role, element_count(tensor.shape), count)};
  return {};
}

std::vector<std::int64_t> numbers_of(const Model& model, const Node& node, int input) {
  const Tensor& tensor = model.input(node, input);
  if (tensor.dtype == DType::int64) return {values<std::int64_t>(tensor).begin(), values<std::int64_t>(tensor).end()};
  return {values<std::int32_t>(tensor).begin(), values<std::int32_t>(tensor).end()};
}

std::optional<int> axis_in(std::int64_t axis, std::size_t rank) {
  const auto dimensions = static_cast<std::int64_t>(rank);
  if (axis < -dimensions || axis >= dimensions) return std::nullopt;
  return static_cast<int>(axis < 0 ? axis + dimensions : axis);
}

Problems check_axis(std::int64_t axis, std::size_t rank) {
  if (axis_in(axis, rank)) return {};
  return {fmt::format("its axis is {}, and there are {} dimensions", axis, rank)};
}

static Problems check_alike(const Tensor& in, const Tensor& out) {
  if (in.dtype != out.dtype) return {"its input and output have different types"};
  if (in.dtype == DType::float32 || (in.quantization.scale.empty() && out.quantization.scale.empty())) return {};
  if (in.quantization.scale != out.quantization.scale || in.quantization.zero_point != out.quantization.zero_point)
    return {"its input and output are quantized differently"};
  Problems wrong;
  check_one_scale(wrong, in, "input");
  return wrong;
}

Problems check_rows(const Tensor& tensor, const char* role) {
  if (rows_of(tensor).count <= most_rows) return {};
  return {fmt::format("its {} has {} rows; at most {} are supported", role, rows_of(tensor).count, most_rows)};
}

Problems check_moved(const Model& model, const Node& node, int input, int output) {
  if (!model.has_input(node, input)) return {fmt::format("its input {} is missing", input)};
  const Tensor &in = model.input(node, input), &out = model.output(node, output);
  return gather({check_alike(in, out), check_rows(in, "input"), check_rows(out, "output")});
}

Tensor zero_of(const Tensor& tensor) {
  Tensor zero{.dtype = tensor.dtype};
  zero.data.resize(zero.bytes());
  const bool has_zero_point = is_quantized(tensor.dtype) && !tensor.quantization.zero_point.empty();
  if (has_zero_point && zero.data.size() == 1)
    zero.data[0] = static_cast<std::uint8_t>(tensor.quantization.zero_point[0]);
  return zero;  // the zero point of wider types is 0
}

}  // namespace dragonet
