#include <catch2/catch.hpp>
#include <cmath>

#include "ops/op_test.h"
#include "ops/operands.h"
#include "ops/quantized.h"
#include "tflite/number_nodes.h"
#include "tflite/raw_model.h"
#include "tflite/tflite.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using tflite::TensorType;

namespace {

namespace code {
enum {
  concatenation = 2,
  conv_2d = 3,
  depthwise_conv_2d = 4,
  dequantize = 6,
  fully_connected = 9,
  mul = 18,
  relu = 19,
  reshape = 22,
  gather = 36,
  strided_slice = 45,
  cast = 53,
  expand_dims = 70,
  shape = 77,
  reduce_prod = 81,
  pack = 83,
  fill = 94
};
}  // namespace code

RawTensor real(const Shape& shape, const std::vector<int>& signature = {}) {
  return {.shape = shape, .type = TensorType::FLOAT32, .scale = {}, .zero_point = {}, .signature = signature};
}

RawTensor weights_of(const Shape& shape, const std::vector<float>& values) {
  RawTensor tensor = real(shape);
  tensor.data = data_of_values(values);
  return tensor;
}

RawTensor whole(const Shape& shape, const std::vector<std::int32_t>& values = {}, const std::vector<int>& open = {}) {
  return {.shape = shape,
          .type = TensorType::INT32,
          .data = data_of_values(values),
          .scale = {},
          .zero_point = {},
          .signature = open};
}

RawTensor half_of(const Shape& shape, const std::vector<std::uint16_t>& values) {
  return {.shape = shape, .type = TensorType::FLOAT16, .data = data_of_values(values), .scale = {}, .zero_point = {}};
}

std::vector<std::string> ops_of(const Model& model) {
  std::vector<std::string> ops;
  for (const Node& node : model.nodes) ops.push_back(node.op);
  return ops;
}

std::vector<float> reals_out(const Model& model, const std::vector<float>& in) {
  check_supported(model);
  Tensor out;
  out.data = reference_output(model, data_of_values(in));
  return {values<float>(out).begin(), values<float>(out).end()};
}

std::string refusal_of_raw(const RawModel& raw) try {
  parse_tflite(written(raw), "other.tflite");
  return "";
} catch (const Error& error) {
  return error.what();
}

using Reals = std::vector<float>;
using Ops = std::vector<std::string>;

}  // namespace

// --- Shapes

/// Keras' Flatten with a free batch: the batch is taken out of the input's shape.
static RawModel flatten() {
  return {.tensors = {real({1, 2, 3}, {-1, 2, 3}), whole({3}), whole({1}, {0}), whole({1}, {1}), whole({1}, {1}),
                      whole({}), whole({}, {6}), whole({2}), real({1, 1}, {-1, -1}), real({1, 1}, {-1, -1})},
          .nodes = {
              {.code = code::shape, .inputs = {0}, .outputs = {1}},
              {code::strided_slice, {1, 2, 3, 4}, {5}, "StridedSliceOptions", {{"shrink_axis_mask", std::int64_t{1}}}},
              {code::pack, {5, 6}, {7}, "PackOptions", {{"values_count", std::int64_t{2}}, {"axis", std::int64_t{0}}}},
              {.code = code::reshape, .inputs = {0, 7}, .outputs = {8}},
              {.code = code::relu, .inputs = {8}, .outputs = {9}}}};
}

TEST_CASE("a Flatten whose batch is free is worked out: its shape's chain is gone, and open sides are known") {
  const Model model = parse_tflite(written(flatten()), "flatten.tflite");
  CHECK(ops_of(model) == Ops{"reshape", "relu"});
  CHECK(model.tensors[model.outputs[0]].shape == Shape{1, 6});
  CHECK(model.tensors.size() == 4);  // what only the chain named is gone
  CHECK(reals_out(model, {1, -2, 3, -4, 5, -6}) == Reals{1, 0, 3, 0, 5, 0});
}

TEST_CASE("a shape that the file has fixed stays, and a chain that contradicts it is refused") {
  RawModel raw = flatten();
  raw.tensors[8].signature = raw.tensors[9].signature = {};  // fixed at 1x1, and the values are 6
  const Model model = parse_tflite(written(raw), "flatten.tflite");
  CHECK_THAT(refusal_of(model), Contains("it turns 1x2x3 into 1x1"));
}

TEST_CASE("chains of shapes go through CAST, GATHER, REDUCE_PROD, MUL, EXPAND_DIMS, CONCATENATION and FILL") {
  // in 1x4x3 -> its shape [1 4 3]; gather sides 1 and 2, multiplied: 12, halved by MUL of a float: 6; [6] beside
  // [1], which FILL makes: [1 .. 6 ..] is [1 6], for half of the values it would not fit, so 2 is joined, too.
  const RawModel raw{
      .tensors = {real({1, 4, 3}), whole({3}), whole({2}, {1, 2}), whole({2}), whole({1}, {0}), whole({}, {}, {}),
                  real({}), weights_of({}, {0.5f}), real({}), whole({}), whole({1}), whole({1}, {1}), whole({}, {2}),
                  whole({1}), whole({2}), real({2, 6})},
      .nodes = {{.code = code::shape, .inputs = {0}, .outputs = {1}},
                {code::gather, {1, 2}, {3}, "GatherOptions", {{"axis", std::int64_t{0}}}},
                {code::reduce_prod, {3, 4}, {5}, "ReducerOptions", {{"keep_dims", std::int64_t{0}}}},
                {.code = code::cast, .inputs = {5}, .outputs = {6}},
                {code::mul, {6, 7}, {8}, "MulOptions", {}},
                {.code = code::cast, .inputs = {8}, .outputs = {9}},
                {.code = code::expand_dims, .inputs = {9, 4}, .outputs = {10}},
                {.code = code::fill, .inputs = {11, 12}, .outputs = {13}},
                {code::concatenation, {13, 10}, {14}, "ConcatenationOptions", {{"axis", std::int64_t{0}}}},
                {.code = code::reshape, .inputs = {0, 14}, .outputs = {15}}}};
  const Model model = parse_tflite(written(raw), "chain.tflite");
  CHECK(ops_of(model) == Ops{"reshape"});
  CHECK(numbers_of(model, model.nodes[0], 1) == std::vector<std::int64_t>{2, 6});
}

TEST_CASE("nodes that see nothing but constants become what they make: weights behind a node are weights") {
  const RawModel raw{
      .tensors = {real({1, 2}), weights_of({2, 2, 1}, {1, 2, 3, 4}), whole({2}, {2, 2}), real({2, 2}), real({1, 2})},
      .nodes = {{.code = code::reshape, .inputs = {1, 2}, .outputs = {3}},
                {code::fully_connected, {0, 3, -1}, {4}, "FullyConnectedOptions", {}}}};
  const Model model = parse_tflite(written(raw), "behind.tflite");
  CHECK(ops_of(model) == Ops{"fully_connected"});
  CHECK(reals_out(model, {1, 10}) == Reals{21, 43});
}

TEST_CASE("a sum of constants with an activation keeps it") {
  const RawModel raw{
      .tensors = {real({1, 2}), weights_of({2}, {1, -5}), weights_of({2}, {2, 3}), real({2}), real({1, 2})},
      .nodes = {{0, {1, 2}, {3}, "AddOptions", {{"fused_activation_function", std::int64_t{1}}}},
                {code::mul, {0, 3}, {4}, "MulOptions", {}}}};
  CHECK(reals_out(parse_tflite(written(raw), "f"), {10, 10}) == Reals{30, 0});
}

static std::vector<double> result(const std::string& op, const std::vector<Numbers>& in,
                                  const Attributes& attributes = {}) {
  const auto numbers = result_of({.op = op, .attributes = attributes}, in);
  return numbers ? numbers->values : std::vector<double>{-999};
}

TEST_CASE("operators on small constants do what NumPy does, and nothing where they cannot") {
  using List = std::vector<double>;
  const Numbers a{{3}, {7, -7, 4}}, two{{}, {2}}, matrix{{2, 3}, {1, 2, 3, 4, 5, 6}};
  const auto axis = [](std::int64_t value) { return Attributes{{"axis", value}}; };
  CHECK(result("add", {a, two}) == List{9, -5, 6});
  CHECK(result("floor_div", {a, two}) == List{3, -4, 2});
  CHECK(result("floor_mod", {a, two}) == List{1, 1, 0});
  CHECK(result("maximum", {a, two}) == List{7, 2, 4});
  CHECK(result("greater", {a, two}) == List{1, 0, 1});
  CHECK(result("select_v2", {{{3}, {1, 0, 1}}, a, two}) == List{7, 2, 4});
  CHECK(result("reduce_prod", {matrix, {{1}, {0}}}) == List{4, 10, 18});
  CHECK(result("sum", {matrix, {{1}, {-1}}}) == List{6, 15});
  CHECK(result("reduce_max", {matrix, {{2}, {0, 1}}}) == List{6});
  CHECK(result("gather", {matrix, {{2}, {2, 0}}}, axis(1)) == List{3, 1, 6, 4});
  CHECK(result("concatenation", {matrix, {{2, 1}, {8, 9}}}, axis(1)) == List{1, 2, 3, 8, 4, 5, 6, 9});
  CHECK(result("pack", {{{2}, {1, 2}}, {{2}, {3, 4}}}, axis(1)) == List{1, 3, 2, 4});
  CHECK(result("range", {two, {{}, {9}}, {{}, {3}}}) == List{2, 5, 8});
  CHECK(result("fill", {{{2}, {1, 3}}, two}) == List{2, 2, 2});
  CHECK(result("broadcast_to", {{{2, 1}, {1, 2}}, {{2}, {2, 2}}}) == List{1, 1, 2, 2});
  CHECK(result("broadcast_args", {{{2}, {3, 1}}, {{1}, {4}}}) == List{3, 4});
  const List none{-999};
  CHECK(result("add", {a, {{2}, {1, 2}}}) == none);
  CHECK(result("gather", {matrix, {{1}, {3}}}, axis(1)) == none);
  CHECK(result("range", {two, {{}, {1e9}}, {{}, {1}}}) == none);
  CHECK(result("fill", {{{2}, {1e5, 1e5}}, two}) == none);
  CHECK(result("softmax", {a}) == none);
  for (const double axis_or_side : {double(NAN), double(INFINITY), -double(INFINITY), 1e300, -1e300}) {
    CHECK(result("sum", {matrix, {{1}, {axis_or_side}}}) == none);
    CHECK(result("fill", {{{1}, {axis_or_side}}, two}) == none);
    CHECK(result("broadcast_to", {matrix, {{2}, {axis_or_side, 3}}}) == none);
  }
}

// --- Half precision

/// 1, -2, 0.5 and the smallest there is; 65504, the largest, minus infinity, -0 and a subnormal.
static const std::vector<std::uint16_t> halves{0x3c00, 0xc000, 0x3800, 0x0001, 0x7bff, 0xfc00, 0x8000, 0x03ff};

TEST_CASE("half-precision weights are widened, behind a DEQUANTIZE or where an operator takes them itself") {
  RawModel behind{.tensors = {real({1, 4}), half_of({2, 4}, halves), real({2, 4}), real({1, 2})},
                  .nodes = {{.code = code::dequantize, .inputs = {1}, .outputs = {2}},
                            {code::fully_connected, {0, 2, -1}, {3}, "FullyConnectedOptions", {}}}};
  RawModel direct = behind;
  direct.nodes = {{code::fully_connected, {0, 1, -1}, {3}, "FullyConnectedOptions", {}}};
  for (const RawModel& raw : {behind, direct}) {
    const Model model = parse_tflite(written(raw), "half.tflite");
    CHECK(ops_of(model) == Ops{"fully_connected"});
    const auto weights = values<float>(model.input(model.nodes[0], 1));
    CHECK(Reals(weights.begin(), weights.end()) ==
          Reals{1, -2, 0.5f, 0x1p-24f, 65504, -INFINITY, -0.0f, 1023 * 0x1p-24f});
    CHECK(std::signbit(weights[6]));
    CHECK(reals_out(model, {1, 1, 2, 0})[0] == 0.0f);
    REQUIRE(model.remarks.size() == 1);
    CHECK_THAT(model.remarks[0], Contains("in half precision, 16 B: they are widened to float32, 32 B") &&
                                     Contains("`dragonet convert half.tflite --samples FOLDER -o OUT.tflite`"));
  }
}

TEST_CASE("a model that computes in half precision is refused in a sentence") {
  RawModel raw{.tensors = {real({1, 4}), real({1, 4})}, .nodes = {{.code = code::relu, .inputs = {0}, .outputs = {1}}}};
  raw.tensors[0].type = raw.tensors[1].type = TensorType::FLOAT16;
  CHECK_THAT(refusal_of_raw(raw), Contains("tensor 0 (tensor): is float16, and no constant"));
}

// --- Dynamic range

TEST_CASE("dynamic-range quantization runs as float32, each channel by its scale, and says what int8 would save") {
  const RawTensor weights{.shape = {2, 3},
                          .data = data_of_values(std::vector<std::int8_t>{1, -2, 3, 4, 5, -6}),
                          .scale = {0.5f, 2},
                          .zero_point = {0, 0}};
  const RawModel raw{.tensors = {real({1, 3}), weights, weights_of({2}, {0.25f, -1}), real({1, 2})},
                     .nodes = {{code::fully_connected, {0, 1, 2}, {3}, "FullyConnectedOptions", {}}}};
  const Model model = parse_tflite(written(raw), "hybrid.tflite");
  CHECK(reals_out(model, {1, 10, 100}) == Reals{140.75f, -1093});
  REQUIRE(model.remarks.size() == 1);
  CHECK_THAT(model.remarks[0], Contains("dynamic-range quantization: its weights are integers, 6 B") &&
                                   Contains("runs as float32, with weights of 24 B") && Contains("makes them 6 B") &&
                                   Contains("`dragonet convert hybrid.tflite"));
}

TEST_CASE("weights behind a DEQUANTIZE are float32, by the scale of their channel") {
  const RawTensor weights{.shape = {2, 2},
                          .data = data_of_values(std::vector<std::int8_t>{1, 2, 3, 4}),
                          .scale = {1, 10},
                          .zero_point = {0, 1},
                          .axis = 1};
  const RawModel raw{.tensors = {real({1, 2}), weights, real({2, 2}), real({1, 2})},
                     .nodes = {{.code = code::dequantize, .inputs = {1}, .outputs = {2}},
                               {code::fully_connected, {0, 2, -1}, {3}, "FullyConnectedOptions", {}}}};
  CHECK(reals_out(parse_tflite(written(raw), "f"), {1, 1}) == Reals{11, 33});
}

// --- uint8

static RawTensor byte(const Shape& shape, float scale, std::int64_t zero_point,
                      const std::vector<std::uint8_t>& data = {}) {
  return {.shape = shape, .type = TensorType::UINT8, .data = data, .scale = {scale}, .zero_point = {zero_point}};
}

/// A fully connected layer whose sums can be checked by hand: scales 1, so that values are steps.
static RawModel uint8_layer(std::int64_t zero_point, const std::vector<std::uint8_t>& weights) {
  return {
      .tensors = {byte({1, 2}, 1, 100), byte({2, 2}, 1, zero_point, weights), whole({2}, {5, -5}), byte({1, 2}, 4, 10)},
      .nodes = {{code::fully_connected, {0, 1, 2}, {3}, "FullyConnectedOptions", {}}}};
}

TEST_CASE("uint8 of TensorFlow 1 becomes int8, exactly, its own inputs and outputs as they were") {
  // Weights less 130: 120, -128; 2, 1. Inputs less 100: 1, 0 and 3, -2.
  const Model model = parse_tflite(written(uint8_layer(130, {250, 2, 132, 131})), "old.tflite");
  check_supported(model);
  CHECK(ops_of(model) == Ops{"quantize", "fully_connected", "quantize"});
  CHECK(model.tensors[model.inputs[0]].dtype == DType::uint8);
  CHECK(model.output(model.nodes[1]).dtype == DType::int8);
  // 125 / 4 rounds twice: to 62.5 and so to 63, and that to 32; likewise 621 to 156.
  CHECK(reference_output(model, bytes_of({101, 100})) == bytes_of({10 + 32, 10 - 1}));
  CHECK(reference_output(model, bytes_of({103, 98})) == bytes_of({10 + 156, 10}));
  CHECK_THAT(model.remarks.at(0), Contains("quantized to uint8, as TensorFlow 1 did: it runs as int8, exactly"));
}

TEST_CASE("uint8 weights that reach no further than 127 from their zero point lose it") {
  const auto zero_point = [](const std::vector<std::uint8_t>& weights) {
    const Model model = parse_tflite(written(uint8_layer(130, weights)), "old.tflite");
    return model.input(model.nodes[1], 1).quantization.zero_point[0];
  };
  CHECK(zero_point({255, 3, 132, 131}) == 0);
  CHECK(zero_point({255, 2, 132, 131}) == 2);
}

TEST_CASE("uint8 values of two scales that are joined are brought to the output's") {
  const RawModel raw{
      .tensors = {byte({1, 2}, 1, 100), byte({1, 1}, 2, 10, {30}), byte({1, 3}, 2, 50)},
      .nodes = {{code::concatenation, {0, 1}, {2}, "ConcatenationOptions", {{"axis", std::int64_t{1}}}}}};
  const Model model = parse_tflite(written(raw), "old.tflite");
  check_supported(model);
  CHECK(reference_output(model, bytes_of({104, 90})) == bytes_of({52, 45, 70}));
}

TEST_CASE("constants that share what a small file holds are refused before they fill memory") {
  RawModel raw{.tensors = {{{1, 4}}, {.shape = {1 << 20}, .data = Bytes(1 << 20)}, {{1, 4}}},
               .nodes = {{.code = code::relu, .inputs = {0}, .outputs = {2}}},
               .outputs = {2}};
  raw.tensors[1].shared = 200;
  CHECK_THAT(refusal_of_raw(raw), Contains("its constants come to more than 128 MB, since they share what the file"));
}

TEST_CASE("a uint8 that is turned at the model's edges alone stays") {
  RawModel raw{
      .tensors = {byte({1, 4}, 1, 128), {{1, 4}}, {{1, 4}}},
      .nodes = {{.code = 114, .inputs = {0}, .outputs = {1}}, {.code = code::relu, .inputs = {1}, .outputs = {2}}}};
  const Model model = parse_tflite(written(raw), "edge.tflite");
  CHECK(ops_of(model) == Ops{"quantize", "relu"});
  CHECK(model.remarks.empty());
}

// --- Names

TEST_CASE("fused layers' names are shortened to what tells them apart; others stay") {
  RawModel raw{.tensors = {{{1, 4}}, {{1, 4}}, {{1, 4}}, {{1, 4}}},
               .nodes = {{.code = code::relu, .inputs = {0}, .outputs = {1}},
                         {.code = code::relu, .inputs = {1}, .outputs = {2}},
                         {.code = code::relu, .inputs = {2}, .outputs = {3}}}};
  const auto names = [&](const std::vector<std::string>& given) {
    for (std::size_t i = 0; i < given.size(); ++i) raw.tensors[i + 1].name = given[i];
    const Model model = parse_tflite(written(raw), "f");
    return Ops{model.tensors[1].name, model.tensors[2].name, model.tensors[3].name};
  };
  CHECK(names({"net/c1/Relu;net/c1/BiasAdd;net/c1/Conv2D", "net/c2/Relu;net/c2/BiasAdd", "net/out"}) ==
        Ops{"c1/Relu", "c2/Relu", "net/out"});
  CHECK(names({"same/Relu;a", "same/Relu;b", "short"}) == Ops{"same/Relu;a", "same/Relu;b", "short"});
  CHECK(names({"a", "b", "StatefulPartitionedCall/model/dense_12345678/BiasAdd:0"}) ==
        Ops{"a", "b", "model/dense_12345678/BiasAdd"});
}

// --- What is refused

/// Any end but an Error is a fault.
static void read_and_run(const Bytes& file) try {
  const Model model = parse_tflite(file, "damaged.tflite");
  check_supported(model);
  std::size_t bytes = 0, inputs = 0;
  for (const Tensor& tensor : model.tensors) bytes += tensor.bytes();
  for (const int t : model.inputs) inputs += model.tensors[t].bytes();
  if (bytes < 1'000'000) reference_output(model, Bytes(inputs));
  for (const Node& node : model.nodes)
    if (bytes < 1'000'000) find_operator(node.op)->emit(model, node);
} catch (const Error& error) {
  CHECK(!error.problems.empty());
}

TEST_CASE("a wrong byte or two in a file that is brought into another form never crash") {
  RawModel half{.tensors = {real({1, 4}), half_of({2, 4}, halves), real({2, 4}), real({1, 2})},
                .nodes = {{.code = code::dequantize, .inputs = {1}, .outputs = {2}},
                          {code::fully_connected, {0, 2, -1}, {3}, "FullyConnectedOptions", {}}}};
  const RawTensor weights{.shape = {2, 3}, .data = Bytes{1, 2, 3, 4, 5, 6}, .scale = {0.5f, 2}, .zero_point = {0, 0}};
  RawModel hybrid{.tensors = {real({1, 3}), weights, weights_of({2}, {0.25f, -1}), real({1, 2})},
                  .nodes = {{code::fully_connected, {0, 1, 2}, {3}, "FullyConnectedOptions", {}}}};
  RandomModels random(5);
  for (const RawModel& raw : {flatten(), half, hybrid, uint8_layer(130, {250, 2, 132, 131})}) {
    const Bytes file = written(raw);
    for (int round = 0; round < 4000; ++round) {
      Bytes damaged = file;
      for (int wrong = random.pick(1, 2); wrong > 0; --wrong)
        damaged[random.pick(0, static_cast<int>(file.size()) - 1)] =
            static_cast<std::uint8_t>(random.one_in(2) ? random.pick(0, 255) : random.pick(0, 8));
      read_and_run(damaged);
    }
  }
}

TEST_CASE("of a model with an operator that cannot run nothing else is remarked") {
  RawModel raw{.tensors = {real({1, 4}), half_of({2, 4}, halves), real({1, 2}), real({1, 2})},
               .nodes = {{code::fully_connected, {0, 1, -1}, {2}, "FullyConnectedOptions", {}},
                         {.code = code::relu, .inputs = {2}, .outputs = {3}}}};
  CHECK(parse_tflite(written(raw), "f").remarks.size() == 1);
  raw.nodes[1].code = 15;  // LSH_PROJECTION
  CHECK(parse_tflite(written(raw), "f").remarks.empty());
}

TEST_CASE("operators that cannot run are named before anything else is said, each once") {
  RawModel raw{.tensors = {{{1, 4}}, {.shape = {1, 0}, .type = static_cast<TensorType>(13)}},
               .nodes = {{.code = 136, .inputs = {}, .outputs = {1}}, {.code = 78, .inputs = {0, 0}, .outputs = {1}}}};
  const std::string refusal = refusal_of_raw(raw);
  CHECK_THAT(refusal,
             Contains("other.tflite, 1 node: the operator HASHTABLE is not supported; look up what the table holds"));
  CHECK_THAT(refusal, Contains("tensor 1 (tensor): has the type 13 (RESOURCE); no VAR_HANDLE makes it"));
  CHECK(refusal.find("HASHTABLE") < refusal.find("RESOURCE"));
}
