// Bilinear resizing of images, int8, int16 or float32; the scale stays. Integers are blended in fixed point, with 10
// bits for each side.
// Source: TensorFlow Lite Micro, reference/resize_bilinear.h, ResizeBilinearInteger and ResizeBilinear.
#include <algorithm>
#include <cmath>

#include "ops/emit.h"
#include "ops/quantized.h"

namespace dragonet {
namespace {

/// One side of the image, and how its pixels' places are counted.
struct Side {
  int in, out;
  bool align_corners, half_pixel_centers;
};

/// Where an output lies in the input: from `lower` towards `upper` by `part`, in pixels or in 1/1024 of one.
template <typename Part>
struct Place {
  int lower, upper;
  Part part;
};

/// Output i lies at (i * scale + offset) / 1024.
struct Line {
  int scale, offset;
};

}  // namespace

static Side side_of(const Model& model, const Node& node, int dimension) {
  return {model.input(node, 0).shape[dimension], values<std::int32_t>(model.input(node, 1))[dimension - 1],
          node.integer("align_corners") != 0, node.integer("half_pixel_centers") != 0};
}

static bool to_corners(const Side& side) { return side.align_corners && side.out > 1; }

static Line line_of(const Side& side) {
  const int in = to_corners(side) ? side.in - 1 : side.in, out = to_corners(side) ? side.out - 1 : side.out;
  const int scale = (1024 * in + out / 2) / out;
  return {scale, side.half_pixel_centers ? scale / 2 - 512 : 0};
}

static Place<std::int32_t> fixed_place(const Side& side, int i) {
  const Line line = line_of(side);
  const int place = i * line.scale + line.offset, lower = std::max(place / 1024, 0);
  return {lower, std::min((place + 1023) / 1024, side.in - 1), place - 1024 * lower};
}

static Place<float> real_place(const Side& side, int i) {
  const auto in = static_cast<float>(side.in), out = static_cast<float>(side.out), at = static_cast<float>(i);
  const float scale = to_corners(side) ? (in - 1) / (out - 1) : in / out;
  const float place = side.half_pixel_centers ? (at + 0.5f) * scale - 0.5f : at * scale;
  const int lower = std::clamp(static_cast<int>(std::floor(place)), 0, side.in - 1);
  return {lower, std::min(static_cast<int>(std::ceil(place)), side.in - 1), place - static_cast<float>(lower)};
}

static Problems check_size(const Model& model, const Node& node) {
  if (!model.has_input(node, 1) || !model.input(node, 1).is_constant() || model.input(node, 1).dtype != DType::int32 ||
      element_count(model.input(node, 1).shape) != 2)
    return {"its new size is not two constant numbers of int32"};
  Problems wrong;
  for (const int dimension : {1, 2}) {
    const Side side = side_of(model, node, dimension);
    if (side.out < 1 || std::max(side.in, side.out) > 32767)
      wrong.push_back(fmt::format("it resizes {} pixels to {}; 1 to 32767 are supported", side.in, side.out));
    else if (model.input(node, 0).dtype != DType::float32 && fixed_place(side, side.out - 1).lower >= side.in)
      wrong.push_back(
          fmt::format("it resizes {} pixels to {}: so many that 10 bits lead past the end", side.in, side.out));
  }
  return wrong;
}

static std::vector<std::string> check(const Model& model, const Node& node) {
  const Problems wrong = check_quantized(model, node, with_int16);
  if (!wrong.empty()) return wrong;
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  if (in.shape.size() != 4 || in.shape[0] != 1 || in.shape[3] > 32767)
    return {fmt::format("its input is {}, not one image of up to 32767 channels", text_of(in.shape))};
  if (in.quantization.scale != out.quantization.scale || in.quantization.zero_point != out.quantization.zero_point)
    return {"its input and its output have different scales"};
  if (node.integer("align_corners") && node.integer("half_pixel_centers"))
    return {"it asks for aligned corners and half-pixel centers at once"};
  return check_size(model, node);
}

static Shape shape(const Model& model, const Node& node) {
  const Shape& in = model.input(node, 0).shape;
  return {in[0], side_of(model, node, 1).out, side_of(model, node, 2).out, in[3]};
}

template <typename T>
static auto place_of(const Side& side, int i) {
  if constexpr (std::is_floating_point_v<T>)
    return real_place(side, i);
  else
    return fixed_place(side, i);
}

static Rows rows(const Model& model, const Node& node, int input, int y) {
  if (input != 0) return {0, 1};
  return with_type(model.input(node, 0).dtype, [&](auto type) {
    const auto place = place_of<decltype(type)>(side_of(model, node, 1), y);
    return Rows{place.lower, place.upper - place.lower + 1};
  });
}

/// The value at `down` from a above to c below, and at `across` to b and d on the right.
static float blended(float a, float b, float c, float d, float down, float across) {
  return a * (1 - down) * (1 - across) + c * down * (1 - across) + b * (1 - down) * across + d * down * across;
}

static std::int64_t blended(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d, std::int32_t down,
                            std::int32_t across) {
  const std::int64_t sum =
      a * (1024 - down) * (1024 - across) + b * (1024 - down) * across + c * down * (1024 - across) + d * down * across;
  return (sum + (sum > 0 ? 1 << 19 : -(1 << 19))) / (1 << 20);
}

template <typename T>
static void resize(const Side& down, const Side& across, int channels, const T* in, T* out) {
  for (int y = 0; y < down.out; ++y)
    for (int x = 0; x < across.out; ++x)
      for (int c = 0; c < channels; ++c) {
        const auto row = place_of<T>(down, y), column = place_of<T>(across, x);
        const auto at = [&](int in_y, int in_x) { return in[(in_y * across.in + in_x) * channels + c]; };
        *out++ =
            static_cast<T>(blended(at(row.lower, column.lower), at(row.lower, column.upper),
                                   at(row.upper, column.lower), at(row.upper, column.upper), row.part, column.part));
      }
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  with_type(model.input(node, 0).dtype, [&](auto type) {
    using T = decltype(type);
    resize(side_of(model, node, 1), side_of(model, node, 2), model.input(node, 0).shape[3],
           data_of<T>(bytes, node.inputs[0]), data_of<T>(bytes, node.outputs[0]));
  });
}

static std::string line_text(const Side& side) {
  const Line line = line_of(side);
  return fmt::format("{{{}, {}, {}}}", line.scale, line.offset, side.in - 1);
}

/// The side's initialiser; its tables are added to the code's.
static std::string emit_tables(const Side& side, const std::string& name, Emitted& code) {
  std::vector<int> lower, upper;
  std::vector<std::string> parts;
  for (int i = 0; i < side.out; ++i) {
    const Place<float> place = real_place(side, i);
    lower.push_back(place.lower), upper.push_back(place.upper), parts.push_back(float_text(place.part));
  }
  code.constants.push_back({name + "_lower", "int16_t", comma_separated(lower), lower.size() * 2});
  code.constants.push_back({name + "_upper", "int16_t", comma_separated(upper), upper.size() * 2});
  code.constants.push_back({name + "_part", "float", comma_separated(parts), parts.size() * 4});
  return fmt::format("{{$_{0}_lower, $_{0}_upper, $_{0}_part}}", name);
}

static Emitted emit(const Model& model, const Node& node) {
  const Side down = side_of(model, node, 1), across = side_of(model, node, 2);
  const DType dtype = model.input(node, 0).dtype;
  const bool is_real = dtype == DType::float32;
  Emitted code{.header = "resize_bilinear.h"};
  const std::string down_text = is_real ? emit_tables(down, "down", code) : line_text(down);
  const std::string across_text = is_real ? emit_tables(across, "across", code) : line_text(across);
  code.parameters =
      fmt::format("ResizeBilinear<dragonet::{}> $ = {{{}, {}, {}, {}}}", is_real ? "RealResizeSide" : "ResizeSide",
                  down_text, across_text, across.out, model.input(node, 0).shape[3]);
  const char* sum = is_real ? "float" : dtype == DType::int16 ? "int64_t" : "int32_t";
  code.row = fmt::format("resize_bilinear_row<{}, {}>($, in0, y, out);", c_type(dtype), sum);
  return code;
}

extern const Operator resize_bilinear{.name = "resize_bilinear",
                                      .options = "ResizeBilinearOptions",
                                      .version = 3,
                                      .dtypes = "int8, int16, float32",
                                      .check = check,
                                      .shape = shape,
                                      .rows = rows,
                                      .reference = reference,
                                      .emit = emit,
                                      .quantization = {.output_as_input = true}};

}  // namespace dragonet
