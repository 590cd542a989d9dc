// The largest and the least value along any dimensions, of any numbers; of bool, whether any or all are true. Nothing
// is requantized: the output has the input's scale. Source: TensorFlow Lite Micro, kernels/reduce.cc; TensorFlow Lite,
// kernels/reduce.cc.
#include <limits>

#include "ops/operands.h"
#include "ops/reduction.h"

namespace dragonet {

static bool is_largest(const Node& node) { return node.op == "reduce_max" || node.op == "reduce_any"; }
static bool is_of_bool(const Node& node) { return node.op == "reduce_any" || node.op == "reduce_all"; }

static Problems check_type(const Model& model, const Node& node) {
  const DType dtype = model.input(node, 0).dtype;
  const bool is_known = is_of_bool(node) ? dtype == DType::boolean
                                         : dtype != DType::boolean && dtype != DType::int64 && dtype != DType::uint8;
  if (is_known) return {};
  return {fmt::format("its input is {}, not {}", name_of(dtype),
                      is_of_bool(node) ? "bool" : "int8, int16, int32 or float32")};
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong = gather({check_moved(model, node, 0), check_type(model, node)});
  return wrong.empty() ? check_axes(model, node) : wrong;
}

/// What any value is at least as good as.
template <typename Value>
static Value first_of(const Node& node) {
  using Limits = std::numeric_limits<Value>;
  if (is_of_bool(node)) return is_largest(node) ? 0 : 1;
  if (Limits::has_infinity) return is_largest(node) ? -Limits::infinity() : Limits::infinity();
  return is_largest(node) ? Limits::lowest() : Limits::max();
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  with_value_type(model.input(node, 0).dtype, [&](auto zero) {
    using Value = decltype(zero);
    const auto better = [&](Value best, Value value) {
      return is_largest(node) ? std::max(best, value) : std::min(best, value);
    };
    std::ranges::copy(reduced<Value>(model, node, bytes, first_of<Value>(node), better),
                      data_of<Value>(bytes, node.outputs[0]));
  });
}

static std::string number_text(float value) { return float_text(value); }
static std::string number_text(std::int32_t value) { return int32_text(value); }

static Emitted emit(const Model& model, const Node& node) {
  const DType dtype = model.input(node, 0).dtype;
  const std::string first =
      with_value_type(dtype, [&](auto zero) { return number_text(first_of<decltype(zero)>(node)); });
  return emit_reduction(model, node, fmt::format("Extreme<{}, {}>", c_type(dtype), is_largest(node) ? 1 : -1), first,
                        c_type(dtype), size_of(dtype));
}

static constexpr Operator operator_named(const char* name, const char* dtypes, int version) {
  return {.name = name,
          .options = "ReducerOptions",
          .version = version,
          .dtypes = dtypes,
          .check = check,
          .shape = reduced_shape,
          .rows = reduction_rows,
          .reference = reference,
          .emit = emit,
          .quantization = {.output_as_input = true}};
}

static constexpr const char* numbers = "int8, int16, int32, float32";
extern const Operator reduce_max = operator_named("reduce_max", numbers, 2);
extern const Operator reduce_min = operator_named("reduce_min", numbers, 2);
extern const Operator reduce_any = operator_named("reduce_any", "bool", 1);
extern const Operator reduce_all = operator_named("reduce_all", "bool", 1);

}  // namespace dragonet
