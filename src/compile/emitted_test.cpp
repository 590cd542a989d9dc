#include <catch2/catch.hpp>

#include "compile/emitted_program.h"

using namespace dragonet;
using namespace dragonet::testing;

TEST_CASE("whole networks as emitted equal their references, with residual branches and reshapes that share a place") {
  RandomModels random(8);
  std::vector<Model> models;
  for (int m = 0; m < 100; ++m) models.push_back(random.chain());
  check_emitted_equals_reference(models, random);
}

TEST_CASE("what no random layer reaches is equal too: long rows of equal classes, 300 outputs of one channel") {
  OneNode classes{.op = "softmax", .in = {1, 1000}, .attributes = {{"beta", 1.0}}};
  classes.out_quantization = {{1.0f / 256}, {-128}};
  OneNode wide{.op = "depthwise_conv_2d", .in = {1, 2, 2, 1}, .attributes = window_attributes(same)};
  wide.weights_shape = {1, 1, 1, 300};
  for (int c = 0; c < 300; ++c) wide.weights.push_back(c % 255 - 127);
  wide.out_quantization = {{100}, {0}};
  RandomModels random(9);
  check_emitted_equals_reference({one_node(classes), one_node(wide)}, random);
  Bytes equal(1000, 9);
  Model model = one_node(classes);
  CHECK(run_all({model}, equal, 1) == reference_output(model, equal));
}
