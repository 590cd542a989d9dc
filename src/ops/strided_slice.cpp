// Strided slice: tensor[begin:end:stride] as Python and NumPy have it, with negative indices and strides. Bit i of the
// masks speaks of the i-th index: begin_mask and end_mask leave that end open, shrink_axis_mask takes one index and
// drops the dimension, new_axis_mask inserts one, ellipsis_mask stands for as many whole dimensions as are left.
// Source: TensorFlow Lite, kernels/internal/strided_slice_logic.h; TensorFlow's tf.strided_slice.
#include "ops/box_copy.h"
#include "ops/operands.h"

namespace dragonet {

namespace {
/// What a dimension of the output holds, or one that is dropped: `count` values of an axis of the input, or a new one.
struct Slice {
  std::optional<int> axis{};
  int begin = 0, count = 1, stride = 1;
  bool is_dropped = false;
};
}  // namespace

static constexpr int begins = 1, ends = 2, strides = 3;  // the operands
static constexpr std::int64_t most_indices = 12;         // six dimensions, and as many new ones

static bool has_bit(const Node& node, const char* mask, int i) { return (node.integer(mask) >> i & 1) != 0; }

/// Nothing lies beyond what 32 bits name.
static std::int64_t number_at(const Model& model, const Node& node, int operand, int i) {
  return std::clamp<std::int64_t>(numbers_of(model, node, operand)[i], -INT32_MAX, INT32_MAX);
}

static int index_count(const Model& model, const Node& node) {
  return static_cast<int>(element_count(model.input(node, begins).shape));
}

/// Does the i-th index speak of a dimension of the input?
static bool names_axis(const Node& node, int i) {
  return !has_bit(node, "ellipsis_mask", i) && !has_bit(node, "new_axis_mask", i);
}

static int axes_named(const Model& model, const Node& node, int from = 0) {
  int count = 0;
  for (int i = from; i < index_count(model, node); ++i) count += names_axis(node, i);
  return count;
}

static std::int64_t from_the_end(std::int64_t index, std::int64_t length) { return index < 0 ? index + length : index; }

static std::int64_t begin_of(const Model& model, const Node& node, int i, std::int64_t length) {
  const bool forward = number_at(model, node, strides, i) > 0;
  if (has_bit(node, "begin_mask", i)) return forward ? 0 : length - 1;
  const std::int64_t begin = from_the_end(number_at(model, node, begins, i), length);
  return forward ? std::clamp<std::int64_t>(begin, 0, length) : std::clamp<std::int64_t>(begin, -1, length - 1);
}

static std::int64_t end_of(const Model& model, const Node& node, int i, std::int64_t length, std::int64_t begin) {
  const bool forward = number_at(model, node, strides, i) > 0;
  if (has_bit(node, "end_mask", i)) return forward ? length : -1;
  const std::int64_t given = number_at(model, node, ends, i) + (node.integer("offset") != 0 ? begin : 0);
  const std::int64_t end = from_the_end(given, length);
  return forward ? std::clamp<std::int64_t>(end, 0, length) : std::clamp<std::int64_t>(end, -1, length - 1);
}

static Slice slice_of(const Model& model, const Node& node, int i, int axis) {
  const std::int64_t length = model.input(node, 0).shape[axis], stride = number_at(model, node, strides, i);
  const std::int64_t begin = begin_of(model, node, i, length), end = end_of(model, node, i, length, begin);
  const std::int64_t count = stride > 0 ? (end - begin + stride - 1) / stride : (begin - end - stride - 1) / -stride;
  const bool is_dropped = has_bit(node, "shrink_axis_mask", i);
  const std::int64_t left = is_dropped ? begin < length : std::max<std::int64_t>(count, 0);
  return {axis, static_cast<int>(begin), static_cast<int>(left), static_cast<int>(stride), is_dropped};
}

static std::vector<Slice> slices_of(const Model& model, const Node& node) {
  const Shape& in = model.input(node, 0).shape;
  const int rank = static_cast<int>(in.size());
  std::vector<Slice> slices;
  int axis = 0;
  const auto take_whole_ones = [&](int until) {
    for (; axis < until; ++axis) slices.push_back({.axis = axis, .count = in[axis]});
  };
  for (int i = 0; i < index_count(model, node); ++i)
    if (has_bit(node, "ellipsis_mask", i))
      take_whole_ones(rank - axes_named(model, node, i));
    else if (has_bit(node, "new_axis_mask", i))
      slices.push_back({});
    else
      slices.push_back(slice_of(model, node, i, axis)), ++axis;
  take_whole_ones(rank);
  return slices;
}

static Problems check_operands(const Model& model, const Node& node) {
  const Problems wrong = check_numbers(model, node, begins, "begin");
  if (!wrong.empty()) return wrong;
  const std::int64_t count = element_count(model.input(node, begins).shape);
  if (count > most_indices) return {fmt::format("it has {} indices; at most {} are supported", count, most_indices)};
  return gather(
      {check_numbers(model, node, ends, "end", count), check_numbers(model, node, strides, "strides", count)});
}

static Problems check_indices(const Model& model, const Node& node) {
  int ellipses = 0;
  for (int i = 0; i < index_count(model, node); ++i) {
    ellipses += has_bit(node, "ellipsis_mask", i);
    const std::int64_t stride = number_at(model, node, strides, i);
    if (names_axis(node, i) && (stride == 0 || (stride < 0 && has_bit(node, "shrink_axis_mask", i))))
      return {fmt::format("its stride {} is {}", i, stride)};
  }
  if (ellipses > 1) return {"it has two ellipses"};
  if (const int named = axes_named(model, node); named > static_cast<int>(model.input(node, 0).shape.size()))
    return {
        fmt::format("it names {} dimensions of its input, which is {}", named, text_of(model.input(node, 0).shape))};
  return {};
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong = gather({check_moved(model, node, 0), check_operands(model, node)});
  if (wrong.empty()) wrong = check_indices(model, node);
  if (!wrong.empty()) return wrong;
  for (const Slice& slice : slices_of(model, node))
    if (slice.count == 0) return {fmt::format("it leaves nothing of dimension {} of its input", *slice.axis)};
  return {};
}

static Shape shape(const Model& model, const Node& node) {
  Shape shape;
  for (const Slice& slice : slices_of(model, node))
    if (!slice.is_dropped) shape.push_back(slice.count);
  return shape;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const std::vector<Slice> slices = slices_of(model, node);
  move_values(model, bytes, node.inputs[0], node.outputs[0], [&](const Index& index) -> std::optional<Index> {
    Index from(model.input(node, 0).shape.size());
    std::size_t d = 0;
    for (const Slice& slice : slices) {
      const int i = slice.is_dropped ? 0 : index[d++];
      if (slice.axis) from[*slice.axis] = slice.begin + i * slice.stride;
    }
    return from;
  });
}

static Boxes boxes(const Model& model, const Node& node) {
  Box box{.from = Index(model.input(node, 0).shape.size()), .to = Index(model.output(node).shape.size())};
  for (const Slice& slice : slices_of(model, node)) {
    if (slice.axis) box.from[*slice.axis] = slice.begin;
    if (!slice.is_dropped) box.sides.push_back({slice.count, slice.axis.value_or(-1), slice.stride});
  }
  return {box};
}

extern const Operator strided_slice{.name = "strided_slice",
                                    .options = "StridedSliceOptions",
                                    .version = 2,
                                    .dtypes = "any",
                                    .check = check,
                                    .shape = shape,
                                    .rows = box_rows<boxes>,
                                    .reference = reference,
                                    .emit = emit_boxes<boxes>,
                                    .quantization = {.output_as_input = true}};

}  // namespace dragonet
