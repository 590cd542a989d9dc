// A layer of LSTM cells over a sequence [batch, time, features], float32, or int8 with a cell state of int16. Gates are
// Q12 before and Q15 after their activation, from a table; the cell's scale is a power of two. The state goes on from
// one inference to the next until it is reset, as TensorFlow Lite keeps it in the file's variables. Not supported:
// peepholes, projection, layer normalization, coupled gates. Source: TensorFlow Lite Micro, micro/kernels/lstm_eval.h,
// lstm_eval.cc and lstm_eval_common.cc.
#include <algorithm>
#include <cmath>

#include "kernels/sigmoid_table.h"
#include "ops/emit.h"
#include "ops/lstm.h"
#include "ops/quantized.h"
#include "ops/ranges.h"
#include "ops/run_reference.h"

namespace dragonet {
namespace {

using namespace lstm_operands;
constexpr int tanh_activation = 4;
constexpr int least_cell_power = -24, most_cell_power = 0;  // of 2: the tables' arguments and the products fit 32 bits
constexpr float gate_scale = 1.0f / 4096;
constexpr double product_scale = 1.0 / (1 << 30);  // of two Q15

enum Gate { input_gate, forget_gate, cell_gate, output_gate };
const char* const gate_names[] = {"input", "forget", "cell", "output"};

struct Sizes {
  int batches, steps, inputs, units;
};

}  // namespace

static Sizes sizes_of(const Model& model, const Node& node) {
  const Shape& in = model.input(node, 0).shape;
  const int units = model.input(node, input_weights + forget_gate).shape[0];
  if (node.integer("time_major")) return {1, in[0], in[2], units};
  return {in[0], in[1], in[2], units};
}

static Problems check_operands(const Model& model, const Node& node) {
  const auto has_any = [&](int first, int last) {
    for (int i = first; i <= last; ++i)
      if (model.has_input(node, i)) return true;
    return false;
  };
  Problems wrong;
  if (has_any(9, 11)) wrong.push_back("it has peephole weights");
  if (has_any(16, 17)) wrong.push_back("it has a projection");
  if (has_any(20, 23)) wrong.push_back("it has layer normalization");
  if (!model.has_input(node, input_weights)) wrong.push_back("its input gate is coupled to its forget gate");
  for (int g = 0; g < 4; ++g)
    for (const int operand : {input_weights + g, recurrent_weights + g, biases + g})
      if (wrong.empty() && (!model.has_input(node, operand) || !model.input(node, operand).is_constant()))
        wrong.push_back(fmt::format("its {} gate lacks constant weights or biases", gate_names[g]));
  for (const int state : {output_state, cell_state})
    if (!model.has_input(node, state) || !model.input(node, state).is_variable)
      wrong.push_back(fmt::format("its input {}, a state, is not a variable", state));
  return wrong;
}

static Problems check_form(const Model& model, const Node& node) {
  const Shape& in = model.input(node, 0).shape;
  if (in.size() != 3) return {fmt::format("its input has {} dimensions, not 3", in.size())};
  if (node.integer("time_major") && in[1] != 1)
    return {fmt::format("its input {} is time-major, of more than one sequence", text_of(in))};
  if (node.integer("fused_activation_function") != tanh_activation) return {"its activation is not TANH"};
  if (node.integer("diagonal_recurrent_tensors")) return {"its recurrent weights are diagonal"};
  if (std::isnan(node.real("cell_clip"))) return {"its cell_clip is not a number"};
  return {};
}

/// One of the constants of a gate.
static Problems check_constant(const Tensor& tensor, const char* gate, const Shape& shape, DType dtype) {
  if (tensor.shape == shape && tensor.dtype == dtype) return {};
  return {fmt::format("its {} gate has {} {}, not {} {}", gate, name_of(tensor.dtype), text_of(tensor.shape),
                      name_of(dtype), text_of(shape))};
}

static Problems check_gate(const Model& model, const Node& node, int g, bool is_real) {
  const auto [batches, steps, inputs, units] = sizes_of(model, node);
  const DType weights = is_real ? DType::float32 : DType::int8;
  return gather(
      {check_constant(model.input(node, input_weights + g), gate_names[g], {units, inputs}, weights),
       check_constant(model.input(node, recurrent_weights + g), gate_names[g], {units, units}, weights),
       check_constant(model.input(node, biases + g), gate_names[g], {units}, is_real ? DType::float32 : DType::int32)});
}

static Problems check_shapes(const Model& model, const Node& node, bool is_real) {
  Problems wrong;
  const auto [batches, steps, inputs, units] = sizes_of(model, node);
  for (int g = 0; g < 4; ++g) wrong = gather({wrong, check_gate(model, node, g, is_real)});
  for (const int state : {output_state, cell_state})
    if (element_count(model.input(node, state).shape) != std::int64_t{batches} * units ||
        (is_real && model.input(node, state).dtype != DType::float32))
      wrong.push_back(fmt::format("its state is {} for {} sequences of {} units",
                                  text_of(model.input(node, state).shape), batches, units));
  return wrong;
}

static Problems check_scales(const Model& model, const Node& node) {
  const Tensor &state = model.input(node, output_state), &cell = model.input(node, cell_state);
  if (state.dtype != DType::int8 || cell.dtype != DType::int16)
    return {fmt::format("its states are {} and {}, not int8 and int16", name_of(state.dtype), name_of(cell.dtype))};
  Problems wrong;
  check_one_scale(wrong, state, "output state");
  check_one_scale(wrong, cell, "cell state");
  for (int g = 0; g < 8; ++g) {
    const Tensor& weights = model.input(node, input_weights + g);
    check_one_scale(wrong, weights, fmt::format("{} gate", gate_names[g % 4]).c_str());
    if (!weights.quantization.zero_point.empty() && weights.quantization.zero_point[0] != 0)
      wrong.push_back(fmt::format("its {} gate's weights have the zero point {}, not 0", gate_names[g % 4],
                                  weights.quantization.zero_point[0]));
  }
  if (!wrong.empty()) return wrong;
  const Quantization& out = model.output(node).quantization;
  if (state.quantization.scale != out.scale || state.quantization.zero_point != out.zero_point)
    wrong.push_back("its output and its output state have different scales");
  int power = 0;
  if (std::frexp(cell.quantization.scale[0], &power) != 0.5f || power - 1 < least_cell_power ||
      power - 1 > most_cell_power)
    wrong.push_back(fmt::format("its cell state's scale {} is no power of two from 2^{} to 2^{}",
                                cell.quantization.scale[0], least_cell_power, most_cell_power));
  if (product_scale / out.scale[0] >= 0.5)
    wrong.push_back(fmt::format("its output's scale {} is too small", out.scale[0]));
  return wrong;
}

/// What a gate's sums of products with one of its two inputs need.
namespace {
struct Products {
  const Tensor& values;   // the input, or the output of the step before
  const Tensor& weights;  // [units, values]
  std::vector<std::int64_t> bias;
  double factor;  // from the sums to Q12
};
}  // namespace

/// Scales are multiplied in floats, as the reference does.
static Products products_of(const Model& model, const Node& node, int gate, bool recurrent) {
  const Tensor& values = model.input(node, recurrent ? output_state : 0);
  const Tensor& weights = model.input(node, (recurrent ? recurrent_weights : input_weights) + gate);
  const float scale = values.quantization.scale[0] * weights.quantization.scale[0];
  std::vector<std::int64_t> bias(weights.shape[0]);
  const auto given = dragonet::values<std::int32_t>(model.input(node, biases + gate));
  if (!recurrent) bias.assign(given.begin(), given.end());
  return {values, weights, bias, double{scale} / double{gate_scale}};
}

static Problems check_products(const Products& products, int gate) {
  const auto weights = values<std::int8_t>(products.weights);
  const std::size_t each = weights.size() / products.bias.size();
  for (std::size_t unit = 0; unit < products.bias.size(); ++unit) {
    double most = std::abs(static_cast<double>(products.bias[unit]));
    for (const std::int8_t weight : weights.subspan(unit * each, each)) most += 255.0 * std::abs(weight);
    if (!((most + 1) * std::max(1.0, 2 * products.factor) <= INT32_MAX))
      return {fmt::format("its {} gate's sums can reach {}, times {}: that overflows 32 bits", gate_names[gate], most,
                          products.factor)};
  }
  return {};
}

static Problems check_arithmetic(const Model& model, const Node& node) {
  Problems wrong;
  for (int g = 0; g < 4; ++g)
    wrong = gather({wrong, check_products(products_of(model, node, g, false), g),
                    check_products(products_of(model, node, g, true), g)});
  return wrong;
}

static std::vector<std::string> check(const Model& model, const Node& node) {
  Problems wrong = gather({check_quantized(model, node), check_form(model, node), check_operands(model, node)});
  if (!wrong.empty()) return wrong;
  if (model.input(node, input_weights + forget_gate).shape.size() != 2) return {"its weights are not 2-dimensional"};
  const bool is_real = model.input(node, 0).dtype == DType::float32;
  wrong = check_shapes(model, node, is_real);
  if (wrong.empty() && !is_real) wrong = check_scales(model, node);
  return wrong.empty() && !is_real ? check_arithmetic(model, node) : wrong;
}

static Shape shape(const Model& model, const Node& node) {
  Shape result = model.input(node, 0).shape;
  result.back() = sizes_of(model, node).units;
  return result;
}

static Rows rows(const Model& model, const Node& node, int input, int) {
  return {0, rows_of(model.input(node, input)).count};
}

static std::int64_t macs(const Model& model, const Node& node) {
  const auto [batches, steps, inputs, units] = sizes_of(model, node);
  return std::int64_t{batches} * steps * 4 * units * (inputs + units);
}

static RealRange cell_range(const Node& node) {
  const float clip = static_cast<float>(node.real("cell_clip"));
  const float most = clip > 0 ? clip : std::numeric_limits<float>::infinity();
  return {-most, most};
}

static Range integer_cell_range(const Model& model, const Node& node) {
  const double clip = double{static_cast<float>(node.real("cell_clip"))};
  if (!(clip > 0)) return {INT16_MIN, INT16_MAX};
  const double scale = model.input(node, cell_state).quantization.scale[0];
  const auto most = static_cast<std::int32_t>(std::min(clip / scale, 32767.0));
  return {-most, most};
}

static std::int32_t to_int16(std::int32_t x) { return std::clamp<std::int32_t>(x, INT16_MIN, INT16_MAX); }

/// The sum of products of one unit, as Q12.
static std::int32_t gate_sum(const Products& products, const std::int8_t* values, int unit) {
  const auto weights = dragonet::values<std::int8_t>(products.weights);
  const int count = products.weights.shape[1];
  const std::int32_t zero_point = products.values.quantization.zero_point[0];
  auto sum = static_cast<std::int32_t>(products.bias[unit]);
  for (int i = 0; i < count; ++i) sum += (values[i] - zero_point) * weights[unit * count + i];
  return to_int16(rescale(sum, multiplier_of(products.factor)));
}

/// A vector of Q15, one per unit.
static std::vector<std::int32_t> run_gate(const Model& model, const Node& node, int gate, const std::int8_t* in,
                                          const std::int8_t* before) {
  const Products entering = products_of(model, node, gate, false), recurrent = products_of(model, node, gate, true);
  std::vector<std::int32_t> result(entering.bias.size());
  for (int unit = 0; unit < static_cast<int>(result.size()); ++unit) {
    const std::int32_t sum = 3 * to_int16(gate_sum(entering, in, unit) + gate_sum(recurrent, before, unit));
    result[unit] = gate == cell_gate ? int16_tanh(sum) : int16_logistic(sum);
  }
  return result;
}

/// How far Q12 lies to the left of the cell state's scale; negative: to the right.
static int tanh_shift(const Model& model, const Node& node) {
  int power = 0;
  std::frexp(model.input(node, cell_state).quantization.scale[0], &power);
  return 12 + power - 1;
}

static std::int32_t cell_tanh(std::int32_t cell, int shift) {
  if (shift >= 0) return int16_tanh(cell * 3 * (1 << shift));
  return int16_tanh((cell * 3 + (1 << (-shift - 1))) >> -shift);
}

/// From a product of two gates, or of a gate and the cell, to the cell state and the output.
namespace {
struct ProductScales {
  Multiplier forgotten, entered, shown;
};
}  // namespace

static ProductScales product_scales(const Model& model, const Node& node) {
  const double cell = model.input(node, cell_state).quantization.scale[0];
  return {multiplier_of(1.0 / 32768), multiplier_of(product_scale / cell),
          multiplier_of(product_scale / model.input(node, output_state).quantization.scale[0])};
}

static void run_step(const Model& model, const Node& node, const std::int8_t* in, const std::int8_t* before,
                     std::vector<std::int32_t>& cells, std::int8_t* out) {
  std::vector<std::int32_t> gates[4];
  for (int g = 0; g < 4; ++g) gates[g] = run_gate(model, node, g, in, before);
  const ProductScales scales = product_scales(model, node);
  const auto [least, most] = integer_cell_range(model, node);
  const std::int32_t zero_point = model.input(node, output_state).quantization.zero_point[0];
  for (std::size_t unit = 0; unit < cells.size(); ++unit) {
    const std::int32_t kept = to_int16(rescale(gates[forget_gate][unit] * cells[unit], scales.forgotten));
    const std::int32_t entered = to_int16(rescale(gates[input_gate][unit] * gates[cell_gate][unit], scales.entered));
    cells[unit] = std::clamp(kept + entered, least, most);
    const std::int32_t product = gates[output_gate][unit] * cell_tanh(cells[unit], tanh_shift(model, node));
    out[unit] = static_cast<std::int8_t>(std::clamp(rescale(product, scales.shown) + zero_point, -128, 127));
  }
}

static float logistic(float x) { return 1 / (1 + std::exp(-x)); }

static void run_real_step(const Model& model, const Node& node, const float* in, const float* before,
                          std::vector<float>& cells, float* out) {
  const Sizes sizes = sizes_of(model, node);
  const auto sum_of = [&](int gate, int unit) {
    const auto weights = values<float>(model.input(node, input_weights + gate));
    const auto recurrent = values<float>(model.input(node, recurrent_weights + gate));
    float entering = 0, again = 0;
    for (int i = 0; i < sizes.inputs; ++i) entering += in[i] * weights[unit * sizes.inputs + i];
    for (int i = 0; i < sizes.units; ++i) again += before[i] * recurrent[unit * sizes.units + i];
    return values<float>(model.input(node, biases + gate))[unit] + entering + again;
  };
  const auto [least, most] = cell_range(node);
  for (int unit = 0; unit < sizes.units; ++unit) {
    const float kept = logistic(sum_of(forget_gate, unit)) * cells[unit];
    const float entered = logistic(sum_of(input_gate, unit)) * std::tanh(sum_of(cell_gate, unit));
    cells[unit] = std::clamp(kept + entered, least, most);
    out[unit] = logistic(sum_of(output_gate, unit)) * std::tanh(cells[unit]);
  }
}

/// step(in, before, cells, out) one after another; `shown` and `kept` are the output and the cells before the first,
/// and become those of the last.
template <typename Cell, typename T, typename Kept, typename Step>
static void run_sequences(const Sizes& sizes, const T* in, T* out, T* shown, Kept* kept, Step step) {
  for (int batch = 0; batch < sizes.batches; ++batch, shown += sizes.units, kept += sizes.units) {
    std::vector<Cell> cells(kept, kept + sizes.units);
    const T* before = shown;
    for (int t = 0; t < sizes.steps; ++t, in += sizes.inputs, before = out, out += sizes.units)
      step(in, before, cells, out);
    std::copy_n(before, sizes.units, shown);
    std::ranges::copy(cells, kept);
  }
}

/// What the cells of a float32 node reach from step to step.
static RealInterval cell_reach(const Model& model, const Node& node, TensorBytes& bytes) {
  RealInterval range;
  const Sizes sizes = sizes_of(model, node);
  std::vector<float> outputs(element_count(model.output(node).shape));
  std::vector<float> shown(static_cast<std::size_t>(sizes.batches) * sizes.units), kept = shown;
  run_sequences<float>(sizes, data_of<float>(bytes, node.inputs[0]), outputs.data(), shown.data(), kept.data(),
                       [&](const auto* from, const auto* before, auto& cells, auto* to) {
                         run_real_step(model, node, from, before, cells, to);
                         range.widen(cells);
                       });
  return range;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const Sizes sizes = sizes_of(model, node);
  const int in = node.inputs[0], out = node.outputs[0];
  const int shown = node.inputs[output_state], kept = node.inputs[cell_state];
  for (const int t : {shown, kept})
    if (bytes[t].empty()) bytes[t] = initial_value(model.tensors[t]);
  if (model.input(node, 0).dtype == DType::float32)
    run_sequences<float>(sizes, data_of<float>(bytes, in), data_of<float>(bytes, out), data_of<float>(bytes, shown),
                         data_of<float>(bytes, kept), [&](const auto* from, const auto* before, auto& cells, auto* to) {
                           run_real_step(model, node, from, before, cells, to);
                         });
  else
    run_sequences<std::int32_t>(sizes, data_of<std::int8_t>(bytes, in), data_of<std::int8_t>(bytes, out),
                                data_of<std::int8_t>(bytes, shown), data_of<std::int16_t>(bytes, kept),
                                [&](const auto* from, const auto* before, auto& cells, auto* to) {
                                  run_step(model, node, from, before, cells, to);
                                });
}

static std::string scale_text(Multiplier m) { return fmt::format("{{{}, {}}}", m.multiplier, m.shift); }

static Constant folded_bias(const Products& products, const std::string& suffix) {
  std::vector<std::int64_t> bias = products.bias;
  const auto weights = values<std::int8_t>(products.weights);
  for (std::size_t i = 0; i < weights.size(); ++i)
    bias[i / products.weights.shape[1]] -= products.values.quantization.zero_point[0] * weights[i];
  return {suffix, "int32_t", comma_separated(bias), bias.size() * 4};
}

/// The gate's initialiser; its arrays are added to the code's.
static std::string emit_gate(const Model& model, const Node& node, int g, Emitted& code) {
  const Products entering = products_of(model, node, g, false), recurrent = products_of(model, node, g, true);
  const std::string name = gate_names[g];
  code.constants.push_back(constant_of(entering.weights, name + "_weights"));
  code.constants.push_back(constant_of(recurrent.weights, name + "_recurrent_weights"));
  code.constants.push_back(folded_bias(entering, name + "_bias"));
  code.constants.push_back(folded_bias(recurrent, name + "_recurrent_bias"));
  return fmt::format("{{$_{0}_weights, $_{0}_recurrent_weights, $_{0}_bias, $_{0}_recurrent_bias, {1}, {2}}}", name,
                     scale_text(multiplier_of(entering.factor)), scale_text(multiplier_of(recurrent.factor)));
}

static std::string emit_real_gate(const Model& model, const Node& node, int g, Emitted& code) {
  const std::string name = gate_names[g];
  code.constants.push_back(constant_of(model.input(node, input_weights + g), name + "_weights"));
  code.constants.push_back(constant_of(model.input(node, recurrent_weights + g), name + "_recurrent_weights"));
  code.constants.push_back(constant_of(model.input(node, biases + g), name + "_bias"));
  return fmt::format("{{$_{0}_weights, $_{0}_recurrent_weights, $_{0}_bias}}", name);
}

static std::string integer_numbers(const Model& model, const Node& node) {
  const ProductScales scales = product_scales(model, node);
  const auto [least, most] = integer_cell_range(model, node);
  return fmt::format("{}, {}, {}, {}, {}, {}, {}", scale_text(scales.forgotten), scale_text(scales.entered),
                     scale_text(scales.shown), tanh_shift(model, node),
                     model.input(node, output_state).quantization.zero_point[0], least, most);
}

static Emitted emit(const Model& model, const Node& node) {
  const Sizes sizes = sizes_of(model, node);
  const bool is_real = model.input(node, 0).dtype == DType::float32;
  Emitted code{.header = "unidirectional_sequence_lstm.h"};
  std::vector<std::string> gates;
  for (int g = 0; g < 4; ++g)
    gates.push_back(is_real ? emit_real_gate(model, node, g, code) : emit_gate(model, node, g, code));
  const auto [least, most] = cell_range(node);
  code.parameters =
      fmt::format("{}UnidirectionalSequenceLstm $ = {{{{{}, {}, {}, {}}}, {{{}}}, {}}}", is_real ? "Real" : "",
                  sizes.batches, sizes.steps, sizes.inputs, sizes.units, comma_separated(gates),
                  is_real ? float_text(least) + ", " + float_text(most) : integer_numbers(model, node));
  code.kept_bytes = static_cast<std::size_t>(sizes.batches) * sizes.units * (is_real ? 8 : 3);
  code.scratch_bytes = is_real ? 0 : static_cast<std::size_t>(sizes.units);
  code.row = is_real ? "unidirectional_sequence_lstm_row($, in0, out, kept);"
                     : "unidirectional_sequence_lstm_row($, in0, out, kept, scratch);";
  return code;
}

/// Of each gate with the input, where its bias belongs, and with the output of the step before.
static constexpr WeightedSum gate_sums[] = {
    {0, input_weights, biases},
    {0, input_weights + 1, biases + 1},
    {0, input_weights + 2, biases + 2},
    {0, input_weights + 3, biases + 3},
    {output_state, recurrent_weights, -1},
    {output_state, recurrent_weights + 1, -1},
    {output_state, recurrent_weights + 2, -1},
    {output_state, recurrent_weights + 3, -1},
};

static constexpr StateRule states[] = {{output_state}, {cell_state, cell_reach}};

/// What TensorFlow's converter says of each: four scales that only a layer normalization would need, and the output's
/// before a projection. TensorFlow Lite reads the last.
static constexpr int intermediates = 5;

/// Its int8 form: TensorFlow Lite, tools/optimize/operator_property.cc, UNIDIRECTIONAL_SEQUENCE_LSTM.
extern const Operator unidirectional_sequence_lstm{
    .name = "unidirectional_sequence_lstm",
    .options = "UnidirectionalSequenceLSTMOptions",
    .version = 1,
    .dtypes = "int8, float32",
    .check = check,
    .shape = shape,
    .rows = rows,
    .macs = macs,
    .reference = reference,
    .emit = emit,
    .quantization = {.symmetric_output = true, .sums = gate_sums, .states = states, .intermediates = intermediates},
    .has_variables = true};

}  // namespace dragonet
