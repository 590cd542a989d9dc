// Split: an input in so many equal parts along an axis. Its first operand is the axis, its second the values. SplitV:
// in parts whose lengths it is given; its operands are the values, the lengths, the axis. Source: TensorFlow Lite,
// kernels/split.cc and split_v.cc.
#include "ops/box_copy.h"
#include "ops/operands.h"

namespace dragonet {

static constexpr int axis_operand = 0, values_operand = 1;

static int axis_of(const Model& model, const Node& node) {
  return *axis_in(numbers_of(model, node, axis_operand)[0], values_of(model, node).shape.size());
}

static Problems check_parts(const Model& model, const Node& node) {
  const int parts = static_cast<int>(node.outputs.size()), length = values_of(model, node).shape[axis_of(model, node)];
  if (node.integer("num_splits") != parts)
    return {fmt::format("it makes {} parts and has {} outputs", node.integer("num_splits"), parts)};
  if (length % parts != 0) return {fmt::format("it splits {} values into {} parts", length, parts)};
  return {};
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong = check_numbers(model, node, axis_operand, "axis", 1);
  for (std::size_t i = 0; i < node.outputs.size() && wrong.empty(); ++i)
    wrong = check_moved(model, node, values_operand, static_cast<int>(i));
  if (wrong.empty()) wrong = check_axis(numbers_of(model, node, axis_operand)[0], values_of(model, node).shape.size());
  return wrong.empty() ? check_parts(model, node) : wrong;
}

static Shape shape(const Model& model, const Node& node) {
  Shape shape = values_of(model, node).shape;
  shape[axis_of(model, node)] /= static_cast<int>(node.outputs.size());
  return shape;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const int axis = axis_of(model, node), length = model.output(node).shape[axis];
  for (std::size_t i = 0; i < node.outputs.size(); ++i)
    move_values(model, bytes, node.inputs[values_operand], node.outputs[i], [&](Index index) -> std::optional<Index> {
      index[axis] += static_cast<int>(i) * length;
      return index;
    });
}

static Boxes boxes(const Model& model, const Node& node) {
  const int axis = axis_of(model, node), length = model.output(node).shape[axis];
  Boxes boxes;
  for (int i = 0; i < static_cast<int>(node.outputs.size()); ++i) {
    Box& box = boxes.emplace_back(whole_box(model, node, values_operand));
    box.output = i;
    box.from[axis] = i * length;
    box.sides[axis].count = length;
  }
  return boxes;
}

extern const Operator split{.name = "split",
                            .options = "SplitOptions",
                            .version = 2,
                            .dtypes = "any",
                            .check = check,
                            .shape = shape,
                            .rows = box_rows<boxes>,
                            .reference = reference,
                            .emit = emit_boxes<boxes>,
                            .operands = {.values = values_operand},
                            .quantization = {.output_as_input = true},
                            .many_outputs = true};

static constexpr int lengths_operand = 1, last_operand = 2;

static int split_axis(const Model& model, const Node& node) {
  return *axis_in(numbers_of(model, node, last_operand)[0], model.input(node, 0).shape.size());
}

/// One of them may be -1: what is left.
static std::vector<std::int64_t> lengths_of(const Model& model, const Node& node) {
  std::vector<std::int64_t> lengths = numbers_of(model, node, lengths_operand);
  std::int64_t left = model.input(node, 0).shape[split_axis(model, node)];
  for (const std::int64_t length : lengths) left -= length == -1 ? 0 : length;
  for (std::int64_t& length : lengths)
    if (length == -1) length = left;
  return lengths;
}

static Problems check_lengths(const Model& model, const Node& node) {
  const std::vector<std::int64_t> given = numbers_of(model, node, lengths_operand);
  const std::int64_t whole = model.input(node, 0).shape[split_axis(model, node)];
  std::int64_t sum = 0;
  for (const std::int64_t length : given) {
    if (length != -1 && (length < 1 || length > whole))
      return {fmt::format("one of its parts is {} of {}", length, whole)};
    sum += length == -1 ? 1 : length;
  }
  const auto open = std::ranges::count(given, -1);
  if (open > 1 || (open == 0 ? sum != whole : sum > whole))
    return {fmt::format("its parts {} do not make {}", fmt::join(given, ", "), whole)};
  return {};
}

static Problems check_v(const Model& model, const Node& node) {
  Problems wrong = gather({check_numbers(model, node, lengths_operand, "lengths", std::ssize(node.outputs)),
                           check_numbers(model, node, last_operand, "axis", 1)});
  for (std::size_t i = 0; i < node.outputs.size() && wrong.empty(); ++i)
    wrong = check_moved(model, node, 0, static_cast<int>(i));
  if (wrong.empty()) wrong = check_axis(numbers_of(model, node, last_operand)[0], model.input(node, 0).shape.size());
  return wrong.empty() ? check_lengths(model, node) : wrong;
}

static Shape shape_of_part(const Model& model, const Node& node, int output) {
  Shape shape = model.input(node, 0).shape;
  shape[split_axis(model, node)] = static_cast<int>(lengths_of(model, node)[output]);
  return shape;
}

static Shape shape_of_first(const Model& model, const Node& node) { return shape_of_part(model, node, 0); }

static Boxes boxes_v(const Model& model, const Node& node) {
  const int axis = split_axis(model, node);
  Boxes boxes;
  int begin = 0;
  for (const std::int64_t length : lengths_of(model, node)) {
    Box& box = boxes.emplace_back(whole_box(model, node));
    box.output = static_cast<int>(boxes.size()) - 1;
    box.from[axis] = begin;
    box.sides[axis].count = static_cast<int>(length);
    begin += static_cast<int>(length);
  }
  return boxes;
}

static void split_parts(const Model& model, const Node& node, TensorBytes& bytes) {
  const int axis = split_axis(model, node);
  for (const Box& box : boxes_v(model, node))
    move_values(model, bytes, node.inputs[0], node.outputs[box.output], [&](Index index) -> std::optional<Index> {
      index[axis] += box.from[axis];
      return index;
    });
}

extern const Operator split_v{.name = "split_v",
                              .options = "SplitVOptions",
                              .version = 2,
                              .dtypes = "any",
                              .check = check_v,
                              .shape = shape_of_first,
                              .rows = box_rows<boxes_v>,
                              .reference = split_parts,
                              .emit = emit_boxes<boxes_v>,
                              .quantization = {.output_as_input = true},
                              .many_outputs = true,
                              .part_shape = shape_of_part};

}  // namespace dragonet
