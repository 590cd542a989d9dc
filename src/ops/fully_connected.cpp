// Fully connected layer, int8, int16 or float32: out[c] = bias[c] + sum of in[i] * weights[c, i].
// A batch is every so many values of the input as the weights take.
// Source: TensorFlow Lite 8-bit quantization specification, FULLY_CONNECTED.
#include "ops/emit.h"
#include "ops/output_estimates.h"
#include "ops/output_roundings.h"
#include "ops/quantized.h"
#include "ops/weight_runs.h"
#include "ops/weight_words.h"

namespace dragonet {

static std::vector<std::string> check(const Model& model, const Node& node) {
  const Problems wrong = gather({check_quantized(model, node, with_int16), check_activation(node)});
  if (!wrong.empty()) return wrong;
  if (!model.has_input(node, 1) || model.input(node, 1).shape.size() != 2) return {"its weights are not 2-dimensional"};
  if (node.integer("weights_format") != 0) return {"its weights are shuffled"};
  const Shape &weights = model.input(node, 1).shape, &in = model.input(node, 0).shape;
  const bool keeps_dimensions = node.integer("keep_num_dims");
  if (in.empty() || element_count(in) % weights[1] != 0 || (keeps_dimensions && in.back() != weights[1]))
    return {fmt::format("its input is {} and its weights take {} values", text_of(in), weights[1])};
  if (!keeps_dimensions && element_count(in) != weights[1] && rows_of(model.input(node, 0)).count != 1)
    return {fmt::format("its input {} is more than one batch of {}", text_of(in), weights[1])};
  return check_weights(model, node, weights[0], 0);
}

static int batches_of(const Model& model, const Node& node) {
  return static_cast<int>(element_count(model.input(node, 0).shape) / model.input(node, 1).shape[1]);
}
static bool is_one_batch(const Model& model, const Node& node) { return batches_of(model, node) == 1; }

static Shape shape(const Model& model, const Node& node) {
  const int channels = model.input(node, 1).shape[0];
  if (!node.integer("keep_num_dims")) return {batches_of(model, node), channels};
  Shape result = model.input(node, 0).shape;
  result.back() = channels;
  return result;
}

static Rows rows(const Model& model, const Node& node, int, int y) {
  if (!is_one_batch(model, node)) return {y, 1};
  return {0, rows_of(model.input(node, 0)).count};
}

static std::int64_t macs(const Model& model, const Node& node) {
  return element_count(model.input(node, 1).shape) * batches_of(model, node);
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const int in_channels = model.input(node, 1).shape[1], out_channels = model.input(node, 1).shape[0];
  const auto sum_at = [&](auto* in, auto* weights, auto zero_point, int batch, int, int c) {
    auto sum = decltype(zero_point){0};
    for (int i = 0; i < in_channels; ++i)
      sum += (in[batch * in_channels + i] - zero_point) * weights[c * in_channels + i];
    return sum;
  };
  run_channels(model, node, bytes, batches_of(model, node), 1, out_channels, sum_at);
}

static Emitted emit(const Model& model, const Node& node) {
  const Shape& weights = model.input(node, 1).shape;
  const bool per_channel = model.input(node, 1).quantization.scale.size() > 1;
  Emitted code{.header = "fully_connected.h"};
  code.constants = channel_constants(model, node, weights[0], 0, per_channel ? weights[0] : 1);
  code.parameters = fmt::format("FullyConnected<{}> $ = {{$_weights, {}, {}, {}, {}}}", arithmetic_of(model, node),
                                channel_numbers(model, node), weights[1], weights[0], per_channel);
  code.row = "fully_connected_batches_row($, in0, y, out);";
  if (!is_one_batch(model, node)) return code;
  code.row = "fully_connected_row($, in0, out);";
  code.accumulate = "fully_connected_accumulate($, in0, y, out, state);";
  code.state_bytes = (model.input(node, 0).dtype == DType::int16 ? 8 : 4) * static_cast<std::size_t>(weights[0]);
  return code;
}

static std::optional<Estimates> estimates_of(const Model& model, const Node& node) {
  return find_estimates(model, node, model.input(node, 1).shape[0], 0);
}

/// Of one row, which is there whole.
static bool is_plain_int8(const Model& model, const Node& node) {
  return model.output(node).dtype == DType::int8 && weights_zero_point(model, node) == 0 && is_one_batch(model, node) &&
         rows_of(model.input(node, 0)).count == 1 && model.input(node, 1).shape[0] >= 4;
}

static bool can_pair(const Model& model, const Node& node) {
  return is_plain_int8(model, node) && estimates_of(model, node);
}

static bool can_use_simd(const Model& model, const Node& node) {
  const int channels = model.input(node, 1).shape[0];
  return is_plain_int8(model, node) && find_roundings(model, node, channels, 0) &&
         can_share_words(values<std::int8_t>(model.input(node, 1)), folded_bias(model, node, channels, 0));
}

static Emitted emit_pairs(const Model& model, const Node& node) {
  const Shape& shape = model.input(node, 1).shape;
  const auto weights = values<std::int8_t>(model.input(node, 1));
  const Estimates estimates = *estimates_of(model, node);
  Emitted code{.header = "fully_connected_pairs.h"};
  code.constants = channel_constants(model, node, shape[0], 0, shape[0]);
  code.constants[0] = words_of_blocks(weights, shape[1]);
  code.constants.push_back(runs_of_blocks(weights, shape[1]));
  code.constants.push_back(estimate_constant(estimates));
  code.parameters = fmt::format("FullyConnectedPairs $ = {{$_weights, $_runs, {}, {}}}",
                                estimate_numbers(model, node, estimates), shape[0]);
  code.row = "fully_connected_pairs_row($, in0, out);";
  return code;
}

static Emitted emit_simd(const Model& model, const Node& node) {
  const Shape& shape = model.input(node, 1).shape;
  const auto [min, max] = activation_range(node, model.output(node));
  const PatchRows row{1, shape[1], true};
  Emitted code{.header = "fully_connected_simd.h"};
  code.constants = {
      channel_pairs(values<std::int8_t>(model.input(node, 1)), *find_roundings(model, node, shape[0], 0), row)};
  code.parameters = fmt::format("FullyConnectedSimd $ = {{$_pairs, {}, {}, {}, {}}}", min, max, shape[1], shape[0]);
  code.scratch_bytes = static_cast<std::size_t>(row.words()) * 4;
  code.row = "fully_connected_simd_row($, in0, out, scratch);";
  return code;
}

static constexpr Variant variants[] = {{.name = "pairs of channels",
                                        .core = KernelCore::cortex_m0plus,
                                        .when = "int8, one batch in one row, four channels or more",
                                        .applies = can_pair,
                                        .emit = emit_pairs},
                                       {.name = "four channels",
                                        .core = KernelCore::cortex_m4,
                                        .when = "int8, one batch in one row, four channels or more",
                                        .applies = can_use_simd,
                                        .emit = emit_simd}};

extern const Operator fully_connected{.name = "fully_connected",
                                      .options = "FullyConnectedOptions",
                                      .version = 4,
                                      .dtypes = "int8, int16, float32",
                                      .check = check,
                                      .shape = shape,
                                      .rows = rows,
                                      .macs = macs,
                                      .reference = reference,
                                      .emit = emit,
                                      .quantization = {.has_weights = true},
                                      .any_rows = is_one_batch,
                                      .variants = variants};

}  // namespace dragonet
