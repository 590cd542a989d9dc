#include <catch2/catch.hpp>
#include <set>

#include "board/build.h"
#include "ops/op_test.h"

using namespace dragonet;
using namespace dragonet::testing;

/// Are outputs on the virtual board those of the reference, for several inputs one after another?
static void check_on_board(const Model& model, RandomModels& random, const std::string& id = "mkrzero") {
  const TemporaryFolder folder;
  const Board& board = find_board(id);
  const BoardBuild build = build_for_board(model, board, folder.path());
  CHECK_FALSE(build.streamed);
  BoardSession session(build, board);
  for (int i = 0; i < 3; ++i) {
    const Bytes input = random.input(model);
    CHECK(session.infer(input) == reference_output(model, input));
  }
  CHECK(session.stack_used() <= build.image.ram.stack);
}

TEST_CASE("random networks of all layers give on the virtual board what the references give, byte for byte") {
  RandomModels random(61);
  std::set<std::string> met;
  for (int m = 0; m < 8; ++m) {
    const Model model = random.chain();
    for (const Node& node : model.nodes) met.insert(node.op);
    INFO("network " << m << ", of " << model.nodes.size() << " layers");
    check_on_board(model, random);
  }
  for (const char* op : {"add", "average_pool_2d", "conv_2d", "depthwise_conv_2d", "fully_connected", "max_pool_2d",
                         "relu", "relu6", "reshape", "softmax"})
    CHECK(met.contains(op));
}

TEST_CASE("random networks give the same on a Cortex-M4F, whose compiler loads and multiplies in other ways") {
  RandomModels random(64);
  for (int m = 0; m < 4; ++m) {
    const Model model = random.chain();
    INFO("network " << m << ", of " << model.nodes.size() << " layers");
    check_on_board(model, random, "virtual-m4f");
  }
}

/// Two pictures of unlike rows, each with a relu of its own; nothing joins them.
static Model two_in_two_out() {
  const Quantization q{{0.05f}, {-10}, 0};
  Model model{.name = "two", .source = "two.tflite", .inputs = {0, 1}, .outputs = {3, 2}};
  for (const Shape& shape : {Shape{1, 3, 4, 2}, Shape{1, 2, 5, 1}, Shape{1, 3, 4, 2}, Shape{1, 2, 5, 1}})
    model.tensors.push_back({"t", DType::int8, shape, q, {}});
  model.nodes = {{.op = "relu", .index = 0, .inputs = {0}, .outputs = {2}},
                 {.op = "relu6", .index = 1, .inputs = {1}, .outputs = {3}}};
  return model;
}

TEST_CASE("several inputs and outputs, of unlike rows, are taken and given back to back, buffered and streamed") {
  const Model model = two_in_two_out();
  const Board& board = find_board("mkrzero");
  RandomModels random(63);
  for (const Optimize optimize : {Optimize::balanced, Optimize::ram}) {
    const TemporaryFolder folder;
    const BoardBuild build = build_for_board(model, board, folder.path(), optimize);
    CHECK(build.streamed == (optimize == Optimize::ram));
    BoardSession session(build, board);
    for (int i = 0; i < 2; ++i) {
      const Bytes input = random.input(model);
      const TensorBytes values = run_reference(model, input);
      Bytes expected = values[3];
      expected.insert(expected.end(), values[2].begin(), values[2].end());
      CHECK(session.infer(input) == expected);
    }
  }
}

TEST_CASE("one row, one column and one cell run on the virtual board as in the references") {
  RandomModels random(62);
  OneNode one{.op = "conv_2d", .attributes = window_attributes(same, 2, relu), .weights_shape = {2, 3, 3, 1}};
  for (int w = 0; w < 18; ++w) one.weights.push_back(w * 14 - 128);
  one.out_quantization = {{200}, {-128}};
  for (const Shape& shape : {Shape{1, 1, 7, 1}, Shape{1, 7, 1, 1}, Shape{1, 1, 1, 1}}) {
    one.in = shape;
    INFO(text_of(shape));
    check_on_board(one_node(one), random);
  }
}
