// Average pooling, int8 or float32. Padding is left out of the mean; the mean of int8 rounds halves away from zero.
// Source: TensorFlow Lite 8-bit quantization specification, AVERAGE_POOL_2D.
#include <cstdlib>
#include <numeric>

#include "ops/pooling.h"
#include "ops/quantized.h"

namespace dragonet {

static std::int8_t mean_int8(const std::vector<std::int8_t>& cells) {
  const int sum = std::accumulate(cells.begin(), cells.end(), 0), count = static_cast<int>(cells.size());
  const int magnitude = (std::abs(sum) + count / 2) / count;
  return static_cast<std::int8_t>(sum < 0 ? -magnitude : magnitude);
}

/// Of what was uint8, which is 128 higher and never negative: halves are rounded up.
static std::int8_t mean_uint8(const std::vector<std::int8_t>& cells) {
  const int count = static_cast<int>(cells.size());
  const int sum = std::accumulate(cells.begin(), cells.end(), 128 * count);
  return static_cast<std::int8_t>((sum + count / 2) / count - 128);
}

static float mean_real(const std::vector<float>& cells) {
  return std::accumulate(cells.begin(), cells.end(), 0.0f) / static_cast<float>(cells.size());
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const auto mean =
      node.integer(from_uint8) ? pool_reference<mean_uint8, mean_real> : pool_reference<mean_int8, mean_real>;
  mean(model, node, bytes);
}

static Emitted emit(const Model& model, const Node& node) {
  const bool is_real = model.input(node, 0).dtype == DType::float32;
  const std::string sum = is_real ? "float" : node.integer(from_uint8) ? "dragonet::Uint8Sum" : "int32_t";
  Emitted code = emit_pool(model, node, "average_pool_2d_row<" + sum + ">");
  const Window w = pool_window(model, node);
  if (w.out_h != 1 || w.pad_top > 0 || w.kernel_h < w.in_h) return code;
  const bool is_small = !is_real && w.kernel_h * w.kernel_w <= 256;  // 256 * -128 is the least int16
  code.accumulate = fmt::format("average_pool_2d_accumulate<{}>($, in0, y, out, ({}*)state);", sum,
                                is_small  ? "int16_t"
                                : is_real ? "float"
                                          : "int32_t");
  code.state_bytes = static_cast<std::size_t>(w.out_w) * w.out_c * (is_small ? 2 : 4);
  return code;
}

extern const Operator average_pool_2d{.name = "average_pool_2d",
                                      .options = "Pool2DOptions",
                                      .version = 2,
                                      .dtypes = "int8, float32",
                                      .check = check_pool,
                                      .shape = pool_shape,
                                      .rows = pool_rows,
                                      .reference = reference,
                                      .emit = emit,
                                      .quantization = {.output_as_input = true}};

}  // namespace dragonet
