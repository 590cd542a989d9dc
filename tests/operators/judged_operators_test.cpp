// What we write is what TensorFlow Lite reads, and our arithmetic is its own but for 1 in the last place: its kernels
// for WebAssembly (XNNPACK) round once where its reference, and so ours, rounds twice. It takes no int16 there.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "operators/case_per_operator.h"
#include "ops/quantized.h"
#include "ops/sliding_window.h"
#include "tensorflow_lite.h"

using namespace dragonet;
using namespace dragonet::testing;

template <typename T>
static double largest_difference(const Bytes& a, const Bytes& b) {
  if (a.size() != b.size()) return INFINITY;
  double largest = 0;
  for (std::size_t i = 0; i + sizeof(T) <= a.size(); i += sizeof(T)) {
    T x, y;
    std::memcpy(&x, a.data() + i, sizeof x), std::memcpy(&y, b.data() + i, sizeof y);
    if (x == y || (x != x && y != y)) continue;  // infinite, or no number, in both
    const double apart = std::abs(static_cast<double>(x) - static_cast<double>(y));
    largest = std::max(largest, apart == apart ? apart : INFINITY);
  }
  return largest;
}

static double largest_difference(DType dtype, const Bytes& a, const Bytes& b) {
  if (dtype == DType::float32) return largest_difference<float>(a, b);
  if (dtype == DType::int32) return largest_difference<std::int32_t>(a, b);
  if (dtype == DType::int64) return largest_difference<std::int64_t>(a, b);
  if (dtype == DType::uint8) return largest_difference<std::uint8_t>(a, b);
  return largest_difference<std::int8_t>(a, b);
}

/// Between our reference and TensorFlow Lite's answers, over all inputs, of the first output.
static double difference(DType dtype, const Question& question, const Outputs& theirs) {
  double largest = 0;
  ModelState state = initial_state(question.model);  // which the interpreter keeps from one input to the next
  for (std::size_t i = 0; i < question.inputs.size(); ++i) {
    const Bytes ours = reference_output(question.model, question.inputs[i], state);
    largest = std::max(largest, largest_difference(dtype, ours, theirs[i]));
  }
  return largest;
}

/// Whether TensorFlow Lite takes the node at all: its convolutions insist on a bias, and its fully connected layers, in
/// this version, on one scale for all weights; its transposed convolutions leave out an activation; an int8 state of
/// its LSTM begins at 0 where the real 0 is the zero point.
static bool is_taken(const Model& model, const Node& node) {
  const Tensor& output = model.output(node);
  if (node.op == "transpose_conv" && node.integer("fused_activation_function") != none) return false;
  if (node.op == "unidirectional_sequence_lstm" && output.dtype == DType::int8)
    return output.quantization.zero_point[0] == 0;
  if (node.op == "svdf" && output.dtype == DType::int8)  // of int8 memory it takes none, and wants a bias
    return model.has_input(node, 3) && model.input(node, 4).dtype == DType::int16;
  if (!find_operator(node.op)->quantization.has_weights) return true;
  const bool has_bias = model.has_input(node, operands_of(node).bias);
  if (node.op == "conv_2d" && model.input(node, 1).shape[3] != model.input(node, 0).shape[3]) return false;  // groups
  if (output.dtype == DType::float32) return has_bias;
  const bool is_one_scale = weights_of(model, node).quantization.scale.size() == 1;
  return has_bias && (node.op != "fully_connected" || is_one_scale);
}

/// Strides that lead past the input's end. There XNNPACK's padding SAME underflows in this version, and its
/// convolutions differ from TensorFlow Lite's own: github.com/google/XNNPACK, pull request 10655.
static bool strides_past_the_end(const Model& model, const Node& node) {
  if (node.op != "conv_2d" || node.integer("padding") != same) return false;
  const Shape& weights = model.input(node, 1).shape;
  const Window window = window_of(model, node, weights[1], weights[2], weights[0]);
  const int last_y = window.in_y(window.out_h - 1, window.kernel_h - 1);
  const int last_x = window.in_x(window.out_w - 1, window.kernel_w - 1);
  return last_y < window.in_h - 1 || last_x < window.in_w - 1;
}

/// What the specification asks and our code does not need: the bias's scales, input times weights, and reshape's shape.
static void complete(Model& model, Node& node) {
  if (node.op == "reshape") {
    const Shape& shape = model.output(node).shape;
    node.attributes["new_shape"] = std::vector<std::int64_t>(shape.begin(), shape.end());
  }
  if (!find_operator(node.op)->quantization.has_weights || model.output(node).dtype == DType::float32) return;
  const int bias = node.inputs[operands_of(node).bias];
  Quantization& scales = model.tensors[bias].quantization = weights_of(model, node).quantization;
  for (float& scale : scales.scale) scale *= values_of(model, node).quantization.scale[0];
  scales.axis = 0;
}

static constexpr std::size_t questions_each = 40;

/// Of one type, alone.
static std::vector<Question> questions_of(const OperatorCases& cases, DType type) {
  RandomModels random(11);
  std::vector<Question> questions;
  while (questions.size() < questions_each) {
    Model model = last_alone(cases.make(random, type));
    if (!is_taken(model, model.nodes[0]) || strides_past_the_end(model, model.nodes[0])) continue;
    check_supported(model);
    complete(model, model.nodes[0]);
    Question& question = questions.emplace_back(Question{.model = model, .inputs = {}});
    for (int j = 0; j < 3; ++j) question.inputs.push_back(random.input(model));
  }
  return questions;
}

/// By the output's type; indices, counts and truths are exact.
static double bound_of(const OperatorCases& cases, DType out) {
  if (out == DType::float32) return 1e-4;
  return is_quantized(out) ? cases.judged_within : 0;
}

static void check_answers(const OperatorCases& cases, DType type, std::span<const Question> questions,
                          std::span<const Outputs> theirs) {
  double largest = 0;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const Model& model = questions[i].model;
    const DType out = model.tensors[model.outputs[0]].dtype;
    const double here = difference(out, questions[i], theirs[i]);
    INFO(cases.op << " of " << name_of(type) << ", model " << i << " of input " << text_of(model.tensors[0].shape));
    CHECK(here <= bound_of(cases, out));
    largest = std::max(largest, here);
  }
  std::printf("%s of %s: at most %g apart from TensorFlow Lite\n", cases.op.c_str(), name_of(type), largest);
}

/// All types at once, since Node and the interpreter take longer to start than to answer.
static void check_operator(const OperatorCases& cases) {
  std::vector<DType> types;
  std::vector<Question> questions;
  for (const DType type : cases.types)
    if (type != DType::int16 && cases.judged_within >= 0 && std::ranges::count(cases.unjudged, type) == 0) {
      types.push_back(type);
      std::ranges::move(questions_of(cases, type), std::back_inserter(questions));
    }
  if (types.empty()) return;
  const auto theirs = ask_tensorflow_lite(questions);
  if (!theirs) return;
  const auto part = [&](const auto& all, std::size_t t) {
    return std::span(all).subspan(t * questions_each, questions_each);
  };
  for (std::size_t t = 0; t < types.size(); ++t) check_answers(cases, types[t], part(questions, t), part(*theirs, t));
}

static const CasePerOperator judged(
    "{} answers as TensorFlow Lite does: in int8 within 1 in the last place, in float within 1e-4", "[slow]",
    check_operator);
