// [[model.layers]] as a user writes them: shown before training, trained, and run on the virtual board.
#include <catch2/catch.hpp>
#include <set>

#include "drawn_samples.h"
#include "program.h"

using namespace dragonet;
using namespace dragonet::testing;
using nlohmann::json;

/// A project of drawn pictures whose dragonet.toml ends in these layers.
static fs::path project_with(const fs::path& home, const std::string& layers) {
  draw_samples(home / "pictures", 32);
  json_of(home, "new shapes --kind image --samples pictures --positive disc --group 'g[0-9]+'");
  std::string text = read_text(home / "shapes/dragonet.toml");
  text.replace(text.find("epochs = "), std::string("epochs = 60").size(), "epochs = 6 ");
  write_file(home / "shapes/dragonet.toml", text + layers);
  return home / "shapes";
}

/// Two blocks with branches. The first Add's plain sum is taken twice, so its ReLU cannot be fused.
static constexpr const char* residual = R"(
[[model.layers]]
type = "Conv2D"
filters = 8
kernel_size = 3
strides = 2
padding = "same"
use_bias = false
[[model.layers]]
type = "BatchNormalization"
[[model.layers]]
type = "ReLU"
max_value = 6
name = "stem"
[[model.layers]]
type = "SeparableConv2D"
filters = 8
kernel_size = 3
padding = "same"
[[model.layers]]
type = "BatchNormalization"
name = "separable"
[[model.layers]]
type = "DepthwiseConv2D"
inputs = ["stem"]
kernel_size = [1, 3]
dilation_rate = [1, 2]
padding = "same"
name = "depthwise"
[[model.layers]]
type = "Add"
inputs = ["stem", "separable", "depthwise"]
name = "sum"
[[model.layers]]
type = "ReLU"
name = "active"
[[model.layers]]
type = "Add"
inputs = ["sum", "active"]
[[model.layers]]
type = "MaxPooling2D"
[[model.layers]]
type = "Conv2D"
filters = 12
kernel_size = 3
activation = "relu"
[[model.layers]]
type = "AveragePooling2D"
pool_size = 3
strides = 2
padding = "same"
[[model.layers]]
type = "Reshape"
target_shape = [3, 3, -1]
[[model.layers]]
type = "Dropout"
rate = 0.1
[[model.layers]]
type = "Flatten"
[[model.layers]]
type = "Dense"
units = 2
activation = "softmax"
)";

static std::set<std::string> operators_in(const json& shown) {
  std::set<std::string> operators;
  for (const json& layer : shown["layers"]) operators.insert(layer["op"]);
  return operators;
}

TEST_CASE(
    "a residual network written by hand trains, and answers on the virtual board byte for byte as the reference") {
  const TemporaryFolder home;
  const fs::path project = project_with(home.path(), residual);
  const json before = json_of(project, "show");
  CHECK(operators_in(before) == std::set<std::string>{"conv_2d", "conv_2d, relu", "conv_2d, relu6", "depthwise_conv_2d",
                                                      "add", "relu", "max_pool_2d", "average_pool_2d", "reshape",
                                                      "fully_connected", "softmax"});

  json_of(project, "train");
  const json history = json::parse(read_text(project / "runs/1/run.json"))["history"];
  CHECK(history.back()["train_loss"] < history.front()["train_loss"]);

  const json tested = json_of(project, "test --board mkrzero");
  CHECK(tested["board"]["equal"] == true);

  // What was said before training is so after it: of sizes only the lists of runs (docs/kernels.md) depend on weights.
  const json compiled = json_of(project, "compile");
  CHECK(compiled["ram"]["activations"] == before["ram"]["activations"]);
  CHECK(compiled["flash"]["constants"].get<double>() ==
        Approx(before["flash"]["constants"].get<double>()).epsilon(0.01));
  CHECK(compiled["macs"] == before["macs"]);
}

TEST_CASE("show tells layers, parameters, MACs, RAM and flash before training, and that it fits") {
  const TemporaryFolder home;
  const fs::path project = project_with(home.path(), "");  // the default network
  const json shown = json_of(project, "show");
  const json& first = shown["layers"][0];
  CHECK(first["name"] == "conv2d_1");
  CHECK(first["op"] == "conv_2d, relu");
  CHECK(first["shape"] == json({1, 16, 16, 16}));
  CHECK(first["parameters"] == 3 * 3 * 16 + 16);  // the batch normalization is folded into weights and bias
  CHECK(first["macs"] == 16 * 16 * 16 * 3 * 3);
  CHECK_FALSE(first.contains("scale"));  // nothing is quantized yet
  std::int64_t parameters = 0, macs = 0;
  for (const json& layer : shown["layers"])
    parameters += layer["parameters"].get<int>(), macs += layer["macs"].get<int>();
  CHECK(shown["parameters"] == parameters);
  CHECK(shown["macs"] == macs);
  CHECK(shown["fits"] == true);
  CHECK(shown["ram"]["total"] <= shown["ram"]["limit"]);
  CHECK(shown["flash"]["total"] <= shown["flash"]["limit"]);
}

TEST_CASE("show of an int8 .tflite has scales; outside a project only --board tells RAM and flash") {
  const TemporaryFolder home;
  const fs::path project = project_with(home.path(), "");
  json_of(project, "train");
  fs::copy_file(project / "runs/1/model.tflite", home.path() / "m.tflite");
  const json bare = json_of(home.path(), "show m.tflite");
  CHECK(bare["layers"].back()["scale"] == 1.0 / 256);
  CHECK(bare["layers"].back()["zero_point"] == -128);
  CHECK_FALSE(bare.contains("ram"));
  CHECK(json_of(home.path(), "show m.tflite --board mkrzero")["fits"] == true);
  fs::copy_file(project / "runs/1/float.tflite", home.path() / "f.tflite");
  CHECK(json_of(home.path(), "show f.tflite --board mkrzero")["macs"] == bare["macs"]);
}

TEST_CASE("the layers that show prints make the same network, weight for weight, when they are pasted") {
  const TemporaryFolder home;
  const fs::path project = project_with(home.path(), "");
  json_of(project, "train");
  const std::string layers = json_of(project, "show --layers")["layers"];
  write_file(project / "dragonet.toml", read_text(project / "dragonet.toml") + layers);
  json_of(project, "train");
  CHECK(read_bytes(project / "runs/1/model.tflite") == read_bytes(project / "runs/2/model.tflite"));
  CHECK(json_of(project, "show --layers")["layers"] == layers);
}

TEST_CASE("a network that does not fit is said not to before it is trained, with exit status 1") {
  const TemporaryFolder home;
  const fs::path project = project_with(home.path(), R"(
[[model.layers]]
type = "Conv2D"
filters = 64
kernel_size = 3
padding = "same"
[[model.layers]]
type = "DepthwiseConv2D"
kernel_size = 17
padding = "same"
[[model.layers]]
type = "GlobalAveragePooling2D"
[[model.layers]]
type = "Dense"
units = 2
)");
  const json shown = json_of(project, "show", 1);
  CHECK(shown["fits"] == false);
  CHECK(shown["problems"][0]["what"].get<std::string>().find("32x32x64") != std::string::npos);

  std::string text = read_text(project / "dragonet.toml");
  text.replace(text.find("type = \"GlobalAveragePooling2D\""), 31, "type = \"Flatten\"");
  text.replace(text.find("units = 2"), 9, "units = 50\n[[model.layers]]\ntype = \"Dense\"\nunits = 2");
  write_file(project / "dragonet.toml", text);
  const json heavy = json_of(project, "show", 1);
  CHECK(heavy["problems"][0]["what"].get<std::string>().starts_with("the weights alone take 3 29"));
}

TEST_CASE("layers that cannot be are refused with line and column, by show and by train alike") {
  const TemporaryFolder home;
  const fs::path project = project_with(home.path(), "[[model.layers]]\ntype = \"Dense\"\nunits = 3\n");
  const auto complaint = [&](const std::string& command) {
    const json problem = json_of(project, command, 2)["error"]["problems"][0];
    return problem["where"].get<std::string>() + ": " + problem["what"].get<std::string>();
  };
  for (const char* command : {"show", "train"}) {
    CHECK_THAT(complaint(command),
               Catch::Contains("dragonet.toml, line ") && Catch::Contains("column 1, layer 1 (Dense"));
    CHECK_THAT(complaint(command), Catch::Contains("a map of 32x32x1 reaches it"));
  }
  std::string text = read_text(project / "dragonet.toml");
  write_file(project / "dragonet.toml",
             text.replace(text.rfind("[[model"), 0, "[[model.layers]]\ntype = \"Flatten\"\n"));
  for (const char* command : {"show", "train"})
    CHECK_THAT(complaint(command), Catch::Contains("it gives 3 scores for 2 labels"));
}
