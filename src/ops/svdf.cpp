// SVDF: a fully connected layer over the latest inputs, factored. Each filter makes one number of the input [batch,
// inputs] and keeps the latest `memory` of them; these are weighted over time, and `rank` filters are summed into each
// unit. The memory goes on from one inference to the next until it is reset. float32, or int8 with a memory and weights
// over time of int8 or int16; sums of those wrap as 32-bit integers do.
// Source: TensorFlow Lite Micro, micro/kernels/svdf_common.cc.
#include <cmath>

#include "ops/emit.h"
#include "ops/quantized.h"
#include "ops/ranges.h"
#include "ops/run_reference.h"

namespace dragonet {
namespace {

constexpr int feature_weights = 1, time_weights = 2, bias = 3, memory = 4;  // the operands

struct Sizes {
  int batches, inputs, filters, rank, units, steps;
};

}  // namespace

static Sizes sizes_of(const Model& model, const Node& node) {
  const Shape &in = model.input(node, 0).shape, &weights = model.input(node, feature_weights).shape;
  const int rank = static_cast<int>(node.integer("rank"));
  return {in[0], in[1], weights[0], rank, weights[0] / rank, model.input(node, time_weights).shape[1]};
}

static Problems check_types(const Model& model, const Node& node) {
  const bool is_real = model.input(node, 0).dtype == DType::float32;
  const DType of_time = model.input(node, time_weights).dtype;
  const auto type_of = [&](int operand) { return model.input(node, operand).dtype; };
  Problems wrong;
  if (type_of(feature_weights) != (is_real ? DType::float32 : DType::int8))
    wrong.push_back(fmt::format("its feature weights are {}", name_of(type_of(feature_weights))));
  if (is_real ? of_time != DType::float32 : of_time != DType::int8 && of_time != DType::int16)
    wrong.push_back(fmt::format("its weights over time are {}", name_of(of_time)));
  if (type_of(memory) != of_time)
    wrong.push_back(
        fmt::format("its memory is {} and its weights over time {}", name_of(type_of(memory)), name_of(of_time)));
  if (model.has_input(node, bias) && type_of(bias) != (is_real ? DType::float32 : DType::int32))
    wrong.push_back(fmt::format("its bias is {}", name_of(type_of(bias))));
  return wrong;
}

static Problems check_operands(const Model& model, const Node& node) {
  for (const int operand : {feature_weights, time_weights})
    if (!model.has_input(node, operand) || !model.input(node, operand).is_constant() ||
        model.input(node, operand).shape.size() != 2)
      return {fmt::format("its input {} is not a constant of 2 dimensions", operand)};
  if (model.has_input(node, bias) && !model.input(node, bias).is_constant()) return {"its bias is not a constant"};
  if (!model.has_input(node, memory) || !model.input(node, memory).is_variable)
    return {"its memory, input 4, is not a variable"};
  return check_types(model, node);
}

static Problems check_shapes(const Model& model, const Node& node) {
  const Shape &in = model.input(node, 0).shape, &feature = model.input(node, feature_weights).shape;
  const std::int64_t rank = node.integer("rank");
  if (in.size() != 2) return {fmt::format("its input has {} dimensions, not 2", in.size())};
  if (rank < 1 || rank > feature[0] || feature[0] % rank != 0)
    return {fmt::format("its rank is {} for {} filters", rank, feature[0])};
  const Sizes sizes = sizes_of(model, node);
  Problems wrong;
  if (feature[1] != sizes.inputs)
    wrong.push_back(fmt::format("its feature weights are {} for {} inputs", text_of(feature), sizes.inputs));
  if (model.input(node, time_weights).shape[0] != sizes.filters)
    wrong.push_back(fmt::format("its weights over time are {} for {} filters",
                                text_of(model.input(node, time_weights).shape), sizes.filters));
  if (element_count(model.input(node, memory).shape) != std::int64_t{sizes.batches} * sizes.filters * sizes.steps)
    wrong.push_back(fmt::format("its memory is {} for {} batches of {} filters and {} steps",
                                text_of(model.input(node, memory).shape), sizes.batches, sizes.filters, sizes.steps));
  if (model.has_input(node, bias) && element_count(model.input(node, bias).shape) != sizes.units)
    wrong.push_back(fmt::format("its bias is {} for {} units", text_of(model.input(node, bias).shape), sizes.units));
  return wrong;
}

/// Scales are multiplied as floats, as the reference does.
static double feature_factor(const Model& model, const Node& node) {
  const auto scale = [&](int operand) { return model.input(node, operand).quantization.scale[0]; };
  return double{scale(0) * scale(feature_weights) / scale(memory)};
}

static double output_factor(const Model& model, const Node& node) {
  const auto scale = [&](int operand) { return model.input(node, operand).quantization.scale[0]; };
  return double{scale(memory) * scale(time_weights) / model.output(node).quantization.scale[0]};
}

static Problems check_scales(const Model& model, const Node& node) {
  Problems wrong;
  for (const auto& [operand, name] :
       {std::pair{feature_weights, "feature weights"}, {time_weights, "weights over time"}, {memory, "memory"}}) {
    const Tensor& tensor = model.input(node, operand);
    check_one_scale(wrong, tensor, name);
    if (wrong.empty() && tensor.quantization.zero_point[0] != 0)
      wrong.push_back(fmt::format("the zero point of its {} is {}, not 0", name, tensor.quantization.zero_point[0]));
  }
  if (!wrong.empty()) return wrong;
  const Sizes sizes = sizes_of(model, node);
  const double most = 255.0 * 128 * sizes.inputs, factor = feature_factor(model, node);
  if (!(most * std::max(1.0, 2 * factor) <= INT32_MAX))
    wrong.push_back(fmt::format("its sums of {} inputs, times {}, can overflow 32 bits", sizes.inputs, factor));
  if (!(output_factor(model, node) < 1))
    wrong.push_back(
        fmt::format("its memory's scale times that of the weights over time is {} times its output's, not less",
                    output_factor(model, node)));
  return wrong;
}

static Problems check_real_activation(const Model& model, const Node& node) {
  return model.input(node, 0).dtype == DType::float32 ? check_activation(node) : Problems{};
}

static std::vector<std::string> check(const Model& model, const Node& node) {
  Problems wrong = check_quantized(model, node);
  if (wrong.empty()) wrong = check_operands(model, node);
  if (wrong.empty()) wrong = gather({check_shapes(model, node), check_real_activation(model, node)});
  if (wrong.empty() && model.input(node, 0).dtype == DType::int8) wrong = check_scales(model, node);
  return wrong;
}

static Shape shape(const Model& model, const Node& node) {
  const Sizes sizes = sizes_of(model, node);
  return {sizes.batches, sizes.units};
}

static Rows rows(const Model&, const Node&, int, int) { return {0, 1}; }

static std::int64_t macs(const Model& model, const Node& node) {
  const Sizes sizes = sizes_of(model, node);
  return std::int64_t{sizes.batches} * sizes.filters * (sizes.inputs + sizes.steps);
}

/// Every filter's latest numbers move down by one; feature(batch, filter) is the newest. Then unit(batch, unit) is told
/// the sum over time and rank.
template <typename Kept, typename Sum, typename Feature, typename Unit>
static void run_batches(const Sizes& sizes, Kept* kept, const Kept* weights, Feature feature, Sum, Unit unit) {
  for (int batch = 0; batch < sizes.batches; ++batch)
    for (int u = 0; u < sizes.units; ++u) {
      Sum sum = 0;
      for (int filter = u * sizes.rank; filter < (u + 1) * sizes.rank; ++filter) {
        Kept* const own = kept + (batch * sizes.filters + filter) * sizes.steps;
        std::copy(own + 1, own + sizes.steps, own);
        own[sizes.steps - 1] = feature(batch, filter);
        Sum over_time = 0;
        for (int t = 0; t < sizes.steps; ++t)
          over_time += static_cast<Sum>(own[t]) * static_cast<Sum>(weights[filter * sizes.steps + t]);
        sum += over_time;
      }
      unit(batch, u, sum);
    }
}

static void run_reals(const Model& model, const Node& node, TensorBytes& bytes) {
  const Sizes sizes = sizes_of(model, node);
  const auto* in = data_of<float>(bytes, node.inputs[0]);
  const auto weights = values<float>(model.input(node, feature_weights));
  const auto [least, most] = real_activation_range(node);
  float* const out = data_of<float>(bytes, node.outputs[0]);
  const auto feature = [&](int batch, int filter) {
    float sum = 0;
    for (int i = 0; i < sizes.inputs; ++i) sum += in[batch * sizes.inputs + i] * weights[filter * sizes.inputs + i];
    return sum;
  };
  const auto unit = [&, least = least, most = most](int batch, int u, float sum) {
    const float own = model.has_input(node, bias) ? values<float>(model.input(node, bias))[u] : 0;
    out[batch * sizes.units + u] = std::clamp(own + sum, least, most);
  };
  run_batches(sizes, data_of<float>(bytes, node.inputs[memory]), values<float>(model.input(node, time_weights)).data(),
              feature, float{}, unit);
}

template <typename Kept>
static void run_integers(const Model& model, const Node& node, TensorBytes& bytes) {
  const Sizes sizes = sizes_of(model, node);
  const auto* in = data_of<std::int8_t>(bytes, node.inputs[0]);
  const auto weights = values<std::int8_t>(model.input(node, feature_weights));
  const Multiplier to_memory = multiplier_of(feature_factor(model, node)),
                   to_output = multiplier_of(output_factor(model, node));
  const std::int32_t in_zero_point = model.input(node, 0).quantization.zero_point[0];
  const std::int32_t out_zero_point = model.output(node).quantization.zero_point[0];
  auto* const out = data_of<std::int8_t>(bytes, node.outputs[0]);
  const auto feature = [&](int batch, int filter) {
    std::int32_t sum = 0;
    for (int i = 0; i < sizes.inputs; ++i)
      sum += (in[batch * sizes.inputs + i] - in_zero_point) * weights[filter * sizes.inputs + i];
    return static_cast<Kept>(std::clamp<std::int32_t>(rescale(sum, to_memory), std::numeric_limits<Kept>::min(),
                                                      std::numeric_limits<Kept>::max()));
  };
  const auto unit = [&](int batch, int u, std::uint32_t sum) {
    if (model.has_input(node, bias))
      sum += static_cast<std::uint32_t>(values<std::int32_t>(model.input(node, bias))[u]);
    const std::int32_t scaled = rescale(static_cast<std::int32_t>(sum), to_output);
    out[batch * sizes.units + u] = static_cast<std::int8_t>(std::clamp(scaled + out_zero_point, -128, 127));
  };
  run_batches(sizes, data_of<Kept>(bytes, node.inputs[memory]), values<Kept>(model.input(node, time_weights)).data(),
              feature, std::uint32_t{}, unit);
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  if (auto& kept = bytes[node.inputs[memory]]; kept.empty()) kept = initial_value(model.input(node, memory));
  switch (model.input(node, memory).dtype) {
    case DType::float32:
      return run_reals(model, node, bytes);
    case DType::int16:
      return run_integers<std::int16_t>(model, node, bytes);
    default:
      return run_integers<std::int8_t>(model, node, bytes);
  }
}

/// Of the filters: from the sums of their products, zero_point * the sum of the weights is taken.
static Constant feature_offsets(const Model& model, const Node& node) {
  const Sizes sizes = sizes_of(model, node);
  std::vector<std::int32_t> offsets(sizes.filters);
  const auto weights = values<std::int8_t>(model.input(node, feature_weights));
  for (std::size_t i = 0; i < weights.size(); ++i)
    offsets[i / sizes.inputs] -= model.input(node, 0).quantization.zero_point[0] * weights[i];
  return {"offsets", "int32_t", comma_separated(offsets), offsets.size() * 4};
}

static std::string scale_text(Multiplier m) { return fmt::format("{}, {}", m.multiplier, m.shift); }

static Emitted emit(const Model& model, const Node& node) {
  const Sizes sizes = sizes_of(model, node);
  const DType kept = model.input(node, memory).dtype;
  const bool is_real = kept == DType::float32, has_bias = model.has_input(node, bias);
  Emitted code{.header = "svdf.h"};
  code.constants = {constant_of(model.input(node, feature_weights), "feature_weights"),
                    constant_of(model.input(node, time_weights), "time_weights")};
  if (has_bias) code.constants.push_back(constant_of(model.input(node, bias), "bias"));
  if (!is_real) code.constants.push_back(feature_offsets(model, node));
  const std::string sizes_text =
      fmt::format("{{{}, {}, {}, {}, {}}}", sizes.batches, sizes.inputs, sizes.units, sizes.rank, sizes.steps);
  const std::string arrays = fmt::format("$_feature_weights, $_time_weights, {}", has_bias ? "$_bias" : "0");
  if (is_real) {
    const auto [least, most] = real_activation_range(node);
    code.parameters =
        fmt::format("RealSvdf $ = {{{}, {}, {}, {}}}", sizes_text, arrays, float_text(least), float_text(most));
  } else {
    code.parameters = fmt::format("Svdf<{}> $ = {{{}, {}, $_offsets, {}, {}, {}}}", c_type(kept), sizes_text, arrays,
                                  scale_text(multiplier_of(feature_factor(model, node))),
                                  scale_text(multiplier_of(output_factor(model, node))),
                                  model.output(node).quantization.zero_point[0]);
  }
  code.kept_bytes = model.input(node, memory).bytes();
  code.row = "svdf_row($, in0, out, kept);";
  return code;
}

/// What the memory of a float32 node reaches: one number is added to it at each step.
static RealInterval memory_reach(const Model&, const Node& node, TensorBytes& bytes) {
  RealInterval reached;
  reached.widen({data_of<float>(bytes, node.inputs[memory]), bytes[node.inputs[memory]].size() / sizeof(float)});
  return reached;
}

/// Of a unit's weights the absolute sum is at most 2^15, and so, with a memory of 16 bits, its sums less than 2^30: as
/// much is left for the bias.
static float time_scale(const Model& model, const Node& node) {
  const auto weights = values<float>(model.input(node, time_weights));
  const std::size_t own = weights.size() / sizes_of(model, node).units;
  float largest = 0;
  for (std::size_t first = 0; first < weights.size(); first += own) {
    float sum = 0;
    for (const float weight : weights.subspan(first, own)) sum += std::abs(weight);
    largest = std::max(largest, sum);
  }
  return largest / (32767 - static_cast<float>(own) / 2);  // each is rounded by up to a half
}

static constexpr WeightedSum sums[] = {{0, feature_weights, -1}, {memory, time_weights, bias, time_scale}};
static constexpr StateRule states[] = {{memory, memory_reach}};

extern const Operator svdf{.name = "svdf",
                           .options = "SVDFOptions",
                           .version = 3,
                           .dtypes = "int8, float32",
                           .check = check,
                           .shape = shape,
                           .rows = rows,
                           .macs = macs,
                           .reference = reference,
                           .emit = emit,
                           .quantization = {.sums = sums, .states = states, .activation = 1},  // RELU
                           .has_variables = true};

}  // namespace dragonet
