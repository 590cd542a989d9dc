// SpaceToDepth: blocks of an image's cells become channels of one cell. DepthToSpace: channels become blocks of cells.
// Source: TensorFlow Lite, kernels/internal/reference/space_to_depth.h and depth_to_space.h.
#include "ops/box_copy.h"
#include "ops/operands.h"

namespace dragonet {

static bool to_depth(const Node& node) { return node.op == "space_to_depth"; }
static int block_of(const Node& node) { return static_cast<int>(node.integer("block_size")); }

static Problems check(const Model& model, const Node& node) {
  const Problems wrong = check_moved(model, node, 0);
  if (!wrong.empty()) return wrong;
  const Shape& in = model.input(node, 0).shape;
  if (in.size() != 4) return {fmt::format("its input has {} dimensions, not 4", in.size())};
  const std::int64_t block = node.integer("block_size");
  if (block < 1 || block > 32) return {fmt::format("its blocks are of {}, not of 1 to 32", block)};
  if (to_depth(node) ? in[1] % block != 0 || in[2] % block != 0 : in[3] % (block * block) != 0)
    return {fmt::format("its input {} cannot be cut in blocks of {}", text_of(in), block)};
  return {};
}

static Shape shape(const Model& model, const Node& node) {
  const Shape& in = model.input(node, 0).shape;
  const int block = block_of(node);
  const auto times = [](std::int64_t side, int factor) { return static_cast<int>(side * factor); };
  if (to_depth(node)) return {in[0], in[1] / block, in[2] / block, times(in[3], block * block)};
  return {in[0], times(in[1], block), times(in[2], block), in[3] / block / block};
}

/// A box for each cell of a block.
static Boxes boxes(const Model& model, const Node& node) {
  const int block = block_of(node);
  const Shape& in = model.input(node, 0).shape;
  const int channels = to_depth(node) ? in[3] : in[3] / block / block;
  Boxes boxes;
  for (int y = 0; y < block; ++y)
    for (int x = 0; x < block; ++x) {
      Box& box = boxes.emplace_back(whole_box(model, node));
      const Index cell{0, y, x, 0}, depth{0, 0, 0, (y * block + x) * channels};
      box.from = to_depth(node) ? cell : depth;
      box.to = to_depth(node) ? depth : cell;
      box.sides[3].count = channels;
      for (const int d : {1, 2}) {
        (to_depth(node) ? box.sides[d].step : box.sides[d].spread) = block;
        if (to_depth(node)) box.sides[d].count /= block;
      }
    }
  return boxes;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const int block = block_of(node);
  const int channels = to_depth(node) ? model.input(node, 0).shape[3] : model.output(node).shape[3];
  move_values(model, bytes, node.inputs[0], node.outputs[0], [&](const Index& i) -> std::optional<Index> {
    if (!to_depth(node))
      return Index{i[0], i[1] / block, i[2] / block, (i[1] % block * block + i[2] % block) * channels + i[3]};
    const int cell = i[3] / channels;
    return Index{i[0], i[1] * block + cell / block, i[2] * block + cell % block, i[3] % channels};
  });
}

static constexpr Operator operator_named(const char* name, const char* options) {
  return {.name = name,
          .options = options,
          .version = 2,
          .dtypes = "any",
          .check = check,
          .shape = shape,
          .rows = box_rows<boxes>,
          .reference = reference,
          .emit = emit_boxes<boxes>,
          .quantization = {.output_as_input = true}};
}

extern const Operator space_to_depth = operator_named("space_to_depth", "SpaceToDepthOptions");
extern const Operator depth_to_space = operator_named("depth_to_space", "DepthToSpaceOptions");

}  // namespace dragonet
