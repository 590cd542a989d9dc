// Mean and sum along any dimensions, which stay as 1 (keep_dims) or go. Input and output may be quantized differently:
// integers are summed, less the zero point of each, and rescaled; a mean's 1 / count goes into the multiplier first.
// Source: TensorFlow Lite Micro, reference/reduce.h, QuantizedMeanOrSum and Mean; so it does in its present version
// where both are quantized alike, too (before, it then divided the plain sum and cut off what was left).
#include <bit>
#include <cmath>

#include "ops/operands.h"
#include "ops/walk_numbers.h"

namespace dragonet {

static bool is_mean(const Node& node) { return node.op == "mean"; }

/// Per dimension of the input: is it summed along? Some may be named twice.
static std::vector<bool> summed_axes(const Model& model, const Node& node) {
  const std::size_t rank = model.input(node, 0).shape.size();
  std::vector<bool> summed(rank);
  for (const std::int64_t axis : numbers_of(model, node, 1)) summed[*axis_in(axis, rank)] = true;
  return summed;
}

/// How many values go into one.
static std::int64_t count_of(const Model& model, const Node& node) {
  return element_count(model.input(node, 0).shape) / element_count(model.output(node).shape);
}

static double factor_of(const Model& model, const Node& node) {
  return double{model.input(node, 0).quantization.scale[0]} / model.output(node).quantization.scale[0];
}

/// The mean's multiplier keeps as many bits as its division and the shift leave room for.
static Multiplier multiplier_for(const Model& model, const Node& node) {
  const Multiplier factor = multiplier_of(factor_of(model, node));
  if (!is_mean(node)) return factor;
  const auto count = static_cast<std::uint64_t>(count_of(model, node));
  const int bits = std::min({63 - std::countl_zero(count), 32, 31 + factor.shift});
  const std::int64_t shifted = std::int64_t{factor.multiplier} << bits;
  return {static_cast<std::int32_t>(shifted / static_cast<std::int64_t>(count)), factor.shift - bits};
}

static Problems check_arithmetic(const Model& model, const Node& node) {
  if (model.input(node, 0).dtype == DType::float32) return {};
  const double largest = model.input(node, 0).dtype == DType::int16 ? 32768 : 255;
  const double sum = (largest + 1) * static_cast<double>(count_of(model, node));
  if (sum * std::ldexp(1.0, std::max(0, multiplier_for(model, node).shift)) <= INT32_MAX) return {};
  return {fmt::format("its sums of {} values can reach {}, times {}: that overflows 32 bits", count_of(model, node),
                      sum, factor_of(model, node))};
}

static Shape shape(const Model& model, const Node& node) {
  const std::vector<bool> summed = summed_axes(model, node);
  Shape shape;
  for (std::size_t d = 0; d < summed.size(); ++d)
    if (!summed[d])
      shape.push_back(model.input(node, 0).shape[d]);
    else if (node.integer("keep_dims") != 0)
      shape.push_back(1);
  return shape;
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong = gather({check_quantized(model, node, with_int16), check_numbers(model, node, 1, "axis")});
  if (!wrong.empty()) return wrong;
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  for (const std::int64_t axis : numbers_of(model, node, 1))
    if (wrong = check_axis(axis, in.shape.size()); !wrong.empty()) return wrong;
  if (element_count(out.shape) != element_count(shape(model, node))) return {};  // which is refused for all operators
  return gather({check_rows(in, "input"), check_rows(out, "output"), check_arithmetic(model, node)});
}

/// Where an input value's sum goes.
static Index output_index(const std::vector<bool>& summed, bool keeps, const Index& index) {
  Index out;
  for (std::size_t d = 0; d < index.size(); ++d)
    if (!summed[d])
      out.push_back(index[d]);
    else if (keeps)
      out.push_back(0);
  return out;
}

/// Of each output value, over the input's in their order.
template <typename Value, typename Sum>
static std::vector<Sum> sums_of(const Model& model, const Node& node, TensorBytes& bytes) {
  const Shape &in = model.input(node, 0).shape, &out = model.output(node).shape;
  const std::vector<bool> summed = summed_axes(model, node);
  std::vector<Sum> sums(element_count(out));
  for_each_index(in, [&](const Index& index) {
    const Value value = data_of<Value>(bytes, node.inputs[0])[position_of(in, index)];
    sums[position_of(out, output_index(summed, node.integer("keep_dims") != 0, index))] += value;
  });
  return sums;
}

template <typename Value>
static void run_integers(const Model& model, const Node& node, TensorBytes& bytes) {
  auto* out = data_of<Value>(bytes, node.outputs[0]);
  const Tensor &input = model.input(node, 0), &output = model.output(node);
  const std::int64_t zero_points = input.quantization.zero_point[0] * count_of(model, node);
  const auto [min, max] = activation_range(node, output);
  for (const std::int64_t sum : sums_of<Value, std::int64_t>(model, node, bytes)) {
    const std::int32_t q = rescale(static_cast<std::int32_t>(sum - zero_points), multiplier_for(model, node));
    *out++ = static_cast<Value>(std::clamp(q + output.quantization.zero_point[0], min, max));
  }
}

static void run_reals(const Model& model, const Node& node, TensorBytes& bytes) {
  float* out = data_of<float>(bytes, node.outputs[0]);
  const auto count = static_cast<float>(is_mean(node) ? count_of(model, node) : 1);
  for (const float sum : sums_of<float, float>(model, node, bytes)) *out++ = sum / count;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const DType dtype = model.input(node, 0).dtype;
  if (dtype == DType::float32)
    run_reals(model, node, bytes);
  else if (dtype == DType::int16)
    run_integers<std::int16_t>(model, node, bytes);
  else
    run_integers<std::int8_t>(model, node, bytes);
}

/// All of them, if the height is summed along or the output has no rows; else the same.
static bool takes_all_rows(const Model& model, const Node& node) { return rows_of(model.output(node)).count == 1; }

static Rows rows(const Model& model, const Node& node, int, int y) {
  if (takes_all_rows(model, node)) return {0, rows_of(model.input(node, 0)).count};
  return {rows_of(model.input(node, 0)).count > 1 ? y : 0, 1};
}

namespace {
struct Sides {
  WalkSides outputs, runs;  // along what stays and what is summed, in a row
  WalkPlace row_step;       // from output row to output row
  int rows = 1;             // summed
};
}  // namespace

static Sides sides_of(const Model& model, const Node& node) {
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  const std::vector<bool> summed = summed_axes(model, node);
  Sides sides;
  int out_axis = static_cast<int>(out.shape.size());
  for (int d = static_cast<int>(in.shape.size()) - 1; d >= 0; --d) {
    if (!summed[d] || node.integer("keep_dims") != 0) --out_axis;
    const WalkPlace step = step_along(in, d, 1, out, summed[d] ? -1 : out_axis);
    if (summed[d] && is_row_axis(in, d))
      sides.rows = in.shape[d];
    else if (summed[d])
      sides.runs.push_back({in.shape[d], step});
    else if (is_row_axis(out, out_axis))
      sides.row_step = step;
    else
      sides.outputs.push_back({in.shape[d], step});
  }
  sides.outputs = merged(sides.outputs), sides.runs = merged(sides.runs);
  return sides;
}

static std::string reduction_numbers(const Model& model, const Node& node, std::vector<Constant>& constants) {
  Sides sides = sides_of(model, node);
  WalkSide run{1, {}};
  if (!sides.runs.empty()) run = sides.runs[0], sides.runs.erase(sides.runs.begin());
  return fmt::format("{{{}, {}, {}, {}, {}, {}}}", place_numbers(sides.row_step),
                     walk_numbers(sides.outputs, {}, "outputs", constants),
                     walk_numbers(sides.runs, {}, "runs", constants), run.count, run.step.in, sides.rows);
}

static std::string finish_numbers(const Model& model, const Node& node) {
  const Tensor& in = model.input(node, 0);
  if (in.dtype == DType::float32) return float_text(static_cast<float>(is_mean(node) ? count_of(model, node) : 1));
  const Multiplier factor = multiplier_for(model, node);
  return fmt::format("{}, {}, {}, {}", -in.quantization.zero_point[0] * count_of(model, node), factor.multiplier,
                     factor.shift, output_numbers(model, node));
}

/// Sums of few values fit 16 bits.
static void add_accumulate(const Model& model, const Node& node, Emitted& code) {
  const DType dtype = model.input(node, 0).dtype;
  if (!summed_axes(model, node)[1] || rows_of(model.input(node, 0)).count == 1) return;
  const bool is_small = dtype == DType::int8 && count_of(model, node) <= 256;  // 256 * -128 is the least int16
  const char* sum = dtype == DType::float32 ? "float" : is_small ? "int16_t" : "int32_t";
  code.accumulate = fmt::format("reduce_accumulate($, in0, y, out, ({}*)state);", sum);
  code.state_bytes = element_count(model.output(node).shape) * (is_small ? 2 : 4);
}

static Emitted emit(const Model& model, const Node& node) {
  const DType dtype = model.input(node, 0).dtype;
  const std::string kind =
      dtype == DType::float32 ? "RealSum" : fmt::format("IntegerSum<{}>", c_type(model.input(node, 0).dtype));
  Emitted code{.header = "reduce.h"};
  const std::string reduction = reduction_numbers(model, node, code.constants);
  code.parameters = fmt::format("{} $ = {{{}, {}}}", kind, reduction, finish_numbers(model, node));
  code.row = "reduce_row($, in0, y, out);";
  add_accumulate(model, node, code);
  return code;
}

static constexpr Operator operator_named(const char* name) {
  return {.name = name,
          .options = "ReducerOptions",
          .version = 2,
          .dtypes = "int8, int16, float32",
          .check = check,
          .shape = shape,
          .rows = rows,
          .reference = reference,
          .emit = emit};
}

extern const Operator mean = operator_named("mean");
extern const Operator sum = operator_named("sum");

}  // namespace dragonet
