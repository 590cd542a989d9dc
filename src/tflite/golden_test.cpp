#include "golden.h"

#include <catch2/catch.hpp>

#include "ops/check.h"
#include "ops/run_reference.h"
#include "tflite/tflite.h"

using namespace dragonet;

/// "" if every layer of every vector is as TensorFlow Lite Micro computed it, else the first that is not.
static std::string first_difference(const testing::Golden& golden, const Model& model) {
  for (std::size_t v = 0; v < golden.inputs.size(); ++v) {
    const TensorBytes bytes = run_reference(model, golden.inputs[v]);
    for (const Node& node : model.nodes)
      if (testing::crc32_of(bytes[node.outputs[0]]) != golden.layer_crcs[v][node.index])
        return fmt::format("vector {}, {}", v, describe(model, node));
    if (bytes[model.outputs[0]] != golden.outputs[v]) return fmt::format("vector {}, output", v);
  }
  return "";
}

static void check_golden(const std::string& name) {
  const auto golden = testing::find_golden(name);
  if (!golden) return;
  const Model model = read_tflite(golden->model);
  check_supported(model);
  CHECK(first_difference(*golden, model) == "");
  const Model again = parse_tflite(serialize_tflite(model), "written again");
  CHECK(first_difference(*golden, again) == "");
}

TEST_CASE("hello_world is exact, layer by layer, also after being written and read again") {
  check_golden("hello_world_int8");
}
TEST_CASE("keyword spotting is exact, layer by layer, also after being written and read again") {
  check_golden("kws_ref_model");
}
TEST_CASE("visual wake words is exact, layer by layer") { check_golden("vww_96_int8"); }
TEST_CASE("micro_speech is exact, layer by layer") { check_golden("micro_speech_quantized"); }
TEST_CASE("the autoencoder is exact, layer by layer") { check_golden("ad01_int8"); }
TEST_CASE("ResNet-8 is exact, layer by layer, also after being written and read again") {
  check_golden("pretrainedResnet_quant");
}
