// Tile: the input repeated so many times along each dimension. BroadcastTo: the input repeated to a shape, as NumPy
// broadcasts. ReverseV2: the input backwards along some dimensions. Source: TensorFlow Lite, kernels/tile.cc,
// broadcast_to.cc and reverse.cc.
#include "ops/box_copy.h"
#include "ops/operands.h"

namespace dragonet {

static constexpr std::int64_t most_values = 1 << 28;

static bool is_tile(const Node& node) { return node.op == "tile"; }

static Problems check_multiples(const Model& model, const Node& node) {
  const Shape& in = model.input(node, 0).shape;
  const Problems wrong = check_numbers(model, node, 1, "multiples", std::ssize(in));
  if (!wrong.empty()) return wrong;
  std::int64_t values = element_count(in);
  for (const std::int64_t multiple : numbers_of(model, node, 1)) {
    if (multiple < 1 || multiple > most_values || (values *= multiple) > most_values)
      return {fmt::format("it repeats {} times {}", text_of(in), multiple)};
  }
  return {};
}

static Problems check_target(const Model& model, const Node& node) {
  const Problems wrong = check_numbers(model, node, 1, "shape");
  if (!wrong.empty()) return wrong;
  const Shape& in = model.input(node, 0).shape;
  const std::vector<std::int64_t> target = numbers_of(model, node, 1);
  if (target.size() > 6 || target.size() < in.size())
    return {fmt::format("it repeats {} to {} dimensions", text_of(in), target.size())};
  for (std::size_t d = 0; d < target.size(); ++d) {
    const std::size_t missing = target.size() - in.size();
    const int side = d < missing ? 1 : in[d - missing];
    if (target[d] < 1 || target[d] > most_values || (side != 1 && side != target[d]))
      return {fmt::format("it repeats {} to {}", text_of(in), fmt::join(target, "x"))};
  }
  return {};
}

static Shape shape(const Model& model, const Node& node) {
  const std::vector<std::int64_t> numbers = numbers_of(model, node, 1);
  if (!is_tile(node)) return {numbers.begin(), numbers.end()};
  Shape shape = model.input(node, 0).shape;
  for (std::size_t d = 0; d < shape.size(); ++d) shape[d] *= static_cast<int>(numbers[d]);
  return shape;
}

static Boxes boxes(const Model& model, const Node& node) {
  const Shape &in = model.input(node, 0).shape, &out = model.output(node).shape;
  const std::size_t missing = out.size() - in.size();
  Box box{.from = Index(in.size()), .to = Index(out.size())};
  for (std::size_t d = 0; d < out.size(); ++d) {
    const int axis = d < missing ? -1 : static_cast<int>(d - missing), side = axis < 0 ? 1 : in[axis];
    box.sides.push_back(side == 1 ? BoxSide{out[d], -1} : BoxSide{side, axis, 1, 1, out[d] / side});
  }
  return {box};
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong =
      gather({check_moved(model, node, 0), is_tile(node) ? check_multiples(model, node) : check_target(model, node)});
  if (!wrong.empty() || shape(model, node) != model.output(node).shape) return wrong;  // the latter is refused for all
  return check_boxes(model, node, boxes(model, node));
}

/// Where an output's value comes from: the input's index, again and again.
static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const Shape& in = model.input(node, 0).shape;
  move_values(model, bytes, node.inputs[0], node.outputs[0], [&](const Index& index) -> std::optional<Index> {
    Index from(index.end() - std::ssize(in), index.end());
    for (std::size_t d = 0; d < in.size(); ++d) from[d] %= in[d];
    return from;
  });
}

static constexpr Operator operator_named(const char* name, int version) {
  return {.name = name,
          .options = "",
          .version = version,
          .dtypes = "any",
          .check = check,
          .shape = shape,
          .rows = box_rows<boxes>,
          .reference = reference,
          .emit = emit_boxes<boxes>,
          .quantization = {.output_as_input = true}};
}

extern const Operator tile = operator_named("tile", 1);
extern const Operator broadcast_to = operator_named("broadcast_to", 2);

static Problems check_reverse(const Model& model, const Node& node) {
  Problems wrong = gather({check_moved(model, node, 0), check_numbers(model, node, 1, "axis")});
  if (!wrong.empty()) return wrong;
  for (const std::int64_t axis : numbers_of(model, node, 1))
    if (wrong = check_axis(axis, model.input(node, 0).shape.size()); !wrong.empty()) return wrong;
  return {};
}

static std::vector<bool> reversed_axes(const Model& model, const Node& node) {
  std::vector<bool> reversed(model.input(node, 0).shape.size());
  for (const std::int64_t axis : numbers_of(model, node, 1)) reversed[*axis_in(axis, reversed.size())] = true;
  return reversed;
}

static Boxes reversed_boxes(const Model& model, const Node& node) {
  Box box = whole_box(model, node);
  const std::vector<bool> reversed = reversed_axes(model, node);
  for (std::size_t d = 0; d < reversed.size(); ++d)
    if (reversed[d]) box.from[d] = box.sides[d].count - 1, box.sides[d].step = -1;
  return {box};
}

static void reverse(const Model& model, const Node& node, TensorBytes& bytes) {
  const std::vector<bool> reversed = reversed_axes(model, node);
  move_values(model, bytes, node.inputs[0], node.outputs[0], [&](Index index) -> std::optional<Index> {
    for (std::size_t d = 0; d < index.size(); ++d)
      if (reversed[d]) index[d] = model.input(node, 0).shape[d] - 1 - index[d];
    return index;
  });
}

extern const Operator reverse_v2{.name = "reverse_v2",
                                 .options = "",
                                 .version = 1,
                                 .dtypes = "any",
                                 .check = check_reverse,
                                 .rows = box_rows<reversed_boxes>,
                                 .reference = reverse,
                                 .emit = emit_boxes<reversed_boxes>,
                                 .quantization = {.output_as_input = true}};

}  // namespace dragonet
