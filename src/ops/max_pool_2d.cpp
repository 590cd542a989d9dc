// Max pooling, int8 or float32. Padding never wins.
// Source: TensorFlow Lite 8-bit quantization specification, MAX_POOL_2D.
#include <algorithm>

#include "ops/pooling.h"
#include "ops/quantized.h"

namespace dragonet {

template <typename T>
static T largest(const std::vector<T>& cells) {
  return *std::ranges::max_element(cells);
}

static Emitted emit(const Model& model, const Node& node) { return emit_pool(model, node, "max_pool_2d_row"); }

extern const Operator max_pool_2d{.name = "max_pool_2d",
                                  .options = "Pool2DOptions",
                                  .version = 2,
                                  .dtypes = "int8, float32",
                                  .check = check_pool,
                                  .shape = pool_shape,
                                  .rows = pool_rows,
                                  .reference = pool_reference<largest<std::int8_t>, largest<float>>,
                                  .emit = emit,
                                  .quantization = {.output_as_input = true}};

}  // namespace dragonet
