// The product along any dimensions, float32 or int32, which wraps around: shapes are multiplied so. TensorFlow Lite
// Micro has none of int8. Source: TensorFlow Lite, kernels/reduce.cc.
#include "ops/reduction.h"

namespace dragonet {

static Problems check(const Model& model, const Node& node) {
  const Problems wrong = check_quantized(model, node, {DType::int32, DType::float32});
  return wrong.empty() ? check_axes(model, node) : wrong;
}

template <typename Value, typename Product>
static void multiply(const Model& model, const Node& node, TensorBytes& bytes) {
  auto* out = data_of<Value>(bytes, node.outputs[0]);
  for (const Product product : reduced<Value>(model, node, bytes, Product{1}, std::multiplies<Product>()))
    *out++ = static_cast<Value>(product);
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  if (model.input(node, 0).dtype == DType::float32)
    multiply<float, float>(model, node, bytes);
  else
    multiply<std::int32_t, std::uint32_t>(model, node, bytes);
}

static Emitted emit(const Model& model, const Node& node) {
  if (model.input(node, 0).dtype == DType::float32)
    return emit_reduction(model, node, "Product<float, float>", "", "float", 4);
  return emit_reduction(model, node, "Product<int32_t, uint32_t>", "", "uint32_t", 4);
}

extern const Operator reduce_prod{.name = "reduce_prod",
                                  .options = "ReducerOptions",
                                  .version = 1,
                                  .dtypes = "int32, float32",
                                  .check = check,
                                  .shape = reduced_shape,
                                  .rows = reduction_rows,
                                  .reference = reference,
                                  .emit = emit,
                                  .quantization = {.in_float = true}};

}  // namespace dragonet
