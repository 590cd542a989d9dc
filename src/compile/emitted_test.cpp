#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/process.h"
#include "compile/compile.h"
#include "ops/op_test.h"

using namespace dragonet;
using namespace dragonet::testing;

// All models of a test in one program, one translation unit: 200 calls of the compiler would take minutes.
static constexpr const char* main_begin = R"(
template <typename Model, typename Invoke, typename Output>
static void run(Model& model, Invoke invoke, Output output, int in_bytes, int out_bytes, FILE* in, FILE* out) {
  static signed char input[4096];
  if (fread(input, in_bytes, 1, in) != 1) return;
  invoke(model, input);
  fwrite(output(model), out_bytes, 1, out);
}
int main(int, char** arguments) {
  FILE* const in = fopen(arguments[1], "rb");
  FILE* const out = fopen(arguments[2], "wb");
  if (!in || !out) return 2;
)";

static std::string main_text(const std::vector<Model>& models, int inputs_each) {
  std::string text = "#include <stdio.h>\n";
  for (const Model& model : models) text += fmt::format("#include \"{}.cpp\"\n", model.name);
  text += main_begin;
  for (const Model& model : models)
    text += fmt::format(
        "  for (int i = 0; i < {1}; ++i) {{ static {0}::Model m; "
        "run(m, {0}::invoke, {0}::output, {0}::input_bytes, {0}::output_bytes, in, out); }}\n",
        model.name, inputs_each);
  return text + "  return fclose(out);\n}\n";
}

static Bytes run_all(const std::vector<Model>& models, const Bytes& inputs, int inputs_each) {
  const TemporaryFolder folder;
  for (const Model& model : models) write_emitted(compile_model(model), folder.path());
  const fs::path source = folder.path() / "main.cpp", program = folder.path() / "program";
  const fs::path in = folder.path() / "in", out = folder.path() / "out";
  write_file(source, main_text(models, inputs_each));
  write_file(in, inputs);
  const ProcessResult built = run_process({"g++", "-std=gnu++11", "-O1", "-Wall", "-Wextra", "-Werror",
                                           "-fno-exceptions", "-fno-rtti", "-I", folder.path(), source, "-o", program});
  INFO(built.output);
  REQUIRE(built.status == 0);
  REQUIRE(run_process({program, in, out}).status == 0);
  return read_bytes(out);
}

/// Every model, with several inputs each, as emitted code and by the references, byte for byte.
static void check_emitted_equals_reference(std::vector<Model> models, RandomModels& random) {
  constexpr int inputs_each = 4;
  Bytes inputs, expected;
  std::vector<std::pair<std::size_t, std::string>> ends;  // of each model's outputs
  for (std::size_t m = 0; m < models.size(); ++m) {
    models[m].name = fmt::format("model_{:03}", m);
    for (int i = 0; i < inputs_each; ++i) {
      const Bytes input = random.input(models[m]), output = reference_output(models[m], input);
      inputs.insert(inputs.end(), input.begin(), input.end());
      expected.insert(expected.end(), output.begin(), output.end());
    }
    ends.emplace_back(expected.size(), describe(models[m], models[m].nodes.front()));
  }
  const Bytes actual = run_all(models, inputs, inputs_each);
  REQUIRE(actual.size() == expected.size());
  const std::size_t at = std::mismatch(actual.begin(), actual.end(), expected.begin()).first - actual.begin();
  const auto end = std::ranges::find_if(ends, [&](const auto& end) { return at < end.first; });
  INFO("first difference in model " << end - ends.begin() << ", " << (end == ends.end() ? "" : end->second));
  CHECK(at == expected.size());
}

static void check_operator(const std::string& op, unsigned seed) {
  RandomModels random(seed);
  std::vector<Model> models;
  for (int m = 0; m < 200; ++m) models.push_back(random.node(op));
  check_emitted_equals_reference(models, random);
}

TEST_CASE("conv_2d as emitted equals its reference, over 200 random layers") { check_operator("conv_2d", 1); }
TEST_CASE("depthwise_conv_2d as emitted equals its reference, over 200 random layers") {
  check_operator("depthwise_conv_2d", 2);
}
TEST_CASE("fully_connected as emitted equals its reference, over 200 random layers") {
  check_operator("fully_connected", 3);
}
TEST_CASE("average_pool_2d as emitted equals its reference, over 200 random layers") {
  check_operator("average_pool_2d", 4);
}
TEST_CASE("max_pool_2d as emitted equals its reference, over 200 random layers") { check_operator("max_pool_2d", 5); }
TEST_CASE("softmax as emitted equals its reference, over 200 random layers") { check_operator("softmax", 6); }
TEST_CASE("reshape as emitted equals its reference, over 200 random layers") { check_operator("reshape", 7); }
TEST_CASE("add as emitted equals its reference, over 200 random layers") { check_operator("add", 10); }
TEST_CASE("relu as emitted equals its reference, over 200 random layers") { check_operator("relu", 11); }
TEST_CASE("relu6 as emitted equals its reference, over 200 random layers") { check_operator("relu6", 12); }

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
