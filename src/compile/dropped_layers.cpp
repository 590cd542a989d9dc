#include "compile/dropped_layers.h"

#include <fmt/format.h>

#include "compile/passes.h"
#include "ops/operator.h"

namespace dragonet {

static std::int64_t weights_in(const Model& model, const Node& node) {
  std::int64_t weights = 0;
  for (const WeightedSum& sum : weighted_sums_of(node))
    if (model.has_input(node, sum.weights)) weights += element_count(model.input(node, sum.weights).shape);
  return weights;
}

static void count_gone(DroppedOfLayer& layer, const std::vector<ChannelRange>& ranges, const std::vector<int>& kept) {
  if (kept.empty()) return;
  std::size_t next = 0;
  for (int c = 0; c < layer.channels; ++c)
    if (next < kept.size() && kept[next] == c)
      ++next;
    else
      ++(ranges[c].is_constant() ? layer.same_for_every_input : layer.unread);
}

std::vector<DroppedOfLayer> dropped_of_layers(const Model& model, const LiveModel& live) {
  const ChannelRanges ranges = channel_ranges(model);
  std::vector<DroppedOfLayer> layers;
  for (const Node& node : model.nodes) {
    const Node& left = live.model.nodes[node.index];
    const Operator& op = *find_operator(node.op);
    const int tensor = node.outputs[0];
    const Shape& shape = model.output(node).shape;
    DroppedOfLayer& layer = layers.emplace_back(DroppedOfLayer{.node = node.index,
                                                               .tensor = tensor,
                                                               .op = node.op,
                                                               .output = model.output(node).name,
                                                               .channels = shape.empty() ? 1 : shape.back(),
                                                               .macs = op.macs(model, node),
                                                               .weights = weights_in(model, node),
                                                               .live_macs = op.macs(live.model, left),
                                                               .live_weights = weights_in(live.model, left)});
    count_gone(layer, ranges[tensor], live.kept[tensor]);
  }
  return layers;
}

std::vector<DroppedOfLayer> dropped_of_layers(const Model& whole) {
  const Model model = run_passes_before(whole, "drop_channels");
  return dropped_of_layers(model, without_dead_channels(model));
}

DroppedOfLayer sum_of(const std::vector<DroppedOfLayer>& layers) {
  DroppedOfLayer sum;
  for (const DroppedOfLayer& layer : layers) {
    sum.macs += layer.macs, sum.live_macs += layer.live_macs;
    sum.weights += layer.weights, sum.live_weights += layer.live_weights;
  }
  return sum;
}

static std::string reason_of(const DroppedOfLayer& layer) {
  const int gone = layer.same_for_every_input + layer.unread;
  if (gone == 0) return "reads fewer channels";
  const std::string of = fmt::format("{} of {} channels ", gone, layer.channels);
  if (layer.unread == 0) return of + "are the same for every input";
  if (layer.same_for_every_input == 0) return of + "have no effect";
  return of +
         fmt::format("go, {} the same for every input, {} without effect", layer.same_for_every_input, layer.unread);
}

static std::string figures_of(const DroppedOfLayer& layer) {
  return fmt::format("{} of {} MACs, {} of {} weights", layer.macs - layer.live_macs, layer.macs,
                     layer.weights - layer.live_weights, layer.weights);
}

std::string dropped_text(const std::vector<DroppedOfLayer>& layers) {
  std::string text;
  for (const DroppedOfLayer& layer : layers)
    if (layer.lost_some())
      text += fmt::format("  {} {}: {}{}\n", layer.op, layer.node, reason_of(layer),
                          layer.macs > 0 ? "; " + figures_of(layer) : "");
  if (text.empty()) return "";
  return "not computed, since it changes no output:\n" + text + "  all: " + figures_of(sum_of(layers)) + "\n";
}

}  // namespace dragonet
