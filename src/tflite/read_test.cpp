#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>

#include "model/model_info.h"
#include "ops/op_test.h"
#include "tflite/hostile_model.h"
#include "tflite/raw_model.h"
#include "tflite/tflite.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

static bool is_whole(const Error& error) {
  return !error.problems.empty() && std::ranges::all_of(error.problems, [](const Problem& problem) {
    return !problem.where.empty() && !problem.what.empty() && !problem.next.empty();
  });
}

/// What the reader says of a file; "" if it takes it.
static std::string refusal_of_file(std::span<const std::uint8_t> file) try {
  parse_tflite(file, "hostile.tflite");
  return "";
} catch (const Error& error) {
  return is_whole(error) ? error.what() : "a field is empty";
}

/// in (0), weights (1), bias (2), out (3) of a fully connected layer, changed, written and read.
template <typename Change>
static std::string refusal_after(Change change) {
  Model model = one_node(
      {.op = "fully_connected", .in = {1, 3}, .weights_shape = {2, 3}, .weights = {1, 2, 3, 4, 5, 6}, .bias = {7, 8}});
  change(model);
  return refusal_of_file(serialize_tflite(model));
}

/// A file of one node that serialize_tflite would never write.
struct RawFile {
  int subgraphs = 1;
  tflite::TensorType type = tflite::TensorType::INT8;
  std::uint32_t buffer = 0, opcode_index = 0;
  int code = 25;  // softmax
  const char* custom_code = nullptr;
};

static Bytes written(const RawFile& raw) {
  flatbuffers::FlatBufferBuilder builder;
  const std::vector<std::int32_t> shape{1, 4}, first{0}, second{1};
  std::vector<flatbuffers::Offset<tflite::SubGraph>> graphs;
  for (int g = 0; g < raw.subgraphs; ++g) {
    std::vector<flatbuffers::Offset<tflite::Tensor>> tensors;
    for (const char* name : {"in", "out"})
      tensors.push_back(tflite::CreateTensorDirect(builder, &shape, raw.type, raw.buffer, name));
    const std::vector nodes{tflite::CreateOperatorDirect(builder, raw.opcode_index, &first, &second)};
    graphs.push_back(tflite::CreateSubGraphDirect(builder, &tensors, &first, &second, &nodes));
  }
  const std::vector codes{
      tflite::CreateOperatorCodeDirect(builder, 0, raw.custom_code, 1, static_cast<tflite::BuiltinOperator>(raw.code))};
  const std::vector buffers{tflite::CreateBuffer(builder)};
  tflite::FinishModelBuffer(builder, tflite::CreateModelDirect(builder, 3, &codes, &graphs, "", &buffers));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

TEST_CASE("a file that is no .tflite at all is told apart from a damaged one") {
  CHECK(refusal_of_file(written(RawFile{})) == "");
  CHECK_THAT(refusal_of_file({}), Contains("is not a .tflite file"));
  CHECK_THAT(refusal_of_file(Bytes(100, 'x')), Contains("is not a .tflite file"));
  Bytes file = written(RawFile{});
  file[0] = 0xff;  // the offset of the root table
  CHECK_THAT(refusal_of_file(file), Contains("is damaged: an offset in it points outside"));
}

TEST_CASE("graphs, types, buffers and operator codes that the file does not have are refused") {
  CHECK_THAT(refusal_of_file(written({.subgraphs = 2})), Contains("there are 2; one is supported"));
  CHECK_THAT(refusal_of_file(written({.subgraphs = 0})), Contains("there are 0; one is supported"));
  CHECK_THAT(refusal_of_file(written({.type = tflite::TensorType::FLOAT16})), Contains("is float16, and no constant"));
  CHECK_THAT(refusal_of_file(written({.type = tflite::TensorType::RESOURCE})), Contains("has the type 13 (RESOURCE)"));
  CHECK_THAT(refusal_of_file(written({.type = static_cast<tflite::TensorType>(99)})),
             Contains("has the type 99 (unknown)"));
  CHECK_THAT(refusal_of_file(written({.buffer = 7})), Contains("names buffer 7, which the file does not have"));
  CHECK_THAT(refusal_of_file(written({.opcode_index = 3})), Contains("names operator code 3"));
}

TEST_CASE("operators that we do not know are read, named, and refused by check_supported") {
  CHECK_THAT(refusal_of(parse_tflite(written({.code = 32, .custom_code = "Magic"}), "f")),
             Contains("node 0 (custom operator Magic, out): the custom operator Magic is not supported"));
  CHECK_THAT(refusal_of(parse_tflite(written({.code = 32, .custom_code = "ethos-u"}), "f")),
             Contains("the custom operator ethos-u is not supported; Vela compiled this file"));
  CHECK_THAT(refusal_of(parse_tflite(written({.code = 250}), "f")), Contains("node 0 (builtin operator 250, out)"));
  CHECK_THAT(refusal_of(parse_tflite(written({.code = 16}), "f")),
             Contains("node 0 (lstm, out): the operator LSTM is not supported"));
  CHECK_THAT(refusal_of(parse_tflite(written({.code = 136}), "f")), Contains("node 0 (hashtable, out)"));
}

TEST_CASE("indices outside the tensors are refused, with who names them") {
  CHECK(refusal_after([](Model&) {}) == "");
  CHECK_THAT(refusal_after([](Model& m) { m.nodes[0].inputs[1] = 4; }),
             Contains("node 0 (fully_connected): names tensor 4, and there are 4"));
  CHECK_THAT(refusal_after([](Model& m) { m.nodes[0].inputs[1] = -2; }), Contains("names tensor -2"));
  CHECK_THAT(refusal_after([](Model& m) { m.nodes[0].outputs[0] = -1; }), Contains("names tensor -1"));
  CHECK_THAT(refusal_after([](Model& m) { m.inputs = {99}; }), Contains("inputs: names tensor 99"));
  CHECK_THAT(refusal_after([](Model& m) { m.outputs = {-1}; }), Contains("outputs: names tensor -1"));
}

TEST_CASE("graphs without an order in which they can run are refused") {
  CHECK_THAT(refusal_after([](Model& m) { m.nodes[0].inputs[0] = 3; }),
             Contains("uses tensor 3 before anything has made it"));
  CHECK_THAT(refusal_after([](Model& m) { m.nodes.push_back(m.nodes[0]); }),
             Contains("makes tensor 3, which exists already"));
  CHECK_THAT(refusal_after([](Model& m) { m.nodes[0].outputs[0] = 0; }), Contains("makes tensor 0, which exists"));
  CHECK_THAT(refusal_after([](Model& m) { m.nodes[0].outputs[0] = 1; }), Contains("makes tensor 1, which exists"));
  CHECK_THAT(refusal_after([](Model& m) { m.nodes.clear(); }), Contains("tensor 3 is never made"));
  CHECK_THAT(refusal_after([](Model& m) { m.nodes[0].outputs.clear(); }), Contains("has no output"));
  CHECK_THAT(refusal_after([](Model& m) { m.inputs.clear(); }), Contains("has no input or no output"));
  CHECK_THAT(refusal_after([](Model& m) { m.inputs = {1}; }), Contains("inputs: tensor 1 is a constant"));
  CHECK_THAT(refusal_after([](Model& m) { m.outputs = {2}; }), Contains("outputs: tensor 2 is a constant"));
}

TEST_CASE("shapes that no memory holds are refused") {
  const auto refusal = [](const Shape& shape) { return refusal_after([&](Model& m) { m.tensors[0].shape = shape; }); };
  CHECK_THAT(refusal({-1, 3}), Contains("tensor 0 (in): has a side of -1"));
  CHECK_THAT(refusal({0}), Contains("has a side of 0"));
  CHECK_THAT(refusal({1 << 16, 1 << 16, 1 << 16, 1 << 16}), Contains("is larger than 256 MB"));  // 2^64 is 0 in 64 bits
  CHECK_THAT(refusal({INT32_MAX, INT32_MAX}), Contains("is larger than 256 MB"));
  CHECK_THAT(refusal(Shape(7, 1)), Contains("has 7 dimensions; at most 6"));
  CHECK_THAT(refusal_after([](Model& m) {
               for (int i = 0; i < 5; ++i) m.tensors.push_back({.dtype = DType::int8, .shape = {1 << 28}});
             }),
             Contains("its tensors take 1280 MB, more than 1024"));
}

TEST_CASE("a tensor that nothing reads or makes may be empty, and is kept for its scale, as an LSTM's intermediates") {
  Model model = one_node({.op = "softmax", .in = {1, 3}});
  model.tensors.push_back({.name = "hidden", .dtype = DType::int8, .shape = {0}, .quantization = {{0.5f}, {3}, 0}});
  model.nodes[0].attributes["intermediates"] = std::vector<std::int64_t>{2};
  for (int round = 0; round < 2; ++round) model = parse_tflite(serialize_tflite(model), "again");
  CHECK(model.tensors[2].quantization == Quantization{{0.5f}, {3}, 0});
  CHECK(std::get<std::vector<std::int64_t>>(model.nodes[0].attributes["intermediates"]) ==
        std::vector<std::int64_t>{2});
  model.nodes[0].attributes["intermediates"] = std::vector<std::int64_t>{3};
  CHECK_THROWS_WITH(parse_tflite(serialize_tflite(model), "again"), Contains("names tensor 3, and there are 3"));
}

TEST_CASE("constants whose buffer has another size than their shape are refused") {
  CHECK_THAT(refusal_after([](Model& m) { m.tensors[1].data.pop_back(); }),
             Contains("needs 6 bytes for int8 2x3, and its buffer holds 5"));
  CHECK_THAT(refusal_after([](Model& m) { m.tensors[2].shape = {3}; }),
             Contains("needs 12 bytes for int32 3, and its buffer holds 8"));
}

TEST_CASE("scales and zero points that mean nothing are refused") {
  const auto refusal = [](const Quantization& q) {
    return refusal_after([&](Model& m) { m.tensors[1].quantization = q; });
  };
  for (const float scale : {-1.0f, NAN, INFINITY})
    CHECK_THAT(refusal({{scale}, {0}}), Contains(fmt::format("quantization scale {}; it must be positive", scale)));
  CHECK_THAT(refusal({{0}, {0}}), Contains("has the quantization scale 0 for channel 0, whose values are not 0"));
  CHECK_THAT(refusal({{1, 1, 1}, {0, 0, 0}, 0}), Contains("has 3 scales along dimension 0 of 2x3"));
  CHECK_THAT(refusal({{1, 1}, {0, 0}, 9}), Contains("has 2 scales along dimension 9 of 2x3"));
  CHECK_THAT(refusal({{1, 1}, {0, 0}, -1}), Contains("has 2 scales along dimension -1"));
  CHECK(refusal({{1, 1}, {0, 0}, 0}) == "");
}

TEST_CASE("what converters write in a way of their own and means nothing else is read") {
  const auto read_after = [](auto change) { return refusal_after(change); };
  // Older ones say of a bias the dimension of the weights that it belongs to.
  CHECK(read_after([](Model& m) { m.tensors[2].quantization = {{0.5f, 0.5f}, {0, 0}, 3}; }) == "");
  // A pruned channel has the scale 0, and only zeros.
  CHECK(read_after([](Model& m) {
          m.tensors[1].quantization = {{0.5f, 0}, {0, 0}, 0};
          std::fill(m.tensors[1].data.begin() + 3, m.tensors[1].data.end(), 0);
        }) == "");
}

TEST_CASE("scales and zero points go in pairs, and a byte's zero point is one of its values") {
  const auto refusal = [](const Quantization& q) {
    return refusal_after([&](Model& m) { m.tensors[1].quantization = q; });
  };
  CHECK_THAT(refusal({{1, 1}, {0, 0, 0}, 0}), Contains("has 2 scales and 3 zero points"));
  CHECK(refusal({{1, 1}, {0}, 0}) == "");  // one for all
  CHECK_THAT(refusal({{1}, {128}}), Contains("has the zero point 128, outside its type"));
  CHECK_THAT(refusal({{1}, {-129}}), Contains("has the zero point -129, outside its type"));
  CHECK(refusal({{1}, {}}) == "");  // left out: 0
}

/// A relu of 4 values; `change` is given its file before that is written.
template <typename Change>
static std::string refusal_of_raw(Change change) {
  RawModel raw{.tensors = {{{1, 4}}, {{1, 4}}}, .nodes = {{.code = 19, .inputs = {0}, .outputs = {1}}}};
  change(raw);
  return refusal_of_file(written(raw));
}

TEST_CASE("what the format has learned since, and would be read wrongly, is refused") {
  CHECK(refusal_of_raw([](RawModel&) {}) == "");
  CHECK_THAT(refusal_of_raw([](RawModel& raw) { raw.version = 4; }), Contains("version: is 4; 3 is supported"));
  CHECK_THAT(refusal_of_raw([](RawModel& raw) { raw.tensors[0].is_sparse = true; }),
             Contains("tensor 0 (tensor): is sparse"));
  CHECK_THAT(refusal_of_raw([](RawModel& raw) { raw.tensors[0].data_offset = 4096; }),
             Contains("keeps its data behind the flatbuffer"));
  CHECK_THAT(refusal_of_raw([](RawModel& raw) { raw.tensors[0].details_type = 2; }),
             Contains("is quantized by a scheme of its own (details type 2)"));
}

TEST_CASE("options of another operator are refused, and those of an operator without any are not read") {
  const auto with_options = [](int code, const char* options, const Attributes& attributes) {
    return written(RawModel{.tensors = {{{1, 4}}, {{1, 4}}}, .nodes = {{code, {0}, {1}, options, attributes}}});
  };
  CHECK(refusal_of_file(with_options(25, "SoftmaxOptions", {{"beta", 1.0}})) == "");
  CHECK_THAT(refusal_of_file(with_options(25, "AddOptions", {{"fused_activation_function", std::int64_t{1}}})),
             Contains("node 0 (softmax): brings AddOptions, and its options are SoftmaxOptions"));
  CHECK(parse_tflite(with_options(19, "SoftmaxOptions", {{"beta", 1.0}}), "f").nodes[0].attributes.empty());
}

TEST_CASE("an input that is named twice is refused") {
  CHECK_THAT(refusal_of_raw([](RawModel& raw) { raw.inputs = {0, 0}; }), Contains("inputs: names tensor 0 twice"));
}

TEST_CASE("names cannot steer the terminal that they are printed on") {
  Model model = one_node({.op = "relu", .in = {1, 4}});
  model.tensors[0].name = "in\x1b[2J\n";
  CHECK(parse_tflite(serialize_tflite(model), "f").tensors[0].name == "in_[2J_");
}

TEST_CASE("a file of 2 GB or more is refused before the verifier, which would abort") {
  const Bytes start = written(RawFile{});  // no more of it is looked at
  CHECK_THAT(refusal_of_file({start.data(), std::size_t{1} << 31}), Contains("is larger than 2 GB"));
}

/// A flatbuffer whose tensors are all one table, so that its file is small.
static Bytes one_table_many_times(std::size_t times, std::size_t name_bytes) {
  flatbuffers::FlatBufferBuilder builder;
  const std::vector<std::int32_t> shape{1, 4}, first{0}, none;
  const std::string name(name_bytes, 'n');
  const auto tensor = tflite::CreateTensorDirect(builder, &shape, tflite::TensorType::INT8, 0, name.c_str());
  const std::vector tensors(times, tensor);
  const std::vector<flatbuffers::Offset<tflite::Operator>> nodes;
  const std::vector graphs{tflite::CreateSubGraphDirect(builder, &tensors, &first, &first, &nodes)};
  const std::vector buffers{tflite::CreateBuffer(builder)};
  const std::vector<flatbuffers::Offset<tflite::OperatorCode>> codes;
  tflite::FinishModelBuffer(builder, tflite::CreateModelDirect(builder, 3, &codes, &graphs, "", &buffers));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

TEST_CASE("a small file that unfolds into more than memory holds is refused") {
  CHECK(refusal_of_file(one_table_many_times(100, 1000)) == "");
  const Bytes bomb = one_table_many_times(100'000, 100'000);  // 10 GB of names in 500 KB
  CHECK(bomb.size() < 600'000);
  CHECK_THAT(refusal_of_file(bomb), Contains("names, shapes, scales, options and metadata come to more than 64 MB"));
}

TEST_CASE("of a million things that are wrong a hundred are told") {
  RawModel raw{.tensors = {{{1, 4}}, {{1, 4}}}, .nodes = {{.code = 19, .inputs = {0}, .outputs = {1}}}};
  raw.nodes[0].inputs.assign(1'000'000, 77);
  try {
    parse_tflite(written(raw), "hostile.tflite");
    FAIL("it was believed");
  } catch (const Error& error) {
    CHECK(error.problems.size() == 100);
  }
}

TEST_CASE("everything that is wrong is told at once") {
  const std::string all = refusal_after([](Model& m) {
    m.tensors[0].shape = {-1};
    m.tensors[1].quantization.scale = {NAN};
  });
  CHECK_THAT(all, Contains("tensor 0") && Contains("tensor 1"));
}

/// Reads the file and, where it is taken, asks operators everything that they promise to answer after check_supported.
/// Any end but an Error with whole sentences is a fault.
static bool survives(const Bytes& file) try {
  const Model model = parse_tflite(file, "hostile.tflite");
  check_supported(model);
  std::size_t bytes = 0;
  for (const Tensor& tensor : model.tensors) bytes += tensor.bytes();
  if (bytes < 1'000'000) reference_output(model, Bytes(model.tensors[model.inputs[0]].bytes()));
  for (const Node& node : model.nodes) {
    const Operator& op = *find_operator(node.op);
    op.rows(model, node, 0, 0);
    op.macs(model, node);
    if (bytes < 1'000'000 && model.input(node, 0).dtype == DType::int8) op.emit(model, node);
  }
  return true;
} catch (const Error& error) {
  return is_whole(error);
}

TEST_CASE("a file cut short anywhere is refused, never believed and never a crash") {
  Model model = RandomModels(51).chain();
  set_info(model, {.labels = {"a", "b"}});
  const Bytes file = serialize_tflite(model);
  for (std::size_t length = 0; length < file.size(); ++length) {
    INFO(length << " of " << file.size() << " bytes");
    // A copy of just this length, so that a read past the end shows under a sanitizer.
    CHECK(survives(Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length))));
  }
}

TEST_CASE("a wrong byte anywhere is refused or makes another model, never a crash") {
  RandomModels random(52);
  Bytes file;
  for (int round = 0; round < 3000; ++round) {
    if (round % 100 == 0) file = serialize_tflite(random.chain());
    Bytes damaged = file;
    damaged[random.pick(0, static_cast<int>(file.size()) - 1)] = static_cast<std::uint8_t>(random.pick(0, 255));
    INFO("round " << round);
    CHECK(survives(damaged));
  }
}

TEST_CASE("hostile attributes, shapes, inputs and scales are refused in a sentence, never a crash") {
  RandomModels random(53);
  for (int round = 0; round < 4000; ++round) {
    Model model = random.node(layer_names[random.pick(0, static_cast<int>(layer_names.size()) - 1)]);
    for (int changes = random.pick(1, 3); changes > 0; --changes) make_hostile(random, model);
    INFO("round " << round);
    CHECK(survives(serialize_tflite(model)));
  }
}
