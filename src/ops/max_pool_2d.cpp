// Max pooling, int8, int16 or float32. Padding never wins.
// Source: TensorFlow Lite 8-bit quantization specification, MAX_POOL_2D.
#include <algorithm>

#include "ops/pooling.h"
#include "ops/quantized.h"

namespace dragonet {

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  run_pool(model, node, bytes, [](const auto& cells) { return *std::ranges::max_element(cells); });
}

static Emitted emit(const Model& model, const Node& node) { return emit_pool(model, node, "max_pool_2d_row"); }

extern const Operator max_pool_2d{.name = "max_pool_2d",
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
