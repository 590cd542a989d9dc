// Cumsum: along an axis, at each place the sum of all values so far, its own left out where it is exclusive, from the
// end on where it is in reverse. int8, int32, which wraps around, or float32. TensorFlow Lite Micro's sums of int8
// begin with the byte 0, not with what stands for 0, and so do these: the conversion leaves cumsum in floats. Where its
// sums overflow 32 bits, from 16 large values on, these lose 8 bits instead.
// Source: TensorFlow Lite Micro, kernels/cumsum.cc, and its kernels/internal/reference/cumsum.h.
#include "ops/indices.h"
#include "ops/operands.h"
#include "ops/walk_numbers.h"

namespace dragonet {

static bool is_reverse(const Node& node) { return node.integer("reverse") != 0; }
static bool is_exclusive(const Node& node) { return node.integer("exclusive") != 0; }

static int axis_of(const Model& model, const Node& node) {
  return *axis_in(numbers_of(model, node, 1)[0], model.input(node, 0).shape.size());
}

namespace {
/// To twice the input's scale, and from there, less 20 bits, to the output's.
struct Factors {
  double in, out;
};
}  // namespace

static Factors factors_of(const Model& model, const Node& node) {
  const double in = model.input(node, 0).quantization.scale[0], out = model.output(node).quantization.scale[0];
  return {in / (2 * in), 2 * in / ((1 << 20) * out)};
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong = gather({check_quantized(model, node, {DType::int8, DType::int32, DType::float32}),
                           check_numbers(model, node, 1, "axis", 1), check_rows(model.input(node, 0), "input")});
  if (wrong.empty()) wrong = check_axis(numbers_of(model, node, 1)[0], model.input(node, 0).shape.size());
  if (!wrong.empty() || model.input(node, 0).dtype != DType::int8) return wrong;
  if (factors_of(model, node).out < 1.0 / 256) return {};
  return {fmt::format("its output's scale {} is too small for its input's", model.output(node).quantization.scale[0])};
}

/// Calls sum(values) for each line along the axis, in the order in which they are summed; it changes them in place.
template <typename Value, typename Sum>
static void each_line(const Model& model, const Node& node, TensorBytes& bytes, Sum sum) {
  const Shape& shape = model.input(node, 0).shape;
  const int axis = axis_of(model, node);
  for_each_index(shape, [&](Index index) {
    if (index[axis] != 0) return;
    std::vector<std::int64_t> places;
    for (; index[axis] < shape[axis]; ++index[axis]) places.push_back(position_of(shape, index));
    if (is_reverse(node)) std::ranges::reverse(places);
    std::vector<Value> line;
    for (const std::int64_t place : places) line.push_back(data_of<Value>(bytes, node.inputs[0])[place]);
    sum(line);
    for (std::size_t i = 0; i < line.size(); ++i) data_of<Value>(bytes, node.outputs[0])[places[i]] = line[i];
  });
}

template <typename Value, typename Sum, typename Term, typename Finished>
static void sum_up(const Model& model, const Node& node, TensorBytes& bytes, Sum begin, Term term, Finished finished) {
  each_line<Value>(model, node, bytes, [&](std::vector<Value>& line) {
    Sum sum = begin;
    for (Value& value : line) {
      const Sum next = sum + term(value);
      value = static_cast<Value>(finished(is_exclusive(node) ? sum : next));
      sum = next;
    }
  });
}

static void sum_int8(const Model& model, const Node& node, TensorBytes& bytes) {
  const Multiplier in = multiplier_of(factors_of(model, node).in), out = multiplier_of(factors_of(model, node).out);
  const std::int32_t zero_point = model.input(node, 0).quantization.zero_point[0];
  const auto term = [&](std::int32_t q) { return rescale((q - zero_point) * (1 << 20), in); };
  sum_up<std::int8_t>(model, node, bytes, std::int64_t{term(0)}, term, [&](std::int64_t sum) {
    const bool fits = sum == static_cast<std::int32_t>(sum);
    const std::int32_t steps = fits ? rescale(static_cast<std::int32_t>(sum), out)
                                    : rescale(static_cast<std::int32_t>(sum >> 8), {out.multiplier, out.shift + 8});
    return std::clamp(steps + model.output(node).quantization.zero_point[0], -128, 127);
  });
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const auto itself = [](auto value) { return value; };
  switch (model.input(node, 0).dtype) {
    case DType::int8:
      return sum_int8(model, node, bytes);
    case DType::int32:
      return sum_up<std::int32_t>(model, node, bytes, std::uint32_t{0}, itself, itself);
    default:
      return sum_up<float>(model, node, bytes, 0.0f, itself, itself);
  }
}

static bool is_down_rows(const Model& model, const Node& node) {
  return is_row_axis(model.input(node, 0), axis_of(model, node));
}

static Rows rows(const Model& model, const Node& node, int, int y) {
  if (!is_down_rows(model, node)) return {y, 1};
  const int count = rows_of(model.input(node, 0)).count;
  return is_reverse(node) ? Rows{y, count - y} : Rows{0, y + 1};
}

static std::string plan_numbers(const Model& model, const Node& node, std::vector<Constant>& constants) {
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  const int axis = axis_of(model, node), last = in.shape[axis] - 1, sign = is_reverse(node) ? -1 : 1;
  WalkSides lines;
  WalkPlace row_step;
  for (int d = static_cast<int>(in.shape.size()) - 1; d >= 0; --d)
    if (d == axis)
      continue;
    else if (is_row_axis(in, d))
      row_step = step_along(in, d, 1, out, d);
    else
      lines.push_back({in.shape[d], step_along(in, d, 1, out, d)});
  const WalkPlace end = step_along(in, axis, last, out, axis);
  WalkPlace begin = is_reverse(node) ? end : WalkPlace{}, step = step_along(in, axis, sign, out, axis);
  if (is_reverse(node)) begin.out *= last, step.out = -step.out;
  return fmt::format("{{{}, {}, {}, {}, {:d}, {:d}, {:d}}}", place_numbers(row_step),
                     walk_numbers(merged(lines), begin, "lines", constants), place_numbers(step), in.shape[axis],
                     is_down_rows(model, node), is_exclusive(node), is_reverse(node));
}

static Emitted emit(const Model& model, const Node& node) {
  Emitted code{.header = "cumsum.h"};
  const std::string plan = plan_numbers(model, node, code.constants);
  code.row = "cumsum_row($, in0, y, out);";
  if (model.input(node, 0).dtype == DType::float32) code.parameters = "CumsumPlain<float, float> $ = {" + plan + "}";
  if (model.input(node, 0).dtype == DType::int32) code.parameters = "CumsumPlain<int32_t, uint32_t> $ = {" + plan + "}";
  if (model.input(node, 0).dtype != DType::int8) return code;
  const Multiplier in = multiplier_of(factors_of(model, node).in), out = multiplier_of(factors_of(model, node).out);
  code.parameters = fmt::format("CumsumInt8 $ = {{{}, {}, {}, {}, {}, {}, {}}}", plan, in.multiplier, out.multiplier,
                                in.shift, out.shift, model.input(node, 0).quantization.zero_point[0],
                                model.output(node).quantization.zero_point[0]);
  return code;
}

extern const Operator cumsum{.name = "cumsum",
                             .options = "CumsumOptions",
                             .version = 1,
                             .dtypes = "int8, int32, float32",
                             .check = check,
                             .rows = rows,
                             .reference = reference,
                             .emit = emit,
                             .quantization = {.in_float = true}};

}  // namespace dragonet
