// Shape and rank of a tensor, as integers. They are known when a model is compiled, and nothing of the input is read.
// Source: TensorFlow Lite, kernels/shape.cc and rank.cc.
#include "ops/emit.h"

namespace dragonet {

static bool is_rank(const Node& node) { return node.op == "rank"; }

static Problems check(const Model& model, const Node& node) {
  const DType dtype = model.output(node).dtype;
  if (dtype == DType::int32 || (dtype == DType::int64 && !is_rank(node))) return {};
  return {fmt::format("its output is {}, not int32{}", name_of(dtype), is_rank(node) ? "" : " or int64")};
}

static Shape shape(const Model& model, const Node& node) {
  if (is_rank(node)) return {};
  return {static_cast<int>(model.input(node, 0).shape.size())};
}

static Rows rows(const Model&, const Node&, int, int) { return {0, 0}; }

static std::vector<int> numbers_for(const Model& model, const Node& node) {
  const Shape& in = model.input(node, 0).shape;
  return is_rank(node) ? std::vector<int>{static_cast<int>(in.size())} : in;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const std::vector<int> numbers = numbers_for(model, node);
  if (model.output(node).dtype == DType::int64)
    std::ranges::copy(numbers, data_of<std::int64_t>(bytes, node.outputs[0]));
  else
    std::ranges::copy(numbers, data_of<std::int32_t>(bytes, node.outputs[0]));
}

static Emitted emit(const Model& model, const Node& node) {
  const Tensor& out = model.output(node);
  return {.header = "copy.h",
          .constants = {{"values", c_type(out.dtype), comma_separated(numbers_for(model, node)), out.bytes()}},
          .parameters = fmt::format("Known $ = {{$_values, {}}}", out.bytes()),
          .row = "known_row($, out);"};
}

static constexpr Operator operator_named(const char* name, const char* options, const char* dtypes) {
  return {.name = name,
          .options = options,
          .version = 1,
          .dtypes = dtypes,
          .check = check,
          .shape = shape,
          .rows = rows,
          .reference = reference,
          .emit = emit};
}

extern const Operator shape_op = operator_named("shape", "ShapeOptions", "any -> int32, int64");
extern const Operator rank_op = operator_named("rank", "", "any -> int32");

}  // namespace dragonet
