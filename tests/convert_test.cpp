// Other people's float models, by raw inputs: no picture in sight.
#include <cmath>
#include <cstring>

#include "golden.h"
#include "program.h"
#include "tflite/tflite.h"

using namespace dragonet;

namespace {

/// y = relu(2 x0 - x1), y' = relu(x0 + x1): one fully connected layer of floats.
Model small_float_model() {
  Model model{.name = "small", .source = "small.tflite", .inputs = {0}, .outputs = {3}};
  model.tensors = {{"x", DType::float32, {1, 2}, {}, {}},
                   {"weights", DType::float32, {2, 2}, {}, {}},
                   {"bias", DType::float32, {2}, {}, {}},
                   {"y", DType::float32, {1, 2}, {}, {}}};
  set_values<float>(model.tensors[1], std::vector<float>{2, -1, 1, 1});
  set_values<float>(model.tensors[2], std::vector<float>{0, 0});
  Node node{.op = "fully_connected", .inputs = {0, 1, 2}, .outputs = {3}};
  node.attributes["fused_activation_function"] = std::int64_t{1};
  model.nodes = {node};
  return model;
}

Bytes bytes_of_floats(const std::vector<float>& reals) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(reals.data());
  return {first, first + reals.size() * sizeof(float)};
}

}  // namespace

TEST_CASE("a float model without pictures becomes int8 by raw inputs, and runs on the board") {
  const TemporaryFolder home;
  write_file(home.path() / "small.tflite", serialize_tflite(small_float_model()));
  write_file(home.path() / "in.bin", bytes_of_floats({-1, -1, 1, 1, 0.5f, -0.5f, 1, -1}));
  CHECK(testing::json_of(home.path(), "convert small.tflite --inputs in.bin -o int8.tflite")["samples"] == 4);

  const Model int8 = read_tflite(home.path() / "int8.tflite");
  const Quantization &in = int8.tensors[int8.inputs[0]].quantization, &out = int8.tensors[int8.outputs[0]].quantization;
  const auto q = [&](float real) {
    return static_cast<std::uint8_t>(std::lround(real / in.scale[0]) + in.zero_point[0]);
  };
  write_file(home.path() / "q.bin", Bytes{q(0.5f), q(-0.5f)});
  testing::json_of(home.path(), "run int8.tflite --board mkrzero --inputs q.bin --outputs y.bin");
  const Bytes y = read_bytes(home.path() / "y.bin");
  const auto real = [&](std::uint8_t byte) {
    return out.scale[0] * (static_cast<std::int8_t>(byte) - out.zero_point[0]);
  };
  CHECK(real(y.at(0)) == Approx(1.5).margin(0.03));
  CHECK(real(y.at(1)) == Approx(0).margin(0.03));
}

TEST_CASE("raw inputs that are no whole tensors, or no numbers, are refused with exit status 2") {
  const TemporaryFolder home;
  write_file(home.path() / "small.tflite", serialize_tflite(small_float_model()));
  write_file(home.path() / "odd.bin", Bytes(12));
  write_file(home.path() / "nan.bin", bytes_of_floats({0, std::nanf("")}));
  const ProcessResult odd = testing::dragonet_in(home.path(), "convert small.tflite --inputs odd.bin -o x.tflite");
  CHECK(odd.status == 2);
  CHECK(odd.output.find("holds 12 bytes, and the model's input is 8") != std::string::npos);
  const ProcessResult nan = testing::dragonet_in(home.path(), "convert small.tflite --inputs nan.bin -o x.tflite");
  CHECK(nan.status == 2);
  CHECK(nan.output.find("tensor 0 holds what is no number") != std::string::npos);
  CHECK_FALSE(fs::exists(home.path() / "x.tflite"));
}

TEST_CASE("the sine of hello_world, given as floats, becomes int8 that stays near it") {
  const auto golden = testing::find_golden("hello_world_float");
  if (!golden) return;
  const TemporaryFolder home;
  const fs::path folder = fs::absolute(golden->model.parent_path());
  testing::json_of(home.path(), "convert " + (folder / "model.tflite").string() + " --inputs " +
                                    (folder / "inputs.bin").string() + " -o sine.tflite");
  CHECK(testing::json_of(home.path(), "compile sine.tflite --board mkrzero")["fits"] == true);
}
