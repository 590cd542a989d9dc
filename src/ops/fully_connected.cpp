// Fully connected layer, int8 or float32: out[c] = bias[c] + sum of in[i] * weights[c, i].
// Source: TensorFlow Lite 8-bit quantization specification, FULLY_CONNECTED.
#include "ops/emit.h"
#include "ops/quantized.h"

namespace dragonet {

static std::vector<std::string> check(const Model& model, const Node& node) {
  const Problems wrong = gather({check_quantized(model, node), check_activation(node)});
  if (!wrong.empty()) return wrong;
  if (!model.has_input(node, 1) || model.input(node, 1).shape.size() != 2) return {"its weights are not 2-dimensional"};
  if (node.integer("weights_format") != 0) return {"its weights are shuffled"};
  const Shape &weights = model.input(node, 1).shape, &in = model.input(node, 0).shape;
  const bool keeps_dimensions = node.integer("keep_num_dims");
  if (in.empty() || element_count(in) != weights[1] || (keeps_dimensions && in.back() != weights[1]))
    return {fmt::format("its input is {} and its weights take {} values; a batch is not supported", text_of(in),
                        weights[1])};
  return check_weights(model, node, weights[0], 0);
}

static Shape shape(const Model& model, const Node& node) {
  const int channels = model.input(node, 1).shape[0];
  if (!node.integer("keep_num_dims")) return {1, channels};
  Shape result = model.input(node, 0).shape;
  result.back() = channels;
  return result;
}

static Rows rows(const Model& model, const Node& node, int, int) { return {0, rows_of(model.input(node, 0)).count}; }
static std::int64_t macs(const Model& model, const Node& node) { return element_count(model.input(node, 1).shape); }

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const int in_channels = model.input(node, 1).shape[1], out_channels = model.input(node, 1).shape[0];
  run_channels(model, node, bytes, 1, 1, out_channels, [&](auto* in, auto* weights, auto zero_point, int, int, int c) {
    auto sum = decltype(zero_point){0};
    for (int i = 0; i < in_channels; ++i) sum += (in[i] - zero_point) * weights[c * in_channels + i];
    return sum;
  });
}

static Emitted emit(const Model& model, const Node& node) {
  const Shape& weights = model.input(node, 1).shape;
  const bool per_channel = model.input(node, 1).quantization.scale.size() > 1;
  Emitted code{.header = "fully_connected.h"};
  code.constants =
      channel_constants(model, node, per_channel ? weights[0] : 1, folded_bias(model, node, weights[0], 0));
  code.parameters = fmt::format("FullyConnected $ = {{$_weights, $_bias, $_multiplier, $_shift, {}, {}, {}, {}}}",
                                weights[1], weights[0], per_channel, output_numbers(model, node));
  code.row = "fully_connected_row($, in0, out);";
  code.accumulate = "fully_connected_accumulate($, in0, y, out, (int32_t*)state);";
  code.state_bytes = 4 * static_cast<std::size_t>(weights[0]);
  return code;
}

extern const Operator fully_connected{.name = "fully_connected",
                                      .options = "FullyConnectedOptions",
                                      .version = 4,
                                      .dtypes = "int8, float32",
                                      .check = check,
                                      .shape = shape,
                                      .rows = rows,
                                      .macs = macs,
                                      .reference = reference,
                                      .emit = emit,
                                      .quantization = {.has_weights = true},
                                      .any_rows = true};

}  // namespace dragonet
