#include "judge/side_by_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <optional>

#include "base/error.h"
#include "base/parallel.h"
#include "judge/input_vectors.h"
#include "judge/match_layers.h"
#include "model/codec.h"
#include "ops/run_reference.h"
#include "quantize/quantize.h"

namespace dragonet {
namespace {

// --- One node alone

TensorBytes constants_of(const Model& model) {
  TensorBytes bytes;
  for (const Tensor& tensor : model.tensors) bytes.push_back(tensor.data);
  return bytes;
}

bool is_computed_input(const Model& model, const Node& node, std::size_t i) {
  return node.inputs[i] >= 0 && !model.tensors[node.inputs[i]].is_constant();
}

/// `bytes` holds the constants and the node's inputs.
void run_node(const Model& model, const Node& node, TensorBytes& bytes) {
  for (const int t : node.outputs) bytes[t].assign(model.tensors[t].bytes(), 0);
  find_operator(node.op)->reference(model, node, bytes);
}

/// Can the one be given what the other computes with?
bool have_like_inputs(const Model& a, const Node& in_a, const Model& b, const Node& in_b) {
  if (in_a.inputs.size() != in_b.inputs.size()) return false;
  for (std::size_t i = 0; i < in_a.inputs.size(); ++i) {
    if (is_computed_input(a, in_a, i) != is_computed_input(b, in_b, i)) return false;
    if (is_computed_input(a, in_a, i) && element_count(a.input(in_a, static_cast<int>(i)).shape) !=
                                             element_count(b.input(in_b, static_cast<int>(i)).shape))
      return false;
  }
  return true;
}

// --- Measuring

std::size_t channels_of(const Tensor& tensor) {
  return tensor.shape.empty() ? 1 : static_cast<std::size_t>(tensor.shape.back());
}

void add_deviations(std::vector<Deviation>& channels, const Reals& wanted, const Reals& found) {
  for (std::size_t i = 0; i < wanted.size(); ++i) channels[i % channels.size()].add(wanted[i], found[i]);
}

void add_extents(std::vector<Extent>& channels, const Reals& reals) {
  for (std::size_t i = 0; i < reals.size(); ++i) channels[i % channels.size()].add(reals[i]);
}

double squares_beyond(const RealSpan& span, const Reals& reals) {
  double sum = 0;
  for (const double real : reals) {
    const double beyond = real - std::clamp(real, span.low - span.step / 2, span.high + span.step / 2);
    sum += beyond * beyond;
  }
  return sum;
}

std::size_t count_saturated(const RealSpan& span, const Reals& wanted, const Reals& found) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    count += (found[i] <= span.low && wanted[i] < span.low - span.step / 2) ||
             (found[i] >= span.high && wanted[i] > span.high + span.step / 2);
  return count;
}

void add_whole(Place& place, const Tensor& in_a, const Tensor& in_b, const Bytes& a, const Bytes& b) {
  const Reals wanted = reals_of(in_a, a), found = reals_of(in_b, b);
  add_deviations(place.whole, wanted, found);
  add_extents(place.extent_a, wanted);
  add_extents(place.extent_b, found);
  place.saturated += count_saturated(span_of(in_b), wanted, found);
  place.count += wanted.size();
  place.equal &= is_same_grid(in_a, in_b) && a == b;
}

void add_alone(Place& place, const Tensor& in_a, const Tensor& in_b, const Bytes& a, const Bytes& b) {
  const Reals wanted = reals_of(in_a, a);
  add_deviations(place.alone, wanted, reals_of(in_b, b));
  place.clip_noise += squares_beyond(span_of(in_b), wanted);
  place.alone_equal &= is_same_grid(in_a, in_b) && a == b;
}

void merge(Place& sum, const Place& part) {
  for (std::size_t c = 0; c < sum.whole.size(); ++c) {
    sum.whole[c] += part.whole[c];
    sum.alone[c] += part.alone[c];
    sum.healthy[c] += part.healthy[c];
    sum.extent_a[c].add(part.extent_a[c]);
    sum.extent_b[c].add(part.extent_b[c]);
  }
  sum.clip_noise += part.clip_noise;
  sum.saturated += part.saturated;
  sum.count += part.count;
  sum.equal &= part.equal;
  sum.alone_equal &= part.alone_equal;
}

/// Before each vector, what the model keeps of those before; empty where it keeps nothing.
std::vector<ModelState> states_before(const Model& model, const std::vector<Bytes>& inputs) {
  if (!keeps_state(model)) return std::vector<ModelState>(inputs.size());
  std::vector<ModelState> states;
  ModelState state = initial_state(model);
  for (const Bytes& input : inputs) {
    states.push_back(state);
    run_reference(model, input, state);
  }
  return states;
}

/// What all vectors share.
struct Runner {
  const SideBySide& both;
  const std::optional<Model> healthy;  // A as int8, its nodes and tensors numbered as A's
  const std::vector<ModelState> states_a, states_b;

  std::vector<Place> run(std::size_t vector) const;
  void run_input(Place& place, const TensorBytes& in_a, const TensorBytes& in_b) const;
  void run_layer(Place& place, const TensorBytes& in_a, const TensorBytes& in_b, TensorBytes& scratch_a,
                 TensorBytes& scratch_b, TensorBytes& scratch_healthy) const;
  void run_healthy(Place& place, const TensorBytes& in_a, TensorBytes& scratch) const;
};

/// As nodes find the variables: before the inference, which leaves others there.
void put_back(const ModelState& state, TensorBytes& bytes) {
  for (const auto& [t, kept] : state) bytes[t] = kept;
}

std::vector<Place> Runner::run(std::size_t vector) const {
  ModelState after_a = states_a[vector], after_b = states_b[vector];
  TensorBytes in_a = run_reference(both.a, both.inputs_a[vector], after_a);
  const TensorBytes in_b = run_reference(both.b, both.inputs_b[vector], after_b);
  put_back(states_a[vector], in_a);
  TensorBytes scratch_a = constants_of(both.a), scratch_b = constants_of(both.b);
  TensorBytes scratch_healthy = healthy ? constants_of(*healthy) : TensorBytes{};
  std::vector<Place> places = both.places;
  for (Place& place : places) {
    if (!place.is_measured()) continue;
    if (place.input >= 0)
      run_input(place, in_a, in_b);
    else
      run_layer(place, in_a, in_b, scratch_a, scratch_b, scratch_healthy);
  }
  return places;
}

void Runner::run_input(Place& place, const TensorBytes& in_a, const TensorBytes& in_b) const {
  const Tensor &a = both.a.tensors[place.tensor_a], &b = both.b.tensors[place.tensor_b];
  const Bytes &bytes_a = in_a[place.tensor_a], &bytes_b = in_b[place.tensor_b];
  add_whole(place, a, b, bytes_a, bytes_b);
  add_alone(place, a, b, bytes_a, bytes_b);
  if (!healthy) return;
  const Tensor& tensor = healthy->tensors[place.tensor_a];
  const Reals wanted = reals_of(a, bytes_a);
  add_deviations(place.healthy, wanted, reals_of(tensor, bytes_of_reals(tensor, wanted)));
}

void Runner::run_layer(Place& place, const TensorBytes& in_a, const TensorBytes& in_b, TensorBytes& scratch_a,
                       TensorBytes& scratch_b, TensorBytes& scratch_healthy) const {
  const Tensor &a = both.a.tensors[place.tensor_a], &b = both.b.tensors[place.tensor_b];
  add_whole(place, a, b, in_a[place.tensor_a], in_b[place.tensor_b]);
  const Node &node_a = both.a.nodes[place.node_a], &node_b = both.b.nodes[place.node_b];
  if (!have_like_inputs(both.a, node_a, both.b, node_b)) return;
  for (std::size_t i = 0; i < node_a.inputs.size(); ++i) {
    if (!is_computed_input(both.a, node_a, i)) continue;
    const int of_a = node_a.inputs[i], of_b = node_b.inputs[i];
    const Tensor &from = both.a.tensors[of_a], &to = both.b.tensors[of_b];
    scratch_b[of_b] = bytes_of_reals(to, reals_of(from, in_a[of_a]));
    scratch_a[of_a] = bytes_of_reals(from, reals_of(to, scratch_b[of_b]));
  }
  run_node(both.a, node_a, scratch_a);
  run_node(both.b, node_b, scratch_b);
  add_alone(place, a, b, scratch_a[place.tensor_a], scratch_b[place.tensor_b]);
  if (healthy) run_healthy(place, in_a, scratch_healthy);
}

void Runner::run_healthy(Place& place, const TensorBytes& in_a, TensorBytes& scratch) const {
  const Node& node = healthy->nodes[place.node_a];
  for (std::size_t i = 0; i < node.inputs.size(); ++i)
    if (is_computed_input(*healthy, node, i)) {
      const int t = node.inputs[i];
      scratch[t] = bytes_of_reals(healthy->tensors[t], reals_of(both.a.tensors[t], in_a[t]));
    }
  run_node(*healthy, node, scratch);
  const int out = place.tensor_a;
  add_deviations(place.healthy, reals_of(both.a.tensors[out], in_a[out]),
                 reals_of(healthy->tensors[out], scratch[out]));
}

/// None where A is no float model through and through.
std::optional<Model> healthy_model(const Model& a, const std::vector<Bytes>& inputs) try {
  for (const int t : a.inputs)
    if (a.tensors[t].dtype != DType::float32) return std::nullopt;
  return quantize(a, reals_of_inputs(inputs), {}, {}, true);
} catch (const Error&) {
  return std::nullopt;
}

// --- Before

std::vector<Place> places_of(const Model& a, const Model& b) {
  std::vector<Place> places;
  for (int i = 0; i < static_cast<int>(b.inputs.size()); ++i)
    places.push_back({.input = i, .tensor_a = a.inputs[i], .tensor_b = b.inputs[i]});
  const std::vector<int> match = match_layers(a, b);
  for (const Node& node : b.nodes) {
    const int of_a = match[node.index];
    places.push_back({.node_a = of_a,
                      .node_b = node.index,
                      .tensor_a = of_a < 0 ? -1 : a.nodes[of_a].outputs[0],
                      .tensor_b = node.outputs[0]});
  }
  for (Place& place : places) {
    const std::size_t channels = channels_of(b.tensors[place.tensor_b]);
    for (auto* deviations : {&place.whole, &place.alone, &place.healthy}) deviations->resize(channels);
    for (auto* extents : {&place.extent_a, &place.extent_b}) extents->resize(channels);
  }
  return places;
}

void check_inputs(const Model& a, const Model& b) {
  const auto counts = [](const Model& model) {
    std::vector<std::int64_t> counts;
    for (const int t : model.inputs) counts.push_back(element_count(model.tensors[t].shape));
    return counts;
  };
  if (counts(a) != counts(b))
    throw Error({fmt::format("{} and {}", a.source, b.source), "their inputs are of different numbers of values",
                 "give two forms of one model: float32 and int8, or before and after a change"});
}

}  // namespace

const Tensor& tensor_of(const SideBySide& both, const Place& place) { return both.b.tensors[place.tensor_b]; }

std::vector<double> run_alone(const Model& model, const Node& node, std::span<const std::vector<double>> inputs) {
  TensorBytes bytes = constants_of(model);
  for (std::size_t i = 0; i < node.inputs.size(); ++i)
    if (is_computed_input(model, node, i))
      bytes[node.inputs[i]] = bytes_of_reals(model.tensors[node.inputs[i]], inputs[i]);
  run_node(model, node, bytes);
  return reals_of(model.output(node), bytes[node.outputs[0]]);
}

SideBySide run_side_by_side(const Model& a, const Model& b, std::vector<Bytes> inputs_a, std::vector<Bytes> inputs_b,
                            const std::function<void(std::size_t)>& on_vector) {
  check_inputs(a, b);
  SideBySide both{.a = a, .b = b, .inputs_a = std::move(inputs_a), .inputs_b = std::move(inputs_b)};
  both.has_own_inputs = !both.inputs_b.empty();
  if (!both.has_own_inputs) both.inputs_b = inputs_as(a, b, both.inputs_a);
  assert(both.inputs_a.size() == both.inputs_b.size());
  both.places = places_of(a, b);
  const Runner runner{both, healthy_model(a, both.inputs_a), states_before(a, both.inputs_a),
                      states_before(b, both.inputs_b)};
  both.has_healthy = runner.healthy.has_value();
  std::vector<std::vector<Place>> parts(both.inputs_a.size());
  for_each_parallel(
      parts.size(), [&](std::size_t v) { parts[v] = runner.run(v); }, on_vector);
  for (const std::vector<Place>& part : parts)
    for (std::size_t i = 0; i < part.size(); ++i) merge(both.places[i], part[i]);
  return both;
}

}  // namespace dragonet
