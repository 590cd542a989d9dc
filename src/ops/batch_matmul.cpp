// Products of matrices for each of a batch, int8, int16 or float32; batches are broadcast. Both operands may be
// computed. adj_x and adj_y: the first's or the second's matrices are transposed first.
// Source: TensorFlow Lite Micro, kernels/batch_matmul.cc, and its kernels/internal/reference/batch_matmul.h.
#include "ops/broadcast_walk.h"
#include "ops/indices.h"
#include "ops/operands.h"

namespace dragonet {

static constexpr int first = 0, second = 1;

static bool is_turned(const Node& node, int input) { return node.integer(input == first ? "adj_x" : "adj_y") != 0; }

namespace {
/// As it is multiplied: how many rows and columns, and how far, in values, from one to the next.
struct Matrix {
  int rows, columns, row_step, column_step;
};
}  // namespace

static Matrix matrix_of(const Model& model, const Node& node, int input) {
  const Shape& shape = model.input(node, input).shape;
  const int height = shape[shape.size() - 2], width = shape.back();
  return is_turned(node, input) ? Matrix{width, height, 1, width} : Matrix{height, width, width, 1};
}

/// Without their matrices.
static std::vector<BroadcastOperand> batches_of(const Model& model, const Node& node) {
  const std::size_t rank = std::max(model.input(node, first).shape.size(), model.input(node, second).shape.size());
  std::vector<BroadcastOperand> operands{operand_of(model.input(node, first), rank),
                                         operand_of(model.input(node, second), rank)};
  for (BroadcastOperand& operand : operands) operand.sides.resize(rank - 2);
  return operands;
}

static Shape shape(const Model& model, const Node& node) {
  Shape shape = shape_together(batches_of(model, node));
  shape.push_back(matrix_of(model, node, first).rows);
  shape.push_back(matrix_of(model, node, second).columns);
  return shape;
}

static double factor_of(const Model& model, const Node& node) {
  return double{model.input(node, first).quantization.scale[0]} * model.input(node, second).quantization.scale[0] /
         model.output(node).quantization.scale[0];
}

static Problems check_shapes(const Model& model, const Node& node) {
  const Shape &a = model.input(node, first).shape, &b = model.input(node, second).shape;
  const auto refused = [&] { return Problems{fmt::format("it multiplies {} by {}", text_of(a), text_of(b))}; };
  if (std::min(a.size(), b.size()) < 2 || !go_together(batches_of(model, node))) return refused();
  if (matrix_of(model, node, first).columns != matrix_of(model, node, second).rows) return refused();
  return gather({check_rows(model.input(node, first), "input"), check_rows(model.input(node, second), "second input")});
}

/// int16's rescaling takes sums of 48 bits.
static Problems check_arithmetic(const Model& model, const Node& node) {
  const bool is_wide = model.output(node).dtype == DType::int16;
  const double factor = factor_of(model, node), depth = matrix_of(model, node, first).columns;
  const double sum = depth * (is_wide ? 0x1p30 : 255 * 255);
  const bool holds = is_wide ? sum < 0x1p46 && factor < 128 && (sum + 1) * factor < INT32_MAX
                             : (sum + 1) * std::max(1.0, 2 * factor) <= INT32_MAX;
  if (holds) return {};
  return {fmt::format("its sums can reach {}, times {}: that overflows {} bits", sum, factor, is_wide ? 48 : 32)};
}

static Problems check(const Model& model, const Node& node) {
  if (node.inputs.size() != 2 || !model.has_input(node, second)) return {"it does not have two inputs"};
  const Tensor &a = model.input(node, first), &b = model.input(node, second);
  if (a.dtype != b.dtype) return {fmt::format("its inputs are {} and {}", name_of(a.dtype), name_of(b.dtype))};
  Problems wrong = gather({check_quantized(model, node, with_int16), check_shapes(model, node)});
  if (wrong.empty() && is_quantized(a.dtype)) check_one_scale(wrong, b, "second input");
  return !wrong.empty() || a.dtype == DType::float32 ? wrong : check_arithmetic(model, node);
}

static std::int64_t macs(const Model& model, const Node& node) {
  return element_count(model.output(node).shape) * matrix_of(model, node, first).columns;
}

/// Where the matrix of a batch begins.
static std::int64_t matrix_begin(const Model& model, const Node& node, int input, Index batch) {
  const Shape& shape = model.input(node, input).shape;
  const Shape sides(shape.begin(), shape.end() - 2);
  batch.erase(batch.begin(), batch.end() - std::ssize(sides));
  for (std::size_t d = 0; d < sides.size(); ++d)
    if (sides[d] == 1) batch[d] = 0;
  return position_of(sides, batch) * shape[shape.size() - 2] * shape.back();
}

/// Each value is finished(the sum of product(a, b)), from `zero` on.
template <typename Value, typename Sum, typename Product, typename Finished>
static void multiply(const Model& model, const Node& node, TensorBytes& bytes, Sum zero, Product product,
                     Finished finished) {
  const Matrix a = matrix_of(model, node, first), b = matrix_of(model, node, second);
  const Shape& out = model.output(node).shape;
  auto* to = data_of<Value>(bytes, node.outputs[0]);
  for_each_index(out, [&](const Index& index) {
    const Index batch(index.begin(), index.end() - 2);
    const Value* x = data_of<Value>(bytes, node.inputs[first]) + matrix_begin(model, node, first, batch) +
                     index[index.size() - 2] * a.row_step;
    const Value* y = data_of<Value>(bytes, node.inputs[second]) + matrix_begin(model, node, second, batch) +
                     index.back() * b.column_step;
    Sum sum = zero;
    for (int k = 0; k < a.columns; ++k) sum += product(x[k * a.column_step], y[k * b.row_step]);
    *to++ = static_cast<Value>(finished(sum));
  });
}

static void multiply_int8(const Model& model, const Node& node, TensorBytes& bytes) {
  const auto zero_point = [](const Tensor& tensor) { return tensor.quantization.zero_point[0]; };
  const std::int32_t x = zero_point(model.input(node, first)), y = zero_point(model.input(node, second));
  const Multiplier factor = multiplier_of(factor_of(model, node));
  multiply<std::int8_t>(
      model, node, bytes, std::int32_t{0}, [&](std::int32_t a, std::int32_t b) { return (a - x) * (b - y); },
      [&](std::int32_t sum) { return std::clamp(rescale(sum, factor) + zero_point(model.output(node)), -128, 127); });
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  if (model.output(node).dtype == DType::float32)
    return multiply<float>(model, node, bytes, 0.0f, std::multiplies<float>(), [](float sum) { return sum; });
  if (model.output(node).dtype == DType::int8) return multiply_int8(model, node, bytes);
  const Multiplier factor = multiplier_of(factor_of(model, node));
  multiply<std::int16_t>(model, node, bytes, std::int64_t{0}, std::multiplies<std::int64_t>(), [&](std::int64_t sum) {
    return std::clamp<std::int32_t>(rescale_wide(sum, factor), INT16_MIN, INT16_MAX);
  });
}

static Rows rows(const Model& model, const Node& node, int input, int y) {
  return rows_together(model.input(node, input), model.output(node), y);
}

static std::string kind_numbers(const Model& model, const Node& node) {
  if (model.output(node).dtype == DType::float32) return "";
  const Multiplier factor = multiplier_of(factor_of(model, node));
  if (model.output(node).dtype == DType::int16) return fmt::format("{}, {}", factor.multiplier, factor.shift);
  return fmt::format(
      "{}, {}, {}, {}, {}", factor.multiplier, factor.shift, model.input(node, first).quantization.zero_point[0],
      model.input(node, second).quantization.zero_point[0], model.output(node).quantization.zero_point[0]);
}

static Emitted emit(const Model& model, const Node& node) {
  const Tensor& out = model.output(node);
  const Matrix a = matrix_of(model, node, first), b = matrix_of(model, node, second);
  const std::size_t rank = out.shape.size();
  const std::string batches = broadcast_numbers(
      {operand_of(model.input(node, first), rank), operand_of(model.input(node, second), rank)}, out, 2);
  const char* kind = out.dtype == DType::float32 ? "Real" : out.dtype == DType::int16 ? "Int16" : "Int8";
  return {.header = "batch_matmul.h",
          .constants = {},
          .parameters = fmt::format("BatchMatmul<dragonet::Matmul{}> $ = {{{{{}}}, {}, {}, {}, {}, {}, {}, {}, {}}}",
                                    kind, kind_numbers(model, node), batches, a.rows, b.columns, a.columns, a.row_step,
                                    a.column_step, b.row_step, b.column_step),
          .row = "batch_matmul_row($, in0, in1, y, out);"};
}

extern const Operator batch_matmul{.name = "batch_matmul",
                                   .options = "BatchMatMulOptions",
                                   .version = 2,
                                   .dtypes = "int8, int16, float32",
                                   .check = check,
                                   .shape = shape,
                                   .rows = rows,
                                   .macs = macs,
                                   .reference = reference,
                                   .emit = emit};

}  // namespace dragonet
