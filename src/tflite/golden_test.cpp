// Other people's models against TensorFlow Lite Micro's reference kernels: integers exactly, layer by layer; floats,
// which its library of mathematics rounds otherwise, within 1e-6 of an output's largest value.
#include "golden.h"

#include <catch2/catch.hpp>

#include "ops/check.h"
#include "ops/near.h"
#include "ops/run_reference.h"
#include "tflite/tflite.h"

using namespace dragonet;

/// "" if every layer of every vector is as TensorFlow Lite Micro computed it, else the first that is not.
static std::string first_difference(const testing::Golden& golden, const Model& model) {
  const bool is_real = model.tensors[model.outputs[0]].dtype == DType::float32;
  for (std::size_t v = 0; v < golden.inputs.size(); ++v) {
    const TensorBytes bytes = run_reference(model, golden.inputs[v]);
    for (const Node& node : model.nodes)
      if (!is_real && !golden.layer_crcs.empty() &&
          testing::crc32_of(bytes[node.outputs[0]]) != golden.layer_crcs[v][node.index])
        return fmt::format("vector {}, {}", v, describe(model, node));
    if (!is_near(model.tensors[model.outputs[0]], bytes[model.outputs[0]], golden.outputs[v]))
      return fmt::format("vector {}, output", v);
  }
  return "";
}

/// The same of a model that keeps a state, vector after vector.
static std::string first_difference_in_turn(const testing::Golden& golden, const Model& model) {
  ModelState state = initial_state(model);
  for (std::size_t v = 0; v < golden.outputs_in_turn.size(); ++v)
    if (reference_output(model, golden.inputs[v], state) != golden.outputs_in_turn[v])
      return fmt::format("vector {} after those before it", v);
  return "";
}

static void check_golden(const testing::Golden& golden) {
  INFO(golden.name);
  const Model model = read_tflite(golden.model);
  check_supported(model);
  CHECK(first_difference(golden, model) == "");
  CHECK(first_difference_in_turn(golden, model) == "");
  const Model again = parse_tflite(serialize_tflite(model), "written again");
  CHECK(first_difference(golden, again) == "");
}

TEST_CASE("golden models are exact, layer by layer, also after being written and read again") {
  for (const testing::Golden& golden : testing::all_golden()) DYNAMIC_SECTION(golden.name) {
      check_golden(golden);
    }
}
TEST_CASE("golden models of one operator, in int16, are exact, also after being written and read again") {
  for (const testing::Golden& golden : testing::all_golden("seanet")) DYNAMIC_SECTION(golden.name) {
      check_golden(golden);
    }
}
