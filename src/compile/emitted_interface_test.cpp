#include "compile/emitted_interface.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <sstream>

#include "compile/compile.h"
#include "features/features.h"
#include "model/model_info.h"
#include "ops/op_test.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Matchers::Contains;

static const std::string& text_of_file(const EmittedModel& emitted, const std::string& extension) {
  for (const EmittedFile& file : emitted.files)
    if (file.path == emitted.interface.name + extension) return file.text;
  throw std::logic_error("no such file");
}

static Model dense_model() {
  OneNode dense{.op = "fully_connected", .in = {1, 2}, .weights_shape = {2, 2}, .weights = {1, 0, 0, 1}};
  dense.bias = {0, 0};
  return one_node(dense);
}

TEST_CASE("the interface says what the emitted header says") {
  const EmittedModel emitted = compile_model(dense_model());
  const EmittedInterface& interface = emitted.interface;
  CHECK(interface.name == "one");
  CHECK(interface.raw == RawInput::none);
  CHECK(interface.input_bytes == 2);
  CHECK(interface.output_bytes == 2);
  CHECK(interface.layers == std::vector<std::string>{"layer_00_fully_connected"});
  CHECK(layer_name(interface, "layer_00_fully_connected") == "out");
  CHECK(layer_name(interface, "other") == "other");
  const std::string& header = text_of_file(emitted, ".h");
  CHECK_THAT(header, Contains(fmt::format("input_rows = {},", interface.input_rows)));
  CHECK_THAT(header, Contains(fmt::format("input_row_bytes = {},", interface.input_row_bytes)));
  CHECK_THAT(header, Contains(fmt::format("output_count = {},", interface.output_count)));
  CHECK_THAT(header, Contains(fmt::format("int8_t arena[{}];", interface.arena_bytes)));
}

TEST_CASE("every entry point and layer that the interface names is a function of the emitted source") {
  const EmittedModel emitted = compile_model(dense_model());
  const std::string& source = text_of_file(emitted, ".cpp");
  std::vector<std::string> functions = inference_entries();
  functions.insert(functions.end(), emitted.interface.layers.begin(), emitted.interface.layers.end());
  for (const std::string& function : functions) CHECK_THAT(source, Contains(" " + function + "(Model& model"));
}

TEST_CASE("a model with features of images or of a sensor names the entries that take them, and a macro") {
  const auto check = [](const FeatureSettings& features, RawInput raw, const std::string& macro) {
    const FeatureShape shape = shape_of(features);
    OneNode relu{.op = "relu", .in = {1, shape.height, shape.width, shape.channels}};
    Model model = one_node(relu);
    ModelInfo info;
    info.features = features;
    set_info(model, info);
    const EmittedModel emitted = compile_model(model);
    CHECK(emitted.interface.raw == raw);
    CHECK(raw_input_macro(emitted.interface) == macro);
    CHECK_THAT(text_of_file(emitted, ".h"), Contains("#define " + macro + " 1\n"));
    std::istringstream lines(text_of_file(emitted, ".h"));
    for (std::string line; std::getline(lines, line);)
      if (!line.starts_with("//")) CHECK(line.find("//") == line.rfind("//"));  // one comment
    for (const std::string& function : feature_entries(raw))
      CHECK_THAT(text_of_file(emitted, ".cpp"), Contains(" " + function + "("));
  };
  check(ImageFeatureSettings{.height = 3, .width = 4, .channels = 1}, RawInput::images, "ONE_TAKES_IMAGES");
  check(SoundFeatureSettings{.sample_rate_hz = 16000}, RawInput::readings, "ONE_TAKES_READINGS");
}

TEST_CASE("a constant belongs to the layer whose name it goes on from") {
  const EmittedInterface interface {
    .layers = { "layer_01_add", "layer_10_add" }
  };
  CHECK(layer_of_constant(interface, "layer_10_add_parameters") == "layer_10_add");
  CHECK(layer_of_constant(interface, "layer_01_additions") == "");
  CHECK(layer_of_constant(interface, "labels") == "");
}

TEST_CASE("a name in the image is known with its namespace, and without") {
  CHECK(qualified({.name = "dragon"}, entry::begin) == "dragon::begin");
  CHECK(unqualified("dragonet::(anonymous namespace)::listener") == "listener");
  CHECK(unqualified("main") == "main");
}
