// Numbers changed in emitted code: is the layer named whose number it is?
#include "judge/code_stage.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <regex>

#include "compile/emit_layers.h"
#include "compile/passes.h"
#include "ops/op_test.h"

using namespace dragonet;
using namespace dragonet::testing;

namespace {

/// A network of several layers, with a reshape.
Model several_layers(RandomModels& random) {
  for (;;) {
    Model model = random.chain();
    if (model.nodes.size() >= 4) return model;
  }
}

std::vector<Bytes> inputs_of(const Model& model, RandomModels& random, int count) {
  std::vector<Bytes> inputs;
  for (int i = 0; i < count; ++i) inputs.push_back(random.input(model));
  return inputs;
}

std::string& source_of(EmittedModel& emitted) {
  for (EmittedFile& file : emitted.files)
    if (file.path.extension() == ".cpp") return file.text;
  throw std::logic_error("no source");
}

CodeStage on_host(const EmittedModel& emitted, const Model& model, const std::vector<Bytes>& inputs) {
  const TemporaryFolder folder;
  return compare_code("this machine", model, inputs, capture_on_host(emitted, model, inputs, folder.path()));
}

CodeStage on_board(const EmittedModel& emitted, const Model& model, const std::vector<Bytes>& inputs) {
  const TemporaryFolder folder;
  const Board& board = find_board("virtual-m0plus");
  write_emitted(emitted, folder.path());
  BoardBuild build{.emitted = emitted, .streamed = true};
  build.image = build_firmware(folder.path(), emitted.interface, board, {.streamed = true});
  std::vector<Bytes> outputs;
  CodeStage stage = compare_code("virtual", model, inputs, capture_on_board(build, board, model, inputs, outputs));
  compare_answers(stage, model, inputs, outputs);
  return stage;
}

/// Adds to the first number of a layer's constant; false where it has none of this name.
bool change_number(std::string& source, const std::string& array, int by) {
  std::smatch found;
  if (!std::regex_search(source, found, std::regex(array + "\\[\\] = \\{(-?[0-9]+)"))) return false;
  const int number = std::stoi(found[1]) + by;
  source.replace(found.position(1), found.length(1), std::to_string(number));
  return true;
}

/// Would the layer's values be others, were its first bias moved by so much? Not where it saturates anyway.
bool has_effect(const Model& model, int node, int by, const std::vector<Bytes>& inputs) {
  if (!model.has_input(model.nodes[node], 2)) return false;
  Model moved = model;
  Tensor& bias = moved.tensors[model.nodes[node].inputs[2]];
  const auto all = values<std::int32_t>(bias);
  std::vector<std::int32_t> q(all.begin(), all.end());
  q[0] += by;
  set_values<std::int32_t>(bias, q);
  const int t = model.nodes[node].outputs[0];
  return std::ranges::any_of(
      inputs, [&](const Bytes& input) { return run_reference(model, input)[t] != run_reference(moved, input)[t]; });
}

}  // namespace

TEST_CASE("emitted code equals its reference in every layer, taken row by row, on this machine and the virtual board",
          "[slow]") {
  RandomModels random(3);
  for (int i = 0; i < 6; ++i) {
    const Model model = run_passes(several_layers(random));  // as it is compiled, so that layers have one shape
    const std::vector<Bytes> inputs = inputs_of(model, random, 3);
    for (const Optimize optimize : {Optimize::ram, Optimize::speed}) {
      const EmittedModel emitted = compile_model(model, {optimize});
      for (const CodeStage& stage : {on_host(emitted, model, inputs), on_board(emitted, model, inputs)}) {
        INFO(stage.name << (stage.difference ? stage.difference->what : ""));
        CHECK(!stage.difference);
        for (const Node& node : model.nodes) CHECK(stage.equal[node.index].has_value() == (node.op != "reshape"));
      }
    }
  }
}

TEST_CASE("a changed bias in emitted code is found in its layer, on this machine and on the virtual board", "[slow]") {
  int planted = 0, located = 0;
  for (unsigned seed = 1; planted < 10; ++seed) {
    RandomModels random(seed);
    const Model model = run_passes(several_layers(random));  // as it is compiled, so that layers have one shape
    const std::vector<Bytes> inputs = inputs_of(model, random, 4);
    const int node = random.pick(0, static_cast<int>(model.nodes.size()) - 1);
    constexpr int by = 3000;
    EmittedModel emitted = compile_model(model);
    if (!has_effect(model, node, by, inputs)) continue;
    REQUIRE(change_number(source_of(emitted), layer_function(model.nodes[node]) + "_bias", by));
    ++planted;
    const CodeStage host = on_host(emitted, model, inputs), board = on_board(emitted, model, inputs);
    const bool is_found =
        host.difference && board.difference && host.difference->node == node && board.difference->node == node;
    if (!is_found)
      WARN("seed " << seed << ", node " << node << ": " << (host.difference ? host.difference->what : "nothing found"));
    located += is_found;
  }
  CHECK(located >= 9);
  std::fprintf(stderr, "changed biases in emitted code: %d of %d located\n", located, planted);
}

TEST_CASE("what differs is told with its first value and a likely cause") {
  OneNode dense{.op = "fully_connected", .in = {1, 2}, .weights_shape = {2, 2}, .weights = {1, 0, 0, 1}};
  dense.bias = {0, 0};
  const Model model = one_node(dense);
  Captured captured{TensorBytes(model.tensors.size())};
  captured[0][model.outputs[0]] = bytes_of({3, 9});
  const std::vector<Bytes> inputs{bytes_of({3, 4})};
  const CodeStage stage = compare_code("here", model, inputs, captured);
  REQUIRE(stage.difference);
  CHECK(stage.difference->what ==
        "on here 1 of its 2 values differ from the reference, though all that it reads are equal; first in vector 0, "
        "value 1: 9 instead of 4; only channel 1 differs: its weights, bias or multiplier");
  CHECK(stage.difference->next ==
        "look at layer_00_fully_connected's constants in the emitted one.cpp, and compile the "
        "model anew");
}
