// Every operator of floats after the conversion to int8: what quantize() makes of it passes every check and runs.
#include <catch2/catch.hpp>
#include <cmath>

#include "model/codec.h"
#include "operators/case_per_operator.h"
#include "ops/quantized.h"
#include "quantize/quantize.h"

using namespace dragonet;
using namespace dragonet::testing;

/// What a node keeps from step to step is converted where its operator has a rule for it.
static bool has_state_rules(const Model& model) {
  const Node& node = model.nodes[0];
  const auto& states = find_operator(node.op)->quantization.states;
  for (int i = 0; i < static_cast<int>(node.inputs.size()); ++i)
    if (model.has_input(node, i) && model.input(node, i).is_variable &&
        std::ranges::find(states, i, &StateRule::operand) == states.end())
      return false;
  return true;
}

/// Its inputs are floats, and nothing is quantized yet.
static bool is_of_floats(const Model& model) {
  return has_state_rules(model) &&
         std::ranges::all_of(model.inputs, [&](int t) { return model.tensors[t].dtype == DType::float32; }) &&
         std::ranges::none_of(model.tensors, [](const Tensor& tensor) { return is_quantized(tensor.dtype); });
}

/// Where a function has no value, or an infinite one, no range can be measured.
static bool is_finite(const Model& model, const Bytes& input) {
  const TensorBytes values = run_reference(model, input);
  for (std::size_t t = 0; t < values.size(); ++t)
    if (model.tensors[t].dtype == DType::float32 &&
        !std::ranges::all_of(floats_in(values[t]), [](float real) { return std::isfinite(real); }))
      return false;
  return true;
}

/// All inputs of the model, as its tensors hold them.
static Bytes as_inputs(const Model& model, const Bytes& floats) {
  Bytes bytes;
  std::size_t at = 0;
  for (const int t : model.inputs) {
    const Tensor& tensor = model.tensors[t];
    const std::size_t count = 4 * static_cast<std::size_t>(element_count(tensor.shape));
    const Bytes part = bytes_of_reals(tensor, std::span<const float>(floats_in(std::span(floats).subspan(at, count))));
    bytes.insert(bytes.end(), part.begin(), part.end());
    at += count;
  }
  return bytes;
}

static void check_converted(const Model& model, RandomModels& random) {
  std::vector<std::vector<float>> samples;
  for (int i = 0; i < 4; ++i)
    if (const Bytes input = random.input(model); is_finite(model, input)) samples.push_back(floats_in(input));
  if (samples.empty()) return;
  const Model converted = quantize(model, samples, {});
  CHECK(refusal_of(converted) == "");
  const Bytes input = bytes_of(samples[0]);
  const Tensor& out = converted.tensors[converted.outputs[0]];
  CHECK(reference_output(converted, as_inputs(converted, input)).size() == out.bytes());
}

static void check_operator(const OperatorCases& cases) {
  if (std::ranges::count(cases.types, DType::float32) == 0) return;
  RandomModels random(41);
  for (int m = 0; m < 10; ++m) {
    const Model model = cases.make(random, DType::float32);
    if (is_of_floats(model) && !model.inputs.empty()) check_converted(model, random);
  }
}

static const CasePerOperator converted("{} of floats can run after the conversion to int8", "[fast]", check_operator);
