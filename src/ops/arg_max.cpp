// ArgMax and ArgMin: the index of the largest and of the least value along an axis, which goes; of equal ones the
// first. Source: TensorFlow Lite, reference/arg_min_max.h.
#include "ops/operands.h"
#include "ops/walk_numbers.h"

namespace dragonet {

static int axis_of(const Model& model, const Node& node) {
  return *axis_in(numbers_of(model, node, 1)[0], model.input(node, 0).shape.size());
}

static Problems check_types(const Model& model, const Node& node) {
  const DType in = model.input(node, 0).dtype, out = model.output(node).dtype;
  const bool is_value = in == DType::int8 || in == DType::int16 || in == DType::float32;
  if (is_value && (out == DType::int32 || out == DType::int64)) return {};
  return {fmt::format("it makes {} of {}; int32 or int64 of int8, int16 or float32 is supported", name_of(out),
                      name_of(in))};
}

static Problems check(const Model& model, const Node& node) {
  const Problems wrong = gather({check_types(model, node), check_numbers(model, node, 1, "axis", 1),
                                 check_rows(model.input(node, 0), "input"), check_rows(model.output(node), "output")});
  return wrong.empty() ? check_axis(numbers_of(model, node, 1)[0], model.input(node, 0).shape.size()) : wrong;
}

static Shape shape(const Model& model, const Node& node) {
  Shape shape = model.input(node, 0).shape;
  shape.erase(shape.begin() + axis_of(model, node));
  return shape;
}

/// An output of several rows has an input of five dimensions, which is one row.
static Rows rows(const Model& model, const Node& node, int, int) { return {0, rows_of(model.input(node, 0)).count}; }

template <typename Value>
static std::int64_t index_of_best(const Node& node, const std::vector<Value>& values) {
  const auto best = node.op == "arg_max" ? std::ranges::max_element(values) : std::ranges::min_element(values);
  return best - values.begin();
}

template <typename Value>
static void run(const Model& model, const Node& node, TensorBytes& bytes) {
  const Shape &in = model.input(node, 0).shape, &out = model.output(node).shape;
  for_each_index(out, [&](Index index) {
    const std::int64_t position = position_of(out, index);
    auto at = index.insert(index.begin() + axis_of(model, node), 0);
    std::vector<Value> values;
    for (; *at < in[axis_of(model, node)]; ++*at)
      values.push_back(data_of<Value>(bytes, node.inputs[0])[position_of(in, index)]);
    if (model.output(node).dtype == DType::int64)
      data_of<std::int64_t>(bytes, node.outputs[0])[position] = index_of_best(node, values);
    else
      data_of<std::int32_t>(bytes, node.outputs[0])[position] = static_cast<std::int32_t>(index_of_best(node, values));
  });
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  with_type(model.input(node, 0).dtype, [&](auto zero) { run<decltype(zero)>(model, node, bytes); });
}

static Emitted emit(const Model& model, const Node& node) {
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  const int axis = axis_of(model, node);
  WalkPlace row_step;
  WalkSides sides;
  for (int d = static_cast<int>(out.shape.size()) - 1; d >= 0; --d) {
    const WalkPlace step = step_along(in, d < axis ? d : d + 1, 1, out, d);
    if (is_row_axis(out, d))
      row_step = step;
    else
      sides.push_back({out.shape[d], step});
  }
  Emitted code{.header = "arg_max.h"};
  const std::string walk = walk_numbers(merged(sides), {}, "outputs", code.constants);
  code.parameters = fmt::format("ArgMax $ = {{{}, {}, {}, {}}}", place_numbers(row_step), walk,
                                place_numbers(step_along(in, axis, 1, out, -1)), in.shape[axis]);
  code.row = fmt::format("arg_max_row<{}, {}, {}>($, in0, y, out);", c_type(in.dtype), c_type(out.dtype),
                         node.op == "arg_max" ? 1 : -1);
  return code;
}

static constexpr Operator operator_named(const char* name, const char* options) {
  return {.name = name,
          .options = options,
          .version = 2,
          .dtypes = "int8, int16, float32 -> int32, int64",
          .check = check,
          .shape = shape,
          .rows = rows,
          .reference = reference,
          .emit = emit};
}

extern const Operator arg_max = operator_named("arg_max", "ArgMaxOptions");
extern const Operator arg_min = operator_named("arg_min", "ArgMinOptions");

}  // namespace dragonet
