// Resizing to the nearest value, of images of any type. Which input row or column an output's is near is worked out in
// float32, rounding and all, as TensorFlow Lite's reference does (reference/resize_nearest_neighbor.h).
#include <cmath>

#include "ops/indices.h"
#include "ops/operands.h"

namespace dragonet {

static int nearest(const Node& node, int out, int in_length, int out_length) {
  const bool align_corners = node.integer("align_corners") != 0;
  const bool half_pixels = node.integer("half_pixel_centers") != 0;
  const float scale = align_corners && out_length > 1
                          ? static_cast<float>(in_length - 1) / static_cast<float>(out_length - 1)
                          : static_cast<float>(in_length) / static_cast<float>(out_length);
  const float place = (static_cast<float>(out) + (half_pixels ? 0.5f : 0.0f)) * scale;
  return std::min(static_cast<int>(align_corners ? std::round(place) : std::floor(place)), in_length - 1);
}

static constexpr int longest = 32767;

static Problems check(const Model& model, const Node& node) {
  const Tensor& in = model.input(node, 0);
  if (in.shape.size() != 4 || in.shape[0] != 1)
    return {fmt::format("its input is {}, not an image of 1 x height x width x channels", text_of(in.shape))};
  const Problems wrong = gather({check_moved(model, node, 0), check_numbers(model, node, 1, "size", 2)});
  if (!wrong.empty()) return wrong;
  for (const std::int64_t side : numbers_of(model, node, 1))
    if (side < 1 || side > longest) return {fmt::format("it makes a side of {}, not 1 to {}", side, longest)};
  if (in.shape[2] > longest || in.shape[3] * size_of(in.dtype) > 65535)
    return {fmt::format("its input is {}, and a side of that is too long", text_of(in.shape))};
  return {};
}

static Shape shape(const Model& model, const Node& node) {
  const std::vector<std::int64_t> size = numbers_of(model, node, 1);
  return {1, static_cast<int>(size[0]), static_cast<int>(size[1]), model.input(node, 0).shape[3]};
}

/// For each row (axis 1) or column (axis 2) of the output, the input's.
static std::vector<int> nearest_ones(const Model& model, const Node& node, int axis) {
  const int in = model.input(node, 0).shape[axis], out = model.output(node).shape[axis];
  std::vector<int> places;
  for (int i = 0; i < out; ++i) places.push_back(nearest(node, i, in, out));
  return places;
}

static Rows rows(const Model& model, const Node& node, int, int y) {
  return {nearest(node, y, model.input(node, 0).shape[1], model.output(node).shape[1]), 1};
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const std::vector<int> rows = nearest_ones(model, node, 1), columns = nearest_ones(model, node, 2);
  move_values(model, bytes, node.inputs[0], node.outputs[0], [&](const Index& index) {
    return std::optional<Index>({0, rows[index[1]], columns[index[2]], index[3]});
  });
}

static Constant table(const Model& model, const Node& node, int axis, const std::string& suffix) {
  const std::vector<int> places = nearest_ones(model, node, axis);
  return {suffix, "uint16_t", comma_separated(places), 2 * places.size()};
}

static Emitted emit(const Model& model, const Node& node) {
  const Tensor& out = model.output(node);
  return {.header = "resize_nearest_neighbor.h",
          .constants = {table(model, node, 1, "rows"), table(model, node, 2, "columns")},
          .parameters = fmt::format("ResizeNearestNeighbor $ = {{$_rows, $_columns, {}, {}}}", out.shape[2],
                                    out.shape[3] * size_of(out.dtype)),
          .row = "resize_nearest_neighbor_row($, in0, y, out);"};
}

extern const Operator resize_nearest_neighbor{.name = "resize_nearest_neighbor",
                                              .options = "ResizeNearestNeighborOptions",
                                              .version = 3,
                                              .dtypes = "any",
                                              .check = check,
                                              .shape = shape,
                                              .rows = rows,
                                              .reference = reference,
                                              .emit = emit,
                                              .quantization = {.output_as_input = true}};

}  // namespace dragonet
