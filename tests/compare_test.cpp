// `dragonet compare` as a user runs it.
#include "judge/compare.h"

#include <algorithm>

#include "drawn_samples.h"
#include "golden.h"
#include "ops/op_test.h"
#include "program.h"
#include "small_project.h"
#include "tflite/tflite.h"

using namespace dragonet;
using namespace dragonet::testing;

static nlohmann::json row_named(const nlohmann::json& compared, const std::string& op) {
  for (const auto& layer : compared["layers"])
    if (layer["op"] == op) return layer;
  return {};
}

TEST_CASE("compare, in a project, holds the run's float model against its int8 model, its code and its board") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 20, 3);
  json_of(project, "train");
  const auto compared = json_of(project, "compare --vectors 4");
  CHECK(compared["equal"] == true);
  CHECK(compared["exact"] == false);
  CHECK(compared["vectors"] == 4);
  CHECK(compared["layers"].size() >= 4);
  CHECK(row_named(compared, "input")["sqnr_db"] > 40);
  const auto conv = row_named(compared, "conv_2d");
  CHECK(conv["sqnr_db"] > 15);
  CHECK(conv["code"]["this machine"] == true);
  CHECK(conv["code"]["mkrzero"] == true);
  const ProcessResult text = dragonet_in(project, "compare --no-code --vectors 4");
  CHECK(text.status == 0);
  CHECK_THAT(text.output, Catch::Contains("no fault found") && Catch::Contains("expected"));
}

TEST_CASE("compare names the layer that was damaged, with exit status 1") {
  const TemporaryFolder folder;
  RandomModels random(4);
  Model model = random.node("conv_2d");
  write_file(folder.path() / "right.tflite", serialize_tflite(model));
  Tensor& weights = model.tensors[model.nodes[0].inputs[1]];
  weights.data[0] ^= 0x40;
  write_file(folder.path() / "wrong.tflite", serialize_tflite(model));
  CHECK(json_of(folder.path(), "compare right.tflite right.tflite")["exact"] == true);
  const auto compared = json_of(folder.path(), "compare right.tflite wrong.tflite --board virtual-m0plus", 1);
  CHECK(compared["equal"] == false);
  CHECK(compared["first_difference"]["layer"] == "conv_2d (conv_2d)");
  CHECK_THAT(compared["first_difference"]["what"].get<std::string>(),
             Catch::Contains("one value of its weights is wrong: at [0, 0, 0, 0]") && Catch::Contains("one bit (6)"));
  CHECK(row_named(compared, "conv_2d")["equal"] == false);
  CHECK(row_named(compared, "conv_2d")["code"]["virtual-m0plus"] == true);  // it runs as damaged as it is
}

TEST_CASE("compare of one int8 model holds its code against its reference") {
  const TemporaryFolder folder;
  RandomModels random(4);
  const Model model = random.node("depthwise_conv_2d");
  write_file(folder.path() / "one.tflite", serialize_tflite(model));
  write_file(folder.path() / "inputs.bin", random.input(model));
  const auto compared = json_of(folder.path(), "compare one.tflite --inputs inputs.bin");
  CHECK(compared["equal"] == true);
  CHECK(compared["vectors"] == 1);
  CHECK(compared["notes"].empty());
  CHECK(row_named(compared, "depthwise_conv_2d")["sqnr_db"].is_null());
  CHECK(row_named(compared, "depthwise_conv_2d")["code"].size() == 2);
}

TEST_CASE("compare refuses what it cannot compare, in a sentence") {
  const TemporaryFolder folder;
  RandomModels random(5);
  write_file(folder.path() / "a.tflite", serialize_tflite(random.node("relu")));
  write_file(folder.path() / "b.tflite", serialize_tflite(random.node("softmax")));
  write_file(folder.path() / "inputs.bin", Bytes(1));
  const auto said = [&](const std::string& arguments) {
    const ProcessResult result = dragonet_in(folder.path(), "compare " + arguments);
    CHECK(result.status == 2);
    return result.output;
  };
  CHECK_THAT(said("a.tflite b.tflite"), Catch::Contains("their inputs are of different numbers of values"));
  CHECK_THAT(said("a.tflite --no-code"), Catch::Contains("is one int8 model, and its code is not to be compared"));
  CHECK_THAT(said("a.tflite missing.tflite"), Catch::Contains("missing.tflite"));
  CHECK_THAT(said("a.tflite --inputs inputs.bin --inputs-b inputs.bin"), Catch::Contains("inputs.bin"));
}

TEST_CASE("compile --dump-after prints the model after that pass, and needs no board") {
  const TemporaryFolder folder;
  RandomModels random(6);
  write_file(folder.path() / "one.tflite", serialize_tflite(random.node("relu")));
  CHECK_THAT(json_of(folder.path(), "compile one.tflite --dump-after=import")["text"].get<std::string>(),
             Catch::Contains("relu(%0)"));
  CHECK(dragonet_in(folder.path(), "compile one.tflite --dump-after=nothing").status == 2);
}

TEST_CASE("compare finds the published ResNet-8 in int8 to be the float one, and its layers above 15 dB") {
  const auto real = find_golden("pretrainedResnet"), int8 = find_golden("pretrainedResnet_quant");
  if (!real || !int8) return;
  const TemporaryFolder folder;
  const std::string models = fs::absolute(real->model).string() + " " + fs::absolute(int8->model).string();
  const std::string inputs = fs::absolute(real->model.parent_path() / "inputs.bin").string();
  const auto compared = json_of(folder.path(), "compare " + models + " --vectors 6 --inputs " + inputs);
  CHECK(compared["equal"] == true);
  CHECK(compared["layers"].size() == 17);
  for (const auto& layer : compared["layers"]) {
    INFO(layer["name"]);
    CHECK(layer["sqnr_db"] > 15);
    if (layer["op"] != "input" && layer["op"] != "reshape") CHECK(layer["code"]["virtual-m0plus"] == true);
  }
}

/// Where the float model says that the damaged int8 one is wrong.
static std::string blamed(const Golden& golden, const Model& real, const Model& damaged) {
  const Comparison found = compare_models(real, damaged, {golden.inputs.begin(), golden.inputs.begin() + 4});
  return found.is_equal() ? "" : found.both.b.tensors[found.both.places[found.findings[0].place].tensor_b].name;
}

TEST_CASE("faults planted in the published ResNet-8 are located in their layers") {
  const auto golden = find_golden("pretrainedResnet"), other = find_golden("pretrainedResnet_quant");
  if (!golden || !other) return;
  const Model real = read_tflite(golden->model), int8 = read_tflite(other->model);
  int located = 0, planted = 0;
  const auto plant = [&](const char* what, const Node& node, int blamed_tensor, auto damage) {
    Model damaged = int8;
    damage(damaged, node);
    ++planted;
    const std::string found = blamed(*golden, real, damaged);
    located += found == int8.tensors[blamed_tensor].name;
    if (found != int8.tensors[blamed_tensor].name)
      WARN(what << " in " << int8.output(node).name << " was located in: " << found);
  };
  for (const Node& node : int8.nodes) {
    if (node.op != "conv_2d") continue;
    const int out = node.outputs[0];
    plant("a flipped bit", node, out, [](Model& m, const Node& n) { m.tensors[n.inputs[1]].data[7] ^= 0x40; });
    plant("a wrong bias", node, out, [](Model& m, const Node& n) { m.tensors[n.inputs[2]].data[5] ^= 0x20; });
    plant("a wrong weight scale", node, out,
          [](Model& m, const Node& n) { m.tensors[n.inputs[1]].quantization.scale[1] *= 2; });
    plant("a wrong scale", node, out,
          [](Model& m, const Node& n) { m.tensors[n.outputs[0]].quantization.scale[0] /= 3; });
    plant("a wrong zero point", node, out, [](Model& m, const Node& n) {
      std::int32_t& zero_point = m.tensors[n.outputs[0]].quantization.zero_point[0];
      zero_point += zero_point < 0 ? 90 : -90;
    });
    plant("exchanged channels", node, out, [](Model& m, const Node& n) {
      Bytes& weights = m.tensors[n.inputs[1]].data;
      const auto size = static_cast<std::ptrdiff_t>(weights.size()) / m.tensors[n.inputs[1]].shape[0];
      std::swap_ranges(weights.begin(), weights.begin() + size, weights.begin() + size);
    });
  }
  plant("BGR for RGB", int8.nodes[0], int8.inputs[0], [](Model& m, const Node& n) {
    Bytes& weights = m.tensors[n.inputs[1]].data;
    for (std::size_t i = 0; i < weights.size(); i += 3) std::swap(weights[i], weights[i + 2]);
  });
  std::fprintf(stderr, "faults planted in ResNet-8: %d of %d located\n", located, planted);
  CHECK(located * 10 >= planted * 9);
}

TEST_CASE("compare finds every layer of visual wake words equal on this machine and on the virtual board") {
  const auto golden = find_golden("vww_96_int8");
  if (!golden) return;
  const TemporaryFolder folder;
  const std::string model = fs::absolute(golden->model).string();
  const std::string inputs = fs::absolute(golden->model.parent_path() / "inputs.bin").string();
  const auto compared = json_of(folder.path(), "compare " + model + " --vectors 2 --inputs " + inputs);
  CHECK(compared["equal"] == true);
  CHECK(compared["layers"].size() == 31);
}
