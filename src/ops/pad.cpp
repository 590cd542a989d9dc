// Pad and PadV2: a frame around the input, of zeros (the zero point), or of a value that PadV2 is given. Nothing is
// requantized. Source: TensorFlow Lite, kernels/pad.cc, and its 8-bit quantization specification.
#include "ops/box_copy.h"
#include "ops/operands.h"

namespace dragonet {

static constexpr std::int64_t most_padding = 1 << 20;  // so that no sum overflows

/// Before and after, along each dimension.
static int padding(const Model& model, const Node& node, std::size_t dimension, int side) {
  return static_cast<int>(numbers_of(model, node, 1)[2 * dimension + side]);
}

static Problems check_paddings(const Model& model, const Node& node) {
  const auto rank = static_cast<std::int64_t>(model.input(node, 0).shape.size());
  Problems wrong = check_numbers(model, node, 1, "padding", 2 * rank);
  if (!wrong.empty()) return wrong;
  for (const std::int64_t padding : numbers_of(model, node, 1))
    if (padding < 0 || padding > most_padding)
      return {fmt::format("it pads by {}, not by 0 to {}", padding, most_padding)};
  return {};
}

static Problems check_value(const Model& model, const Node& node) {
  if (node.op == "pad") return {};
  if (!model.has_input(node, 2) || !model.input(node, 2).is_constant())
    return {"the value it pads with is no constant"};
  const Tensor &value = model.input(node, 2), &in = model.input(node, 0);
  if (element_count(value.shape) != 1 || value.dtype != in.dtype)
    return {fmt::format("it pads {} with {} value(s) of {}", name_of(in.dtype), element_count(value.shape),
                        name_of(value.dtype))};
  const bool is_alike =
      value.quantization.scale == in.quantization.scale && value.quantization.zero_point == in.quantization.zero_point;
  if (in.dtype != DType::float32 && !value.quantization.scale.empty() && !is_alike)
    return {"the value it pads with is quantized otherwise than its input"};
  return {};
}

static Problems check(const Model& model, const Node& node) {
  return gather({check_moved(model, node, 0), check_paddings(model, node), check_value(model, node)});
}

static Shape shape(const Model& model, const Node& node) {
  Shape shape = model.input(node, 0).shape;
  for (std::size_t d = 0; d < shape.size(); ++d) shape[d] += padding(model, node, d, 0) + padding(model, node, d, 1);
  return shape;
}

/// One value.
static Tensor pad_value(const Model& model, const Node& node) {
  return node.op == "padv2" ? model.input(node, 2) : zero_of(model.input(node, 0));
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const Shape& in = model.input(node, 0).shape;
  const std::vector<std::uint8_t> value = pad_value(model, node).data;
  std::vector<std::uint8_t>& out = bytes[node.outputs[0]];
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = value[i % value.size()];
  move_values(model, bytes, node.inputs[0], node.outputs[0], [&](Index index) -> std::optional<Index> {
    for (std::size_t d = 0; d < in.size(); ++d) {
      index[d] -= padding(model, node, d, 0);
      if (index[d] < 0 || index[d] >= in[d]) return std::nullopt;
    }
    return index;
  });
}

static Boxes boxes(const Model& model, const Node& node) {
  Box box = whole_box(model, node);
  for (std::size_t d = 0; d < box.to.size(); ++d) box.to[d] = padding(model, node, d, 0);
  return {box};
}

static Emitted emit(const Model& model, const Node& node) {
  return emit_copies_on(pad_value(model, node), model, node, boxes(model, node));
}

static constexpr Operator operator_named(const char* name, const char* options, int version) {
  return {.name = name,
          .options = options,
          .version = version,
          .dtypes = "any",
          .check = check,
          .shape = shape,
          .rows = box_rows<boxes>,
          .reference = reference,
          .emit = emit,
          .quantization = {.output_as_input = true}};
}

extern const Operator pad = operator_named("pad", "PadOptions", 2);
extern const Operator padv2 = operator_named("padv2", "PadV2Options", 2);

}  // namespace dragonet
