// Gather: slices of the input along an axis, by the numbers that its second operand holds, which may be computed. With
// batch_dims, each batch has numbers of its own. GatherNd: a slice has a number for each of the input's first
// dimensions, which are the last dimension of the second operand. A computed number that lies outside stands for the
// nearest slice. Source: TensorFlow Lite, kernels/gather.cc, gather_nd.cc and kernels/internal/reference/gather.h.
#include "ops/operands.h"
#include "ops/walk_numbers.h"

namespace dragonet {

static constexpr int values_operand = 0, indices = 1;

namespace {
/// The output's dimensions are the input's before the axis, the indices' after the batches, the input's after the axis.
struct Plan {
  int axis, batches, index_dimensions;
  int numbers;  // of a slice: along so many dimensions of the input, from the axis on
  bool is_index(int d) const { return d >= axis && d < axis + index_dimensions; }
  bool has_indices(int d) const { return d < batches || is_index(d); }  // along it, other indices
  /// Of the input, what an output's dimension goes along; -1: none, it is one of the indices'.
  int in_axis(int d) const { return is_index(d) ? -1 : d < axis ? d : d - index_dimensions + numbers; }
};
}  // namespace

/// As the file has it, from the end where it is negative; unchecked.
static std::int64_t batch_dims(const Model& model, const Node& node) {
  const std::int64_t batches = node.integer("batch_dims");
  return batches < 0 ? batches + std::ssize(model.input(node, indices).shape) : batches;
}

static bool is_nd(const Node& node) { return node.op == "gather_nd"; }

static Plan plan_of(const Model& model, const Node& node) {
  const Shape& numbers = model.input(node, indices).shape;
  if (is_nd(node)) return {0, 0, static_cast<int>(numbers.size()) - 1, numbers.back()};
  const int axis = *axis_in(node.integer("axis"), model.input(node, values_operand).shape.size());
  const int batches = static_cast<int>(batch_dims(model, node));
  return {axis, batches, static_cast<int>(numbers.size()) - batches, 1};
}

static Problems check_batches(const Model& model, const Node& node) {
  const Shape &in = model.input(node, values_operand).shape, &numbers = model.input(node, indices).shape;
  const std::int64_t batches = batch_dims(model, node), axis = *axis_in(node.integer("axis"), in.size());
  if (batches < 0 || batches > std::min<std::int64_t>(axis, std::ssize(numbers)) ||
      !std::equal(in.begin(), in.begin() + batches, numbers.begin()))
    return {fmt::format("its {} batch dimensions are not those of both its input {} and its indices {}", batches,
                        text_of(in), text_of(numbers))};
  return {};
}

static Problems check_indices(const Model& model, const Node& node) {
  if (!model.has_input(node, indices)) return {"it has no indices"};
  const Tensor& tensor = model.input(node, indices);
  if (tensor.dtype != DType::int32 && tensor.dtype != DType::int64)
    return {fmt::format("its indices are {}, not int32 or int64", name_of(tensor.dtype))};
  if (rows_of(tensor).count > 1 && !tensor.is_constant())
    return {
        fmt::format("its indices {} are computed row by row; reshape them to one dimension", text_of(tensor.shape))};
  return {};
}

static Problems check_constant_indices(const Model& model, const Node& node) {
  if (!model.input(node, indices).is_constant()) return {};
  const Plan plan = plan_of(model, node);
  int number = 0;
  for (const std::int64_t index : numbers_of(model, node, indices)) {
    const int slices = model.input(node, values_operand).shape[plan.axis + number++ % plan.numbers];
    if (index < 0 || index >= slices) return {fmt::format("it takes slice {} of {}", index, slices)};
  }
  return {};
}

static Problems check_numbers_of_slices(const Model& model, const Node& node) {
  const Shape &in = model.input(node, values_operand).shape, &numbers = model.input(node, indices).shape;
  if (!numbers.empty() && numbers.back() <= std::ssize(in)) return {};
  return {fmt::format("its indices {} have more numbers than {} has dimensions", text_of(numbers), text_of(in))};
}

static Problems check_axis_and_batches(const Model& model, const Node& node) {
  const Problems wrong = check_axis(node.integer("axis"), model.input(node, values_operand).shape.size());
  return wrong.empty() ? check_batches(model, node) : wrong;
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong = gather({check_moved(model, node, values_operand), check_indices(model, node)});
  if (wrong.empty()) wrong = is_nd(node) ? check_numbers_of_slices(model, node) : check_axis_and_batches(model, node);
  return wrong.empty() ? check_constant_indices(model, node) : wrong;
}

static Shape shape(const Model& model, const Node& node) {
  const Plan plan = plan_of(model, node);
  const Shape &in = model.input(node, values_operand).shape, &numbers = model.input(node, indices).shape;
  Shape shape(in.begin(), in.begin() + plan.axis);
  const auto first = numbers.begin() + plan.batches;
  shape.insert(shape.end(), first, first + plan.index_dimensions);
  shape.insert(shape.end(), in.begin() + plan.axis + plan.numbers, in.end());
  return shape;
}

static std::int64_t index_value(const Model& model, const Node& node, TensorBytes& bytes, std::int64_t i) {
  if (model.input(node, indices).dtype == DType::int64) return data_of<std::int64_t>(bytes, node.inputs[indices])[i];
  return data_of<std::int32_t>(bytes, node.inputs[indices])[i];
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const Plan plan = plan_of(model, node);
  const Shape &in = model.input(node, values_operand).shape, &numbers = model.input(node, indices).shape;
  move_values(model, bytes, node.inputs[values_operand], node.outputs[0],
              [&](const Index& index) -> std::optional<Index> {
                Index from(in.size()), at;
                for (int d = 0; d < static_cast<int>(index.size()); ++d) {
                  if (plan.has_indices(d)) at.push_back(index[d]);
                  if (!plan.is_index(d)) from[plan.in_axis(d)] = index[d];
                }
                at.resize(numbers.size());  // GatherNd's first number
                for (int i = 0; i < plan.numbers; ++i) {
                  const std::int64_t number = index_value(model, node, bytes, position_of(numbers, at) + i);
                  from[plan.axis + i] = static_cast<int>(std::clamp<std::int64_t>(number, 0, in[plan.axis + i] - 1));
                }
                return from;
              });
}

/// How many indices further from output row to output row.
static std::int64_t indices_of_row(const Model& model, const Node& node) {
  const Tensor& out = model.output(node);
  const Plan plan = plan_of(model, node);
  if (rows_of(out).count == 1 || !plan.has_indices(1)) return 0;
  std::int64_t count = plan.numbers;
  for (int d = 2; d < static_cast<int>(out.shape.size()); ++d)
    if (plan.has_indices(d)) count *= out.shape[d];
  return count;
}

/// From the least to the largest slice that an output row of known indices takes.
static Rows slices_of_row(const Model& model, const Node& node, int y) {
  const std::vector<std::int64_t> numbers = numbers_of(model, node, indices);
  const std::int64_t of_row = indices_of_row(model, node);
  const auto first = numbers.begin() + y * of_row, end = of_row > 0 ? first + of_row : numbers.end();
  const auto [least, most] = std::minmax_element(first, end);
  return {static_cast<int>(*least), static_cast<int>(*most - *least + 1)};
}

static Rows rows(const Model& model, const Node& node, int input, int y) {
  const Tensor &in = model.input(node, values_operand), &out = model.output(node);
  const int count = rows_of(model.input(node, input)).count;
  if (input != values_operand || count == 1) return {0, count};
  const Plan plan = plan_of(model, node);
  if (plan.axis == 1 && model.input(node, indices).is_constant()) return slices_of_row(model, node, y);
  return rows_of(out).count > 1 && plan.in_axis(1) == 1 && is_row_axis(in, 1) ? Rows{y, 1} : Rows{0, count};
}

namespace {
struct Sides {
  WalkSides picks, runs;
  WalkPlace row_step;
};
}  // namespace

static Sides sides_of(const Model& model, const Node& node) {
  const Tensor &in = model.input(node, values_operand), &out = model.output(node);
  const Plan plan = plan_of(model, node);
  Sides sides;
  for (int d = static_cast<int>(out.shape.size()) - 1; d >= 0; --d) {
    const WalkPlace step = step_along(in, plan.in_axis(d), 1, out, d);
    if (is_row_axis(out, d))
      sides.row_step = step_along(in, plan.in_axis(d), 1, out, -1);
    else
      (plan.has_indices(d) ? sides.picks : sides.runs).push_back({out.shape[d], step});
  }
  sides.picks = merged(sides.picks), sides.runs = merged(sides.runs);
  return sides;
}

static Emitted emit(const Model& model, const Node& node) {
  const Tensor& in = model.input(node, values_operand);
  const Plan plan = plan_of(model, node);
  Sides sides = sides_of(model, node);
  const std::int64_t run = take_run(sides.runs, size_of(in.dtype));
  Emitted code{.header = "gather.h"};
  const std::string picks = walk_numbers(sides.picks, {}, "picks", code.constants);
  const std::string runs = walk_numbers(sides.runs, {}, "runs", code.constants);
  std::vector<std::string> slices;
  for (int axis = plan.axis; axis < plan.axis + plan.numbers; ++axis)
    slices.push_back(fmt::format("{{{}, {}}}", place_numbers(step_along(in, axis, 1, in, -1)), in.shape[axis]));
  code.parameters =
      fmt::format("Gather<{}> $ = {{{}, {}, {}, {{{}}}, {}, {}}}", plan.numbers, place_numbers(sides.row_step),
                  indices_of_row(model, node), picks, fmt::join(slices, ", "), runs, run);
  code.row = fmt::format("gather_row<{}>($, in0, in1, y, out);", c_type(model.input(node, indices).dtype));
  return code;
}

static constexpr Operator operator_named(const char* name, const char* options, int version) {
  return {.name = name,
          .options = options,
          .version = version,
          .dtypes = "any; int32, int64 indices",
          .check = check,
          .shape = shape,
          .rows = rows,
          .reference = reference,
          .emit = emit,
          .quantization = {.output_as_input = true}};
}

extern const Operator gather_op = operator_named("gather", "GatherOptions", 2);
extern const Operator gather_nd = operator_named("gather_nd", "", 1);

}  // namespace dragonet
