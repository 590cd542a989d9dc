#include "ops/binary_operator.h"

#include <array>

namespace dragonet {

static constexpr int most_axes = 6;
static constexpr int row_axis = 3;  // of an image's height, with two missing dimensions before it

using Sizes = std::array<int, most_axes>;

/// With ones for the missing dimensions.
static Sizes sizes_of(const Shape& shape) {
  Sizes sizes;
  sizes.fill(1);
  std::ranges::copy_backward(shape, sizes.end());
  return sizes;
}

static Problems check_shapes(const Shape& first, const Shape& second) {
  if (std::max(first.size(), second.size()) > most_axes)
    return {
        fmt::format("its inputs are {} and {}; at most 6 dimensions are supported", text_of(first), text_of(second))};
  const Sizes a = sizes_of(first), b = sizes_of(second);
  for (int axis = 0; axis < most_axes; ++axis)
    if (a[axis] != b[axis] && a[axis] != 1 && b[axis] != 1)
      return {fmt::format("its inputs are {} and {}, which do not go together: {} against {}", text_of(first),
                          text_of(second), a[axis], b[axis])};
  return {};
}

Problems check_pair(const Model& model, const Node& node) {
  if (node.inputs.size() != 2 || !model.has_input(node, 1)) return {"it does not have two inputs"};
  const Tensor &first = model.input(node, 0), &second = model.input(node, 1);
  if (first.dtype != second.dtype)
    return {fmt::format("its inputs are {} and {}", name_of(first.dtype), name_of(second.dtype))};
  return check_shapes(first.shape, second.shape);
}

Problems check_binary(const Model& model, const Node& node, std::initializer_list<DType> types) {
  Problems wrong = check_pair(model, node);
  if (wrong.empty()) wrong = check_quantized(model, node, types);
  if (wrong.empty() && is_quantized(model.output(node).dtype))
    check_one_scale(wrong, model.input(node, 1), "second input");
  return wrong;
}

Shape broadcast_shape(const Model& model, const Node& node) {
  const Shape &first = model.input(node, 0).shape, &second = model.input(node, 1).shape;
  const Sizes a = sizes_of(first), b = sizes_of(second);
  Shape shape;
  for (std::size_t axis = most_axes - std::max(first.size(), second.size()); axis < most_axes; ++axis)
    shape.push_back(a[axis] == 1 ? b[axis] : a[axis]);
  return shape;
}

Rows broadcast_rows(const Model& model, const Node& node, int input, int y) {
  const int count = rows_of(model.input(node, input)).count;
  if (count == 1) return {0, 1};
  return rows_of(model.output(node)).count == 1 ? Rows{0, count} : Rows{y, 1};
}

/// Along each axis, how far from one value to the next: 0 where it is repeated.
static Sizes steps_of(const Shape& shape) {
  const Sizes sizes = sizes_of(shape);
  Sizes steps{};
  for (int axis = most_axes - 1, step = 1; axis >= 0; step *= sizes[axis--]) steps[axis] = sizes[axis] == 1 ? 0 : step;
  return steps;
}

static std::size_t place_of(std::size_t i, const Sizes& sizes, const Sizes& steps) {
  std::size_t place = 0;
  for (int axis = most_axes - 1; axis >= 0; i /= sizes[axis--]) place += i % sizes[axis] * steps[axis];
  return place;
}

std::vector<Pair> pairs_of(const Model& model, const Node& node) {
  const Shape& shape = model.output(node).shape;
  const Sizes sizes = sizes_of(shape);
  const Sizes first = steps_of(model.input(node, 0).shape), second = steps_of(model.input(node, 1).shape);
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < static_cast<std::size_t>(element_count(shape)); ++i)
    pairs.push_back({place_of(i, sizes, first), place_of(i, sizes, second)});
  return pairs;
}

namespace {
/// The kernel's Axis: steps in values, and in rows where the operand has rows of its own along it.
struct Axis {
  int size, first, second;
  bool first_rows = false, second_rows = false;
  bool has_rows() const { return first_rows || second_rows; }
};
}  // namespace

static bool has_rows(const Tensor& tensor) { return rows_of(tensor).count > 1; }

/// The axes along which an output row has more than one value; neighbours that can be gone through as one are.
static std::vector<Axis> axes_of(const Model& model, const Node& node) {
  const Tensor &a = model.input(node, 0), &b = model.input(node, 1), &out = model.output(node);
  const Sizes sizes = sizes_of(out.shape), first = steps_of(a.shape), second = steps_of(b.shape);
  std::vector<Axis> axes;
  for (int i = 0; i < most_axes; ++i) {
    if (sizes[i] == 1 || (i == row_axis && has_rows(out))) continue;
    Axis axis{sizes[i], first[i], second[i]};
    if (i == row_axis && has_rows(a)) axis.first = 0, axis.first_rows = true;
    if (i == row_axis && has_rows(b)) axis.second = 0, axis.second_rows = true;
    const bool joins = !axes.empty() && !axes.back().has_rows() && !axis.has_rows() &&
                       axes.back().first == axis.first * axis.size && axes.back().second == axis.second * axis.size;
    if (joins) axis.size *= axes.back().size, axes.pop_back();
    axes.push_back(axis);
  }
  return axes;
}

/// Takes the innermost axis away, to be gone through in a block or block by block; one of 1 if there is none.
static Axis take_inner(std::vector<Axis>& axes) {
  if (axes.empty() || axes.back().has_rows()) return {1, 0, 0};
  const Axis inner = axes.back();
  axes.pop_back();
  return inner;
}

static std::string steps_text(const Model& model, const Node& node, int input, int block, int value) {
  const bool is_by_rows = has_rows(model.output(node)), own_rows = is_by_rows && has_rows(model.input(node, input));
  const int y_step = is_by_rows && !own_rows ? steps_of(model.input(node, input).shape)[row_axis] : 0;
  return fmt::format("{{{}, {}, {}, {}}}", y_step, block, value, own_rows ? 1 : 0);
}

static std::string blocks_text(const Model& model, const Node& node, std::vector<Axis>& axes) {
  const Axis values = take_inner(axes), blocks = take_inner(axes);
  return fmt::format("{{{}, {}, {}, {}}}", blocks.size, values.size,
                     steps_text(model, node, 0, blocks.first, values.first),
                     steps_text(model, node, 1, blocks.second, values.second));
}

static std::string axes_text(const std::vector<Axis>& axes) {
  std::vector<std::string> texts;
  for (const Axis& axis : axes)
    texts.push_back(fmt::format("{{{}, {}, {}, {}, {}}}", axis.size, axis.first, axis.second, int{axis.first_rows},
                                int{axis.second_rows}));
  return fmt::format("{}, {{{}}}", axes.size(), fmt::join(texts, ", "));
}

Emitted emit_binary(const Model& model, const Node& node, const std::string& header, const std::string& function,
                    const std::string& numbers) {
  std::vector<Axis> axes = axes_of(model, node);
  const std::string blocks = blocks_text(model, node, axes);
  const DType in = model.input(node, 0).dtype, out = model.output(node).dtype;
  const std::string types = in == out ? c_type(in) : fmt::format("{}, {}", c_type(in), c_type(out));
  if (axes.empty())
    return {.header = header,
            .constants = {},
            .parameters = fmt::format("Binary<dragonet::{}> $ = {{{{{}}}, {}}}", function, numbers, blocks),
            .row = fmt::format("binary_row<{}>($, in0, in1, y, out);", types)};
  return {.header = header,
          .constants = {},
          .parameters =
              fmt::format("Broadcast<dragonet::{}> $ = {{{{{}}}, {}, {}}}", function, numbers, blocks, axes_text(axes)),
          .row = fmt::format("broadcast_row<{}>($, in0, in1, out);", types)};
}

std::string plain_range_numbers(const Node& node) {
  const auto [min, max] = plain_activation_range(node);
  return fmt::format("{}, {}", int32_text(min), int32_text(max));
}

std::string real_range_numbers(const Node& node) {
  const auto [min, max] = real_activation_range(node);
  return fmt::format("{}, {}", float_text(min), float_text(max));
}

}  // namespace dragonet
