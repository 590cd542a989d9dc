#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

// Places of the operands that the tests name.
enum { in, feature_weights, time_weights, bias, memory, operands };

static Model svdf_model(const std::vector<Tensor>& tensors, const Tensor& out, std::int64_t rank) {
  Model model{.name = "one", .source = "one.tflite", .inputs = {0}};
  Node node{.op = "svdf", .attributes = {{"rank", rank}}};
  for (const Tensor& tensor : tensors) {
    const bool is_there = !tensor.name.empty();
    node.inputs.push_back(is_there ? static_cast<int>(model.tensors.size()) : -1);
    if (is_there) model.tensors.push_back(tensor);
  }
  node.outputs = model.outputs = {static_cast<int>(model.tensors.size())};
  model.tensors.push_back(out);
  model.tensors.back().shape = find_operator(node.op)->shape(model, node);
  model.nodes = {node};
  return model;
}

static Tensor memory_of(DType type, const Shape& shape, const Quantization& quantization) {
  return {.name = "memory", .dtype = type, .shape = shape, .quantization = quantization, .is_variable = true};
}

/// int8 with a memory of int16 or int8, or float32.
static Model random_model(RandomModels& random, DType type) {
  const int batches = random.pick(1, 2), inputs = random.pick(1, 9), units = random.pick(1, 5);
  const int rank = random.pick(1, 2), steps = random.pick(1, 6), filters = units * rank;
  const bool is_real = type == DType::float32;
  const DType kept = is_real ? type : random.one_in(2) ? DType::int16 : DType::int8;
  const auto scaled = [&](float scale) { return is_real ? Quantization{} : Quantization{{scale}, {0}, 0}; };
  std::vector<Tensor> tensors(operands);
  tensors[in] = random.tensor(type, {batches, inputs});
  tensors[feature_weights] = random.with_values({.name = "feature",
                                                 .dtype = type,
                                                 .shape = {filters, inputs},
                                                 .quantization = scaled(random.real(0.002f, 0.01f))});
  const float time_scale = kept == DType::int16 ? 0.00002f : 0.005f, kept_scale = kept == DType::int16 ? 0.001f : 0.05f;
  tensors[time_weights] = random.with_values(
      {.name = "time", .dtype = kept, .shape = {filters, steps}, .quantization = scaled(time_scale)});
  if (!random.one_in(4)) {
    std::vector<std::int32_t> values(units);
    for (std::int32_t& value : values) value = random.pick(-100000, 100000);
    tensors[bias] = is_real ? random.with_values({.name = "bias", .dtype = type, .shape = {units}})
                            : constant("bias", DType::int32, {units}, values, scaled(kept_scale * time_scale));
  }
  tensors[memory] = memory_of(kept, {batches, filters * steps}, scaled(kept_scale));
  const Quantization out =
      is_real ? Quantization{} : Quantization{{random.real(0.01f, 0.05f)}, {random.pick(-128, 127)}};
  Model model = svdf_model(tensors, {.name = "out", .dtype = type, .quantization = out}, rank);
  // TensorFlow Lite's integer kernel wants to read RELU there, and clamps to the type's ends as it does without.
  model.nodes[0].attributes["fused_activation_function"] = is_real ? random.pick(none, relu6) : relu;
  return model;
}

static const Cases svdf_cases{{.op = "svdf", .types = int8_and_float, .make = random_model, .judged_within = 0}};

/// One unit of one filter that remembers three inputs, weighted 1, 10 and 100, the newest most. All scales are 1.
static Model remembering(DType kept, const Numbers& weights = {1, 10, 100}) {
  std::vector<Tensor> tensors(operands);
  tensors[in] = {.name = "in", .dtype = DType::int8, .shape = {1, 1}, .quantization = plain};
  tensors[feature_weights] = constant("feature", DType::int8, {1, 1}, narrowed<std::int8_t>({1}), plain);
  tensors[time_weights] = kept == DType::int8 ? constant("time", kept, {1, 3}, narrowed<std::int8_t>(weights), plain)
                                              : constant("time", kept, {1, 3}, narrowed<std::int16_t>(weights), plain);
  tensors[bias] = constant("bias", DType::int32, {1}, Numbers{8});
  tensors[memory] = memory_of(kept, {1, 3}, plain);
  const Quantization tenths{{8.0f}, {-3}, 0};
  return svdf_model(tensors, {.name = "out", .dtype = DType::int8, .quantization = tenths}, 1);
}

static Numbers in_turn(const Model& model, const Numbers& inputs) {
  check_supported(model);
  ModelState state = initial_state(model);
  Numbers outputs;
  for (const int value : inputs)
    outputs.push_back(static_cast<std::int8_t>(reference_output(model, bytes_of({value}), state)[0]));
  return outputs;
}

TEST_CASE("svdf weights its latest inputs over time, and remembers them from one inference to the next") {
  for (const DType kept : {DType::int8, DType::int16}) {
    // (100 * 4 + 8) / 8 - 3; then 100 * -2 + 10 * 4; then 10 * -2 + 4; then -2, and each time 8, in steps of 8.
    CHECK(in_turn(remembering(kept), {4, -2, 0, 0, 0}) == Numbers{48, -22, -4, -2, -2});
  }
}

TEST_CASE("svdf sums the filters of a unit") {
  std::vector<Tensor> tensors(operands);
  tensors[in] = {.name = "in", .dtype = DType::int8, .shape = {1, 2}, .quantization = plain};
  tensors[feature_weights] =
      constant("feature", DType::int8, {4, 2}, narrowed<std::int8_t>({1, 0, 0, 1, 1, 1, 2, 0}), plain);
  tensors[time_weights] = constant("time", DType::int8, {4, 1}, narrowed<std::int8_t>({1, 2, 3, 4}), plain);
  tensors[memory] = memory_of(DType::int8, {1, 4}, plain);
  const Quantization halves{{2.0f}, {0}, 0};
  const Model model = svdf_model(tensors, {.name = "out", .dtype = DType::int8, .quantization = halves}, 2);
  CHECK(run(model, {3, 5}) == Numbers{7, 24});  // (3 + 2 * 5) / 2 rounded away from zero, and (3 * 8 + 4 * 6) / 2
}

TEST_CASE("svdf's sums wrap where 32 bits end, as TensorFlow Lite Micro's do") {
  Model model = remembering(DType::int16, {32767, 32767, 32767});
  model.tensors[model.nodes[0].inputs[feature_weights]].quantization.scale = {300};  // 127 is beyond int16
  model.tensors[model.nodes[0].outputs[0]].quantization.scale = {16777216};
  // 32767 * 32767 is 63.996 times 2^24; three of them are 3 221 028 867, which wraps to -1 073 938 429.
  CHECK(in_turn(model, {127, 127, 127}) == Numbers{61, 125, -67});
}

TEST_CASE("svdf says what it cannot run") {
  const auto refusal = [](auto change) {
    Model model = remembering(DType::int16);
    change(model, model.nodes[0]);
    return refusal_of(model);
  };
  const auto at = [](Model& m, int operand) -> Tensor& { return m.tensors[m.nodes[0].inputs[operand]]; };
  CHECK(refusal([](Model&, Node&) {}) == "");
  CHECK_THAT(refusal([](Model&, Node& n) { n.inputs[memory] = -1; }),
             Contains("its memory, input 4, is not a variable"));
  CHECK_THAT(refusal([](Model&, Node& n) { n.inputs[time_weights] = -1; }), Contains("its input 2 is not a constant"));
  CHECK_THAT(refusal([](Model&, Node& n) { n.attributes["rank"] = 2; }), Contains("its rank is 2 for 1 filters"));
  CHECK_THAT(refusal([](Model&, Node& n) { n.attributes["rank"] = 0; }), Contains("its rank is 0"));
  CHECK_THAT(refusal([&](Model& m, Node&) {
               at(m, memory).shape = {1, 2};
             }),
             Contains("its memory is 1x2 for 1 batches"));
  CHECK_THAT(refusal([&](Model& m, Node&) { at(m, memory).dtype = DType::int8; }),
             Contains("its memory is int8 and its weights over time int16"));
  CHECK_THAT(refusal([&](Model& m, Node&) { at(m, memory).quantization.zero_point = {3}; }),
             Contains("its memory has the zero point 3, which int16"));
  CHECK_THAT(refusal([&](Model& m, Node&) { at(m, memory).quantization = {}; }), Contains("its memory has 0 scales"));
  CHECK_THAT(refusal([&](Model& m, Node&) { at(m, in).shape = {1, 1, 1}; }), Contains("its input has 3 dimensions"));
  CHECK_THAT(refusal([](Model& m, Node& n) { m.tensors[n.outputs[0]].quantization.scale = {0.5f}; }),
             Contains("times its output's, not less"));
}
