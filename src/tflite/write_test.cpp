#include <algorithm>
#include <catch2/catch.hpp>

#include "model/model_info.h"
#include "ops/op_test.h"
#include "tflite/tflite.h"

using namespace dragonet;
using namespace dragonet::testing;

static Model written_and_read(const Model& model) { return parse_tflite(serialize_tflite(model), "again.tflite"); }

static void check_same_tensor(const Tensor& a, const Tensor& b) {
  INFO(a.name);
  CHECK(a.name == b.name);
  CHECK(a.dtype == b.dtype);
  CHECK(a.shape == b.shape);
  CHECK(a.quantization == b.quantization);
  CHECK(a.data == b.data);
}

static void check_same(const Model& a, const Model& b) {
  CHECK(a.inputs == b.inputs);
  CHECK(a.outputs == b.outputs);
  CHECK(a.metadata == b.metadata);
  REQUIRE(a.tensors.size() == b.tensors.size());
  for (std::size_t t = 0; t < a.tensors.size(); ++t) check_same_tensor(a.tensors[t], b.tensors[t]);
  REQUIRE(a.nodes.size() == b.nodes.size());
  for (std::size_t n = 0; n < a.nodes.size(); ++n) {
    CHECK(a.nodes[n].op == b.nodes[n].op);
    CHECK(a.nodes[n].inputs == b.nodes[n].inputs);
    CHECK(a.nodes[n].outputs == b.nodes[n].outputs);
    CHECK(a.nodes[n].attributes == b.nodes[n].attributes);
  }
}

TEST_CASE("what is written reads back the same: tensors, attributes, scales, weights") {
  RandomModels random(41);
  for (int round = 0; round < 50; ++round) {
    INFO("round " << round);
    const Model model = random.chain();
    check_same(model, written_and_read(model));
    for (const std::string& op : layer_names) {
      const Model one = random.node(op);
      check_same(one, written_and_read(one));
    }
  }
}

TEST_CASE("metadata read back byte for byte, also empty, binary and with quotes") {
  Model model = RandomModels(42).node("conv_2d");
  model.metadata = {{"a", ""}, {"b", std::string("\0\xff\n\"", 4)}, {"min_runtime_version", "1.5.0"}};
  set_info(model,
           {.labels = {"dragon", "other"}, .features = ImageFeatureSettings{.height = 4, .width = 5, .channels = 3}});
  check_same(model, written_and_read(model));
}

TEST_CASE("an attribute with the value 0 is written too: the reader of the file may have another default") {
  Model model = RandomModels(43).node("conv_2d");
  model.nodes[0].attributes["dilation_h_factor"] = std::int64_t{0};
  CHECK(written_and_read(model).nodes[0].integer("dilation_h_factor", 7) == 0);
}

TEST_CASE("a reshape's target, a vector, reads back") {
  Model model = one_node(
      {.op = "reshape", .in = {1, 4}, .attributes = {{"new_shape", std::vector<std::int64_t>{4, -1}}}, .out = {4}});
  check_same(model, written_and_read(model));
}

TEST_CASE("a float model reads back the same") {
  Model model = one_node({.op = "softmax", .in = {1, 3}, .attributes = {{"beta", 0.5}}});
  for (Tensor& tensor : model.tensors) tensor.dtype = DType::float32, tensor.quantization = {};
  check_same(model, written_and_read(model));
}

TEST_CASE("the file carries the format's identifier, and the same model makes the same bytes") {
  const Model model = RandomModels(44).chain();
  const Bytes file = serialize_tflite(model);
  CHECK(std::string(file.begin() + 4, file.begin() + 8) == "TFL3");
  CHECK(serialize_tflite(model) == file);
  CHECK(serialize_tflite(written_and_read(model)) != Bytes{});
}

TEST_CASE("constants lie at multiples of 16 in the file, so that a program which maps it can use them in place") {
  RandomModels random(46);
  for (int round = 0; round < 20; ++round) {
    const Model model = random.chain();
    const Bytes file = serialize_tflite(model);
    for (const Tensor& tensor : model.tensors) {
      if (tensor.data.size() < 16) continue;  // shorter ones may occur elsewhere by chance
      const auto found = std::search(file.begin(), file.end(), tensor.data.begin(), tensor.data.end());
      REQUIRE(found != file.end());
      CHECK((found - file.begin()) % 16 == 0);
    }
  }
}

TEST_CASE("a model's name becomes that of the file it is read from, as an identifier") {
  const TemporaryFolder folder;
  write_file(folder.path() / "my dragon-2.tflite", serialize_tflite(RandomModels(45).node("max_pool_2d")));
  write_file(folder.path() / "class.tflite", serialize_tflite(RandomModels(45).node("max_pool_2d")));
  CHECK(read_tflite(folder.path() / "my dragon-2.tflite").name == "my_dragon_2");
  CHECK(read_tflite(folder.path() / "class.tflite").name == "model_class");
}
