// Average pooling, int8, int16 or float32. Padding is left out of the mean; that of integers rounds halves away from
// zero. Source: TensorFlow Lite 8-bit quantization specification, AVERAGE_POOL_2D; TensorFlow Lite Micro,
// kernels/internal/reference/integer_ops/pooling.h.
#include <cstdlib>
#include <numeric>

#include "ops/pooling.h"
#include "ops/quantized.h"

namespace dragonet {

template <typename T>
static T mean_of(const std::vector<T>& cells) {
  const int sum = std::accumulate(cells.begin(), cells.end(), 0), count = static_cast<int>(cells.size());
  const int magnitude = (std::abs(sum) + count / 2) / count;
  return static_cast<T>(sum < 0 ? -magnitude : magnitude);
}

/// Of what was uint8, which is 128 higher and never negative: halves are rounded up.
template <typename T>
static T mean_of_uint8(const std::vector<T>& cells) {
  const int count = static_cast<int>(cells.size());
  const int sum = std::accumulate(cells.begin(), cells.end(), 128 * count);
  return static_cast<T>((sum + count / 2) / count - 128);
}

template <>
float mean_of(const std::vector<float>& cells) {
  return std::accumulate(cells.begin(), cells.end(), 0.0f) / static_cast<float>(cells.size());
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  if (node.integer(from_uint8))
    run_pool(model, node, bytes, [](const auto& cells) { return mean_of_uint8(cells); });
  else
    run_pool(model, node, bytes, [](const auto& cells) { return mean_of(cells); });
}

static Emitted emit(const Model& model, const Node& node) {
  const DType dtype = model.input(node, 0).dtype;
  const std::string plain = dtype == DType::float32 ? "float" : "int32_t";
  const std::string sum = node.integer(from_uint8) ? "dragonet::Uint8Sum" : plain;
  Emitted code = emit_pool(model, node, "average_pool_2d_row<" + sum + ">");
  const Window w = pool_window(model, node);
  if (w.out_h != 1 || w.pad_top > 0 || w.kernel_h < w.in_h) return code;
  const bool is_small = dtype == DType::int8 && w.kernel_h * w.kernel_w <= 256;  // 256 * -128 is the least int16
  code.accumulate =
      fmt::format("average_pool_2d_accumulate<{}>($, in0, y, out, ({}*)state);", sum, is_small ? "int16_t" : plain);
  code.state_bytes = static_cast<std::size_t>(w.out_w) * w.out_c * (is_small ? 2 : 4);
  return code;
}

extern const Operator average_pool_2d{.name = "average_pool_2d",
                                      .options = "Pool2DOptions",
                                      .version = 2,
                                      .dtypes = "int8, int16, float32",
                                      .check = check_pool,
                                      .shape = pool_shape,
                                      .rows = pool_rows,
                                      .reference = reference,
                                      .emit = emit,
                                      .quantization = {.output_as_input = true}};

}  // namespace dragonet
