#include "ops/unary_operator.h"

#include <cmath>
#include <cstring>

namespace dragonet {

Range range_of(DType dtype) {
  switch (dtype) {
    case DType::int8:
      return {INT8_MIN, INT8_MAX};
    case DType::uint8:
      return {0, UINT8_MAX};
    case DType::int16:
      return {INT16_MIN, INT16_MAX};
    default:
      return {INT32_MIN, INT32_MAX};
  }
}

template <typename T>
static T element(const std::vector<std::uint8_t>& bytes, std::size_t i) {
  T value;
  std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

std::int32_t integer_at(DType dtype, const std::vector<std::uint8_t>& bytes, std::size_t i) {
  switch (dtype) {
    case DType::int8:
      return element<std::int8_t>(bytes, i);
    case DType::uint8:
      return bytes[i];
    case DType::int16:
      return element<std::int16_t>(bytes, i);
    default:
      return element<std::int32_t>(bytes, i);
  }
}

/// Little-endian, as the host is: the first bytes of a number are its lowest.
void set_integer(DType dtype, std::vector<std::uint8_t>& bytes, std::size_t i, std::int32_t value) {
  std::memcpy(bytes.data() + i * size_of(dtype), &value, size_of(dtype));
}

static void run_reals(const Unary& unary, const Node& node, TensorBytes& bytes, std::size_t count) {
  const auto* in = data_of<float>(bytes, node.inputs[0]);
  auto* out = data_of<float>(bytes, node.outputs[0]);
  for (std::size_t i = 0; i < count; ++i) out[i] = unary.real(node, in[i]);
}

void run_unary(const Unary& unary, const Model& model, const Node& node, TensorBytes& bytes) {
  const DType in = model.input(node, 0).dtype, out = model.output(node).dtype;
  const auto count = static_cast<std::size_t>(element_count(model.output(node).shape));
  if (in == DType::float32) return run_reals(unary, node, bytes, count);
  for (std::size_t i = 0; i < count; ++i)
    set_integer(out, bytes[node.outputs[0]], i, unary.integer(model, node, integer_at(in, bytes[node.inputs[0]], i)));
}

Emitted emit_lookup(const Unary& unary, const Model& model, const Node& node) {
  std::vector<int> table;
  for (int byte = 0; byte < 256; ++byte) {
    const int q = model.input(node, 0).dtype == DType::int8 ? static_cast<std::int8_t>(byte) : byte;
    table.push_back(static_cast<std::int8_t>(unary.integer(model, node, q)));
  }
  return {.header = "lookup.h",
          .constants = {{"table", "int8_t", comma_separated(table), table.size()}},
          .parameters = "Lookup $ = {$_table}",
          .row = "lookup_row($, in0, y, out);"};
}

Emitted emit_unary(const Model& model, const Node& node, const std::string& header, const std::string& function,
                   const std::string& numbers) {
  return {.header = header,
          .constants = {},
          .parameters = fmt::format("{} $ = {{{}}}", function, numbers),
          .row = fmt::format("unary_row<{}, {}>($, in0, y, out);", c_type(model.input(node, 0).dtype),
                             c_type(model.output(node).dtype))};
}

double scale_factor(const Model& model, const Node& node) {
  return double{model.input(node, 0).quantization.scale[0]} / model.output(node).quantization.scale[0];
}

std::string requantize_numbers(const Model& model, const Node& node, Range range) {
  const Multiplier factor = multiplier_of(scale_factor(model, node));
  const std::int32_t zero_point = model.output(node).quantization.zero_point[0];
  return fmt::format("{}, {}, {}, {}, {}, {}", factor.multiplier, model.input(node, 0).quantization.zero_point[0],
                     zero_point, int32_text(range.min - zero_point), int32_text(range.max - zero_point), factor.shift);
}

Problems check_rescale(const Model& model, const Node& node, double factor) {
  const double largest = model.input(node, 0).dtype == DType::int16 ? 32768 : 255;
  if (std::abs(factor) * 2 * largest <= INT32_MAX) return {};  // shifted left by what is above 1
  return {fmt::format("its input's scale is {} times its output's: that overflows 32 bits", factor)};
}

}  // namespace dragonet
