#include <catch2/catch.hpp>
#include <set>

#include "board/build.h"
#include "ops/op_test.h"

using namespace dragonet;
using namespace dragonet::testing;

/// Are outputs on the virtual board those of the reference, for several inputs one after another?
static void check_on_board(const Model& model, RandomModels& random) {
  const TemporaryFolder folder;
  const Board& board = find_board("mkrzero");
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
  for (const std::string& op : layer_names) CHECK(met.contains(op));
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
