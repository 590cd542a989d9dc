#include <catch2/catch.hpp>

#include "kernels/sigmoid_table.h"
#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

// Places of the operands that the tests name.
enum { in, input_weights = 1, recurrent_weights = 5, bias = 12, output_state = 18, cell_state = 19, operands = 24 };

/// The operands in their places; -1 where an optional one is left out.
static Model lstm_model(const std::vector<Tensor>& tensors, const Tensor& out, const Attributes& attributes) {
  Model model{.name = "one", .source = "one.tflite", .inputs = {0}};
  Node node{.op = "unidirectional_sequence_lstm", .attributes = attributes};
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

static Tensor weights_of(RandomModels& random, DType type, const Shape& shape) {
  Tensor weights{.name = "weights", .dtype = type, .shape = shape};
  if (type == DType::int8) weights.quantization = {{random.real(0.002f, 0.01f)}, {0}, 0};
  weights = random.with_values(weights);
  if (type == DType::int8) return weights;
  std::vector<float> smaller(values<float>(weights).begin(), values<float>(weights).end());
  for (float& weight : smaller) weight /= 8;
  return constant("weights", type, shape, smaller);
}

static Tensor bias_of(RandomModels& random, DType type, int units) {
  if (type == DType::float32) return random.with_values({.name = "bias", .dtype = type, .shape = {units}});
  Numbers bias(units);
  for (int& b : bias) b = random.pick(-10000, 10000);
  return constant("bias", DType::int32, {units}, bias);
}

static Tensor state_of(DType type, const Shape& shape, const Quantization& quantization) {
  return {.name = "state", .dtype = type, .shape = shape, .quantization = quantization, .is_variable = true};
}

/// TensorFlow Lite's own kernel of int8 wants to hear the output's scale as an intermediate value's too, the fifth.
static void add_intermediates(Model& model) {
  std::vector<std::int64_t> intermediates;
  for (int i = 0; i < 5; ++i) {
    intermediates.push_back(static_cast<std::int64_t>(model.tensors.size()));
    const Quantization quantization = model.output(model.nodes[0]).quantization;
    model.tensors.push_back({.name = "intermediate", .dtype = DType::int8, .quantization = quantization});
  }
  model.nodes[0].attributes["intermediates"] = intermediates;
}

static Model random_model(RandomModels& random, DType type) {
  const int batches = random.pick(1, 3), steps = random.pick(1, 6), inputs = random.pick(1, 9);
  const int units = random.pick(1, 9);
  const bool is_real = type == DType::float32, time_major = random.one_in(4);
  std::vector<Tensor> tensors(operands);
  tensors[in] = random.tensor(type, time_major ? Shape{steps, 1, inputs} : Shape{batches, steps, inputs});
  for (int g = 0; g < 4; ++g) {
    tensors[input_weights + g] = weights_of(random, type, {units, inputs});
    tensors[recurrent_weights + g] = weights_of(random, type, {units, units});
    tensors[bias + g] = bias_of(random, type, units);
  }
  Quantization out = random.quantization(type);
  if (!is_real) out = {{random.real(0.004f, 0.01f)}, {random.one_in(2) ? 0 : out.zero_point[0]}, 0};
  const Shape state{time_major ? 1 : batches, units};
  tensors[output_state] = state_of(type, state, out);
  const Quantization cell{{std::ldexp(1.0f, random.pick(-15, -9))}, {0}, 0};
  tensors[cell_state] = state_of(is_real ? type : DType::int16, state, is_real ? Quantization{} : cell);
  Model model = lstm_model(tensors, {.name = "out", .dtype = type, .quantization = out},
                           {{"fused_activation_function", 4},
                            {"cell_clip", random.one_in(2) ? 0.0 : 1.5},
                            {"time_major", time_major ? 1 : 0}});
  if (!is_real) add_intermediates(model);
  return model;
}

// The interpreter's own kernel of int8 is another: its activations are polynomials where the reference has a table.
static const Cases lstm_cases{{.op = "unidirectional_sequence_lstm", .types = int8_and_float, .make = random_model}};

/// One unit that sees one value a step. All scales are 1/64, but the cell's: 1/4096.
static Model one_unit(int steps, const Numbers& weights, const Numbers& recurrent, const Numbers& biases,
                      const Attributes& attributes = {{"fused_activation_function", 4}, {"cell_clip", 0.0}}) {
  const Quantization q{{1.0f / 64}, {0}, 0};
  std::vector<Tensor> tensors(operands);
  tensors[in] = {.name = "in", .dtype = DType::int8, .shape = {1, steps, 1}, .quantization = q};
  for (int g = 0; g < 4; ++g) {
    tensors[input_weights + g] = constant("w", DType::int8, {1, 1}, narrowed<std::int8_t>({weights[g]}), q);
    tensors[recurrent_weights + g] = constant("r", DType::int8, {1, 1}, narrowed<std::int8_t>({recurrent[g]}), q);
    tensors[bias + g] = constant("b", DType::int32, {1}, Numbers{biases[g]});
  }
  tensors[output_state] = state_of(DType::int8, {1, 1}, q);
  tensors[cell_state] = state_of(DType::int16, {1, 1}, {{1.0f / 4096}, {0}, 0});
  return lstm_model(tensors, {.name = "out", .dtype = DType::int8, .quantization = q}, attributes);
}

static constexpr int open = 8 * 4096;  // a gate at logistic(8), nearly 1; biases have the scale 1/4096

// A straight line between two places of the curve errs most in the middle, by an eighth of the second difference. Each
// entry is raised by half of that, so that the line errs as much above the curve as below.
TEST_CASE("the table of the logistic function is that function, raised by a sixteenth of its second difference") {
  for (int i = 0; i < 255; ++i) {
    const double value = 1 / (1 + std::exp(-i / 24.0));
    const double second = value * (1 - value) * (1 - 2 * value) / (24.0 * 24.0);
    CHECK(sigmoid_table[i] == std::lround(65536 * (value - second / 16)));
  }
  CHECK(sigmoid_table[255] == 65535);
}

TEST_CASE("an LSTM cell with open gates adds up what enters, and shows tanh of it") {
  // tanh(1/2) = 0.4621 enters each step: tanh of 1, 2 and 3 times that is 0.4318, 0.7279, 0.8825, times 64.
  const Model model = one_unit(3, {0, 0, 32, 0}, {0, 0, 0, 0}, {open, open, 0, open});
  CHECK(run(model, {64, 64, 64}) == Numbers{28, 47, 56});
}

TEST_CASE("an LSTM cell whose forget gate is closed remembers nothing") {
  const Model model = one_unit(3, {0, 0, 32, 0}, {0, 0, 0, 0}, {open, -open, 0, open});
  CHECK(run(model, {64, 64, 0}) == Numbers{28, 28, 0});
}

TEST_CASE("an LSTM cell sees its own output of the step before, and an inference begins with none") {
  const Model model = one_unit(2, {0, 0, 32, 0}, {0, 0, 64, 0}, {open, -open, 0, open});
  // First tanh(tanh(1/2)) = 0.4318 or 28/64; then tanh(tanh(28/64)) = 0.3891, times 64 is 24.9.
  CHECK(run(model, {64, 0}) == Numbers{28, 25});
  CHECK(run(model, {0, 0}) == Numbers{0, 0});
}

TEST_CASE("an LSTM goes on where the inference before it ended, until its state is a new one") {
  const auto model_of = [](int steps) { return one_unit(steps, {0, 0, 32, 0}, {0, 0, 64, 0}, {open, open, 0, open}); };
  const Numbers sequence = run(model_of(3), {64, -20, 33});
  const Model step = model_of(1);
  ModelState state = initial_state(step);
  Numbers steps;
  for (const int value : {64, -20, 33})
    steps.push_back(static_cast<std::int8_t>(reference_output(step, bytes_of({value}), state)[0]));
  CHECK(steps == sequence);
  state = initial_state(step);
  CHECK(static_cast<std::int8_t>(reference_output(step, bytes_of({64}), state)[0]) == sequence[0]);
}

TEST_CASE("an int8 LSTM's state begins at its zero point, as TensorFlow Lite Micro resets it") {
  Model model = one_unit(1, {0, 0, 32, 0}, {0, 0, 64, 0}, {open, -open, 0, open});
  for (const int t : {model.nodes[0].inputs[output_state], model.nodes[0].outputs[0]})
    model.tensors[t].quantization.zero_point = {-5};
  CHECK(initial_state(model).at(model.nodes[0].inputs[output_state]) == bytes_of({-5}));
  CHECK(initial_state(model).at(model.nodes[0].inputs[cell_state]) == bytes_of({0, 0}));
  CHECK(run(model, {0}) == Numbers{-5});
}

TEST_CASE("a float LSTM of one step keeps its state, as TensorFlow Lite does") {
  std::vector<Tensor> tensors(operands);
  const auto one = [](float value) { return constant("w", DType::float32, {1, 1}, std::vector<float>{value}); };
  tensors[in] = {.name = "in", .shape = {1, 1, 1}};
  for (int g = 0; g < 4; ++g) {
    tensors[input_weights + g] = one(1);
    tensors[recurrent_weights + g] = one(0.5f);
    tensors[bias + g] = constant("b", DType::float32, {1}, std::vector<float>{0.1f});
  }
  tensors[output_state] = tensors[cell_state] = state_of(DType::float32, {1, 1}, {});
  const Model model = lstm_model(tensors, {.name = "out"}, {{"fused_activation_function", 4}, {"cell_clip", 0.0}});
  check_supported(model);
  ModelState state = initial_state(model);
  Tensor half;
  set_values<float>(half, std::vector<float>{0.5f});
  for (const float expected : {0.2154f, 0.3787f, 0.4902f}) {  // of TensorFlow Lite
    Tensor out;
    out.data = reference_output(model, half.data, state);
    CHECK(values<float>(out)[0] == Approx(expected).margin(1e-3));
  }
}

TEST_CASE("an LSTM cell's state stays within cell_clip") {
  const Attributes clipped{{"fused_activation_function", 4}, {"cell_clip", 0.25}};
  const Model model = one_unit(3, {0, 0, 32, 0}, {0, 0, 0, 0}, {open, open, 0, open}, clipped);
  CHECK(run(model, {64, 64, -64}) == Numbers{16, 16, -13});  // tanh(0.25) = 0.2449; then 0.25 - 0.4621: -0.2090
}

TEST_CASE("an LSTM layer's sequences know nothing of each other") {
  Model model = one_unit(1, {0, 0, 32, 0}, {0, 0, 0, 0}, {open, open, 0, open});
  model.tensors[0].shape = {2, 1, 1};
  for (Tensor& tensor : model.tensors)
    if (tensor.is_variable) tensor.shape = {2, 1};
  model.tensors.back().shape = {2, 1, 1};
  CHECK(run(model, {64, 64}) == Numbers{28, 28});
}

TEST_CASE("an LSTM layer says what it cannot run") {
  const auto refusal = [](auto change) {
    Model model = one_unit(2, {0, 0, 32, 0}, {0, 0, 0, 0}, {1, 1, 1, 1});
    change(model, model.nodes[0]);
    return refusal_of(model);
  };
  const auto at = [](Model& m, int operand) -> Tensor& { return m.tensors[m.nodes[0].inputs[operand]]; };
  CHECK(refusal([](Model&, Node&) {}) == "");
  CHECK_THAT(refusal([](Model&, Node& n) { n.inputs[9] = 1; }), Contains("it has peephole weights"));
  CHECK_THAT(refusal([](Model&, Node& n) { n.inputs[16] = 1; }), Contains("it has a projection"));
  CHECK_THAT(refusal([](Model&, Node& n) { n.inputs[23] = 1; }), Contains("it has layer normalization"));
  CHECK_THAT(refusal([](Model&, Node& n) { n.inputs[1] = -1; }), Contains("coupled to its forget gate"));
  CHECK_THAT(refusal([](Model&, Node& n) { n.inputs[15] = -1; }), Contains("its output gate lacks constant weights"));
  CHECK_THAT(refusal([](Model&, Node& n) { n.inputs.resize(18); }),
             Contains("its input 18, a state, is not a variable"));
  CHECK_THAT(refusal([&](Model& m, Node&) { at(m, cell_state).is_variable = false; }), Contains("not a variable"));
  CHECK_THAT(refusal([&](Model& m, Node&) { at(m, cell_state).shape = {2, 1}; }), Contains("its state is 2x1"));
  CHECK_THAT(refusal([&](Model& m, Node&) { at(m, cell_state).dtype = DType::int8; }), Contains("int8 and int16"));
  CHECK_THAT(refusal([&](Model& m, Node&) { at(m, cell_state).quantization.scale = {0.001f}; }),
             Contains("no power of two"));
  CHECK_THAT(refusal([&](Model& m, Node&) { at(m, output_state).quantization.scale = {0.5f}; }),
             Contains("different scales"));
  CHECK_THAT(refusal([&](Model& m, Node&) { at(m, recurrent_weights).shape = {1}; }),
             Contains("its input gate has int8 1, not int8 1x1"));
  CHECK_THAT(refusal([&](Model& m, Node&) { at(m, bias).dtype = DType::float32; }), Contains("not int32 1"));
  CHECK_THAT(refusal([&](Model& m, Node&) { at(m, input_weights).quantization.zero_point = {3}; }),
             Contains("its input gate's weights have the zero point 3, not 0"));
  CHECK_THAT(refusal([&](Model& m, Node&) { at(m, input_weights).quantization = {}; }), Contains("0 scales, not 1"));
  CHECK_THAT(refusal([&](Model& m, Node&) { set_values<std::int32_t>(at(m, bias), Numbers{INT32_MIN}); }),
             Contains("that overflows 32 bits"));
  CHECK_THAT(refusal([](Model& m, Node&) { m.tensors[0].shape = {2, 1}; }), Contains("its input has 2 dimensions"));
  CHECK_THAT(refusal([](Model& m, Node& n) {
               m.tensors[0].shape = {1, 2, 1}, n.attributes["time_major"] = 1;
             }),
             Contains("time-major, of more than one sequence"));
  CHECK_THAT(refusal([](Model&, Node& n) { n.attributes["fused_activation_function"] = 0; }), Contains("not TANH"));
  CHECK_THAT(refusal([](Model&, Node& n) { n.attributes["cell_clip"] = NAN; }), Contains("not a number"));
}
