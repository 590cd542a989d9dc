#include "compile/passes.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "model/model_text.h"
#include "ops/op_test.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

/// float32 -> quantize -> relu, int8.
static Model with_an_edge() {
  Model model = one_node({.op = "relu", .in = {1, 3}});
  model.tensors.push_back({.name = "real", .shape = {1, 3}});
  model.nodes.insert(model.nodes.begin(), {.op = "quantize", .inputs = {2}, .outputs = {0}});
  model.nodes[1].index = 1;
  model.inputs = {2};
  return model;
}

TEST_CASE("the model can be had after any pass, by the pass's name") {
  const Model model = with_an_edge();
  CHECK(run_passes_until(model, "import").nodes.size() == 2);
  CHECK(run_passes_until(model, "without_edges").nodes.size() == 1);
  CHECK(model_text(run_passes(model)) == model_text(run_passes_until(model, passes().back().name)));
  CHECK_THROWS_WITH(run_passes_until(model, "without_edge"), Contains("did you mean without_edges? There are import"));
}

TEST_CASE("a model prints a line for each node, constants by their type") {
  OneNode dense{.op = "fully_connected", .in = {1, 2}, .weights_shape = {1, 2}, .weights = {1, 2}};
  dense.bias = {5};
  CHECK(model_text(one_node(dense)) ==
        "one (one.tflite)\n"
        "input   %0: int8 1x2 scale 1 zero 0  in\n"
        "node 0  fully_connected(%0, [int8 1x2 scale 1 zero 0], [int32 1])\n"
        "        -> %3: int8 1x1 scale 1 zero 0  out\n"
        "output  %3: int8 1x1 scale 1 zero 0  out\n");
}
