#include "learn/model_summary.h"

#include <fmt/format.h>

#include <random>

#include "board/costs.h"
#include "board/fit.h"
#include "learn/training.h"
#include "model/anomaly_distance.h"
#include "model/model_info.h"
#include "ops/check.h"
#include "ops/operator.h"
#include "project/layers_toml.h"
#include "quantize/quantize.h"
#include "train/export.h"

namespace dragonet {

static std::vector<Problem> unsupported_in(const Model& model) {
  try {
    check_supported(model);
    return {};
  } catch (const Error& error) {
    return error.problems;
  }
}

static std::string op_text(const Node& node) {
  static const char* const fused[] = {"", ", relu", ", relu_n1_to_1", ", relu6"};
  const std::int64_t activation = node.integer("fused_activation_function");
  return node.op + (activation >= 0 && activation < 4 ? fused[activation] : "");
}

static std::int64_t parameters_of(const Model& model, const Node& node) {
  const Operator* op = find_operator(node.op);
  std::int64_t parameters = 0;
  for (int i = 0; i < static_cast<int>(node.inputs.size()); ++i)
    if (model.has_input(node, i) && model.input(node, i).is_constant() &&
        (!op || (!weighted_sums_of(node).empty() && i >= op->operands.weights)))
      parameters += element_count(model.input(node, i).shape);
  return parameters;
}

/// Nothing of what only compiling would refuse.
static std::vector<DroppedOfLayer> dropped_from(const Model& model) {
  try {
    return dropped_of_layers(model);
  } catch (const Error&) {
    return {};
  }
}

static void add_live_macs(Shown& shown, const Model& model) {
  shown.live_macs = shown.macs;
  shown.dropped = dropped_from(model);
  for (const DroppedOfLayer& dropped : shown.dropped)
    for (const Node& node : model.nodes)
      if (node.outputs[0] == dropped.tensor) shown.layers[node.index].live_macs = dropped.live_macs;
  const DroppedOfLayer sum = sum_of(shown.dropped);
  shown.live_macs -= sum.macs - sum.live_macs;
}

/// `supported`: operators can be asked about their nodes.
static Shown layers_of(const Model& model, bool supported) {
  Shown shown{.source = model.source};
  for (const Node& node : model.nodes) {
    const Tensor& output = model.output(node);
    shown.layers.push_back({.name = output.name,
                            .op = op_text(node),
                            .shape = output.shape,
                            .parameters = parameters_of(model, node),
                            .macs = supported ? find_operator(node.op)->macs(model, node) : 0,
                            .quantization = output.quantization});
    shown.parameters += shown.layers.back().parameters;
    shown.macs += shown.layers.back().macs;
    shown.layers.back().live_macs = shown.layers.back().macs;
  }
  if (supported) add_live_macs(shown, model);
  return shown;
}

/// An int8 model of the same layers, whose ranges are those of one random input.
static Model with_made_up_ranges(const Model& real) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform(0, 1);
  std::vector<float> input(element_count(real.tensors[real.inputs[0]].shape));
  for (float& value : input) value = uniform(random);
  const std::vector<std::vector<float>> samples{input};
  return quantize(real, samples, {{1.0f / 255}, {-128}, 0});
}

static std::int64_t constant_bytes(const Model& model) {
  std::int64_t bytes = 0;
  for (const Tensor& tensor : model.tensors) bytes += static_cast<std::int64_t>(tensor.data.size());
  return bytes;
}

/// Linking tells the truth, but not of what would take the compiler minutes only to be refused.
static void add_board(Shown& shown, const Model& model, const Board& board) {
  shown.board = &board;
  const bool is_float = model.tensors[model.inputs[0]].dtype == DType::float32;
  const Model int8 = is_float ? with_made_up_ranges(model) : model;
  if (const std::int64_t bytes = constant_bytes(int8); bytes > board.flash_usable()) {
    shown.problems.push_back({board.name + ", flash",
                              fmt::format("the weights alone take {} of the {} there are", bytes_text(bytes),
                                          bytes_text(board.flash_usable())),
                              "give the layers with the most parameters fewer filters or units"});
    return;
  }
  const TemporaryFolder folder;
  shown.build = build_for_board(int8, board, folder.path());
  shown.problems = fit_problems(*shown.build, board);
  if (!shown.problems.empty()) return;
  BoardSession session(*shown.build, board);
  session.board().clear_counts();
  session.infer(Bytes(shown.build->image.emitted.input_bytes));  // how long it takes hardly depends on the values
  shown.counts = session.board().counts();
}

Shown show_model(const Model& model, const Board* board) {
  const std::vector<Problem> unsupported = unsupported_in(model);
  Shown shown = layers_of(model, unsupported.empty());
  shown.problems = unsupported;
  if (board && unsupported.empty()) add_board(shown, model, *board);
  return shown;
}

/// Those of the samples, or what their numbers are called; where there are none yet, as many as the layers have scores
/// for, or the task's own first names.
static std::vector<std::string> labels_of(const Project& project) {
  if (const fs::path samples = project.samples_folder(); fs::is_directory(samples) && !fs::is_empty(samples)) {
    return output_names(scan_samples(samples, project.labels));
  }
  if (measures_distance(project.task()) || project.layers.empty() || !project.labels.positive.empty())
    return first_names(project.task());
  std::vector<std::string> labels(output_shapes(network_of(project, 2)).back()[0]);
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = fmt::format("label {}", i + 1);
  return labels;
}

Shown show_network(const Project& project, const Board& board) {
  const std::vector<std::string> labels = labels_of(project);
  const Network network = network_of(project, static_cast<int>(labels.size()));
  if (const auto problem = answer_problem(network, static_cast<int>(labels.size()))) throw Error(*problem);
  Model model = untrained_model(network);
  if (is_fitted(network)) {  // they are in flash, too
    const auto values = static_cast<std::size_t>(output_shapes(network).back()[0]);
    set_anomaly_centres(model, Centres(most_centres, std::vector<float>(values)));
  }
  model.name = project.name;
  model.source = (project.folder / "dragonet.toml").string();
  set_info(model, {.labels = labels,
                   .features = project.features,
                   .task = project.task(),
                   .model_hash = weights_hash(model)});  // it is in flash too
  return show_model(model, &board);
}

std::string show_layers(const Project& project) {
  const int labels = static_cast<int>(labels_of(project).size());
  return layers_toml(network_of(project, labels).layers);
}

static std::string quantization_text(const Quantization& quantization) {
  if (quantization.scale.size() != 1) return "";
  return fmt::format("{:.6g} {:>5}", quantization.scale[0], quantization.zero_point[0]);
}

static std::string table_text(const Shown& shown) {
  constexpr const char* row = "{:<24} {:>12} {:>11} {:>11} {:>18}  {}\n";
  const bool is_int8 = !shown.layers.empty() && !shown.layers[0].quantization.scale.empty();
  std::string text =
      fmt::format(row, "operator", "output", "parameters", "MACs", is_int8 ? "scale  zero" : "", "layer");
  for (const ShownLayer& layer : shown.layers)
    text += fmt::format(row, layer.op, text_of(layer.shape), layer.parameters, layer.macs,
                        quantization_text(layer.quantization), layer.name);
  return text + fmt::format(row, "all", "", shown.parameters, shown.macs, "", shown.source);
}

std::string shown_text(const Shown& shown) {
  std::string text = table_text(shown);
  text += dropped_text(shown.dropped);
  for (const Problem& problem : shown.problems) text += sentence(problem) + "\n";
  if (!shown.board)
    return text + (shown.problems.empty() ? "with --board ID: what it takes of RAM, flash and time" : "it cannot run");
  text += fmt::format("{} {}", shown.problems.empty() ? "fits" : "does not fit", shown.board->id);
  if (shown.build) text += ": " + use_text(shown.build->image);
  if (shown.counts) text += "\none inference: " + count_text(shown.counts->inference, *shown.board);
  return text;
}

static Json layer_json(const ShownLayer& layer) {
  Json json{{"name", layer.name},   {"op", layer.op},
            {"shape", layer.shape}, {"parameters", layer.parameters},
            {"macs", layer.macs},   {"live_macs", layer.live_macs}};
  if (layer.quantization.scale.size() == 1) {
    json["scale"] = layer.quantization.scale[0];
    json["zero_point"] = layer.quantization.zero_point[0];
  }
  return json;
}

Json shown_json(const Shown& shown) {
  Json json{{"model", shown.source},
            {"layers", Json::array()},
            {"parameters", shown.parameters},
            {"macs", shown.macs},
            {"live_macs", shown.live_macs},
            {"dropped", dropped_json(shown.dropped)},
            {"problems", problems_json(shown.problems)}};
  for (const ShownLayer& layer : shown.layers) json["layers"].push_back(layer_json(layer));
  if (shown.build) json.update(image_json(shown.build->image));
  if (shown.counts) {
    json["cycles"] = shown.counts->inference.cycles;
    json["wait_cycles"] = shown.counts->inference.wait_cycles;
    json["ms"] = milliseconds(shown.counts->inference, *shown.board);
  }
  if (shown.board) json["board"] = shown.board->id;
  if (shown.board) json["fits"] = shown.problems.empty();
  return json;
}

}  // namespace dragonet
