// What an LSTM and resource variables keep from one inference to the next: in the reference, in the emitted code, on
// the chip, in `run` and `compare`, and in TensorFlow Lite.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "board/build.h"
#include "board/host_program.h"
#include "ops/op_cases.h"
#include "ops/variable_models.h"
#include "program.h"
#include "tensorflow_lite.h"

using namespace dragonet;
using namespace dragonet::testing;

namespace {

/// A sequence of one step an inference, of float32: two units that see one value.
Model one_step() {
  Model model{.name = "one_step", .source = "one_step.tflite", .inputs = {0}};
  model.tensors = {{.name = "x", .shape = {1, 1, 1}}};
  Node node{.op = "unidirectional_sequence_lstm",
            .attributes = {{"fused_activation_function", 4}, {"cell_clip", 0.0}, {"proj_clip", 0.0}}};
  node.inputs.assign(24, -1);
  node.inputs[0] = 0;
  const auto add = [&](int operand, const Tensor& tensor) {
    node.inputs[operand] = static_cast<int>(model.tensors.size());
    model.tensors.push_back(tensor);
  };
  using Reals = std::vector<float>;
  for (int g = 0; g < 4; ++g) {
    const float own = 0.3f * static_cast<float>(g) - 0.4f;
    add(1 + g, constant("w", DType::float32, {2, 1}, Reals{1 + own, own}));
    add(5 + g, constant("r", DType::float32, {2, 2}, Reals{0.5f, own, -own, 0.7f}));
    add(12 + g, constant("b", DType::float32, {2}, Reals{0.1f, own}));
  }
  for (const int operand : {18, 19}) add(operand, {.name = "state", .shape = {1, 2}, .is_variable = true});
  node.outputs = model.outputs = {static_cast<int>(model.tensors.size())};
  model.tensors.push_back({.name = "y", .shape = {1, 1, 2}});
  model.nodes = {node};
  return model;
}

Bytes bytes_of_reals(const std::vector<float>& reals) {
  Bytes bytes(reals.size() * sizeof(float));
  std::memcpy(bytes.data(), reals.data(), bytes.size());
  return bytes;
}

std::vector<Bytes> steps() {
  std::vector<Bytes> inputs;
  for (const float value : {0.5f, -0.25f, 0.75f, 0.0f, 1.0f}) inputs.push_back(bytes_of_reals({value}));
  return inputs;
}

Bytes answers_in_turn(const Model& model, const std::vector<Bytes>& inputs) {
  ModelState state = initial_state(model);
  std::vector<Bytes> outputs;
  for (const Bytes& input : inputs) outputs.push_back(reference_output(model, input, state));
  return joined(outputs);
}

Bytes answers_anew(const Model& model, const std::vector<Bytes>& inputs) {
  std::vector<Bytes> outputs;
  for (const Bytes& input : inputs) outputs.push_back(reference_output(model, input));
  return joined(outputs);
}

double largest_difference(const Bytes& a, const Bytes& b) {
  if (a.size() != b.size()) return INFINITY;
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); i += sizeof(float)) {
    float x = 0, y = 0;
    std::memcpy(&x, &a[i], sizeof x), std::memcpy(&y, &b[i], sizeof y);
    largest = std::max(largest, std::abs(double(x) - double(y)));
  }
  return largest;
}

/// In a folder: one_step.tflite, its inputs, and the outputs that are right with and without a reset.
struct Files {
  TemporaryFolder folder{};
  Files() {
    const fs::path& path = folder.path();
    write_file(path / "one_step.tflite", serialize_tflite(one_step()));
    write_file(path / "steps.in", joined(steps()));
    write_file(path / "in_turn.out", answers_in_turn(one_step(), steps()));
    write_file(path / "anew.out", answers_anew(one_step(), steps()));
  }
  nlohmann::json run(const std::string& arguments, int status = 0) const {
    return json_of(folder.path(), "run one_step.tflite --inputs steps.in " + arguments, status);
  }
};

}  // namespace

TEST_CASE("a state goes on from inference to inference in the emitted code, until it is reset") {
  const Model model = one_step();
  const TemporaryFolder folder;
  const fs::path program = build_host_program(compile_model(model), folder.path());
  CHECK(largest_difference(run_host_program(program, joined(steps())), answers_in_turn(model, steps())) < 1e-6);
  CHECK(largest_difference(run_host_program(program, joined(steps()), true), answers_anew(model, steps())) < 1e-6);
  CHECK(largest_difference(answers_in_turn(model, steps()), answers_anew(model, steps())) > 0.05);
}

TEST_CASE("a state goes on from inference to inference on the chip, until it is told to reset") {
  const Model model = one_step();
  const TemporaryFolder folder;
  const Board& board = find_board("mkrzero");
  BoardSession session(build_for_board(model, board, folder.path()), board);
  for (int round = 0; round < 2; ++round) {
    std::vector<Bytes> outputs;
    for (const Bytes& step : steps()) outputs.push_back(session.infer(step));
    CHECK(largest_difference(joined(outputs), answers_in_turn(model, steps())) < 1e-6);
    session.reset();
  }
}

TEST_CASE("run keeps the state from vector to vector, as TensorFlow Lite does, and --reset does not") {
  const Files files;
  for (const char* where : {"--host", "--board mkrzero"}) {
    CHECK(files.run(std::string(where) + " --expect in_turn.out")["equal"] == true);
    CHECK(files.run(std::string(where) + " --expect anew.out", 1)["equal"] == false);
    CHECK(files.run(std::string(where) + " --reset --expect anew.out")["equal"] == true);
  }
}

TEST_CASE("compare holds a state's code against the reference, inference after inference") {
  const Files files;
  const auto compared =
      json_of(files.folder.path(), "compare one_step.tflite one_step.tflite --inputs steps.in --board mkrzero");
  CHECK(compared["equal"] == true);
  CHECK(compared["vectors"] == 5);
}

TEST_CASE("a model that keeps a state is converted with inputs that follow each other, and then keeps it in int8") {
  const Files files;
  const fs::path& folder = files.folder.path();
  CHECK(dragonet_in(folder, "convert one_step.tflite --inputs steps.in -o int8.tflite").status == 0);
  const auto compared = json_of(folder, "compare one_step.tflite int8.tflite --inputs steps.in --board mkrzero");
  CHECK(compared["equal"] == true);
  CHECK(compared["layers"].back()["sqnr_db"] > 20);
}

TEST_CASE("TensorFlow Lite keeps an LSTM's state from inference to inference as we do") {
  const auto theirs = ask_tensorflow_lite({{one_step(), steps()}});
  if (theirs) CHECK(largest_difference(answers_in_turn(one_step(), steps()), joined((*theirs)[0])) < 1e-4);
}

namespace {

/// The exponential mean of the inputs, m = 0.75 m + 0.25 x from 0.5 on, and how far x is above the one before.
Model running_mean() {
  VariableModel model({.name = "x", .shape = {1, 3}}, bytes_of_reals({0.5f, 0.5f, 0.5f}));
  const auto scaled = [&](int t, float factor) {
    const int by = model.add_constant(constant("factor", DType::float32, {1, 3}, std::vector<float>(3, factor)));
    return model.add("mul", {t, by}, {{"fused_activation_function", none}});
  };
  const int old = scaled(model.read(), 0.75f), part = scaled(0, 0.25f);
  const int mean = model.add("add", {old, part}, {{"fused_activation_function", none}});
  model.assign(mean);
  const int above = model.add("sub", {0, model.read()}, {{"fused_activation_function", none}});
  Model result = model.giving({above});
  result.name = "running_mean";
  return result;
}

std::vector<Bytes> three_each() {
  std::vector<Bytes> inputs;
  for (int i = 0; i < 6; ++i) inputs.push_back(bytes_of_reals({0.3f * i, 1.0f - 0.4f * i, i % 2 ? 1.0f : -1.0f}));
  return inputs;
}

}  // namespace

TEST_CASE("resource variables are kept in emitted code and on the chip as in the reference, until a reset") {
  const Model model = running_mean();
  const Bytes wanted = answers_in_turn(model, three_each()), anew = answers_anew(model, three_each());
  const TemporaryFolder folder;
  const fs::path program = build_host_program(compile_model(model), folder.path());
  CHECK(largest_difference(run_host_program(program, joined(three_each())), wanted) < 1e-6);
  CHECK(largest_difference(run_host_program(program, joined(three_each()), true), anew) < 1e-6);
  CHECK(largest_difference(wanted, anew) > 0.05);
  const Board& board = find_board("mkrzero");
  BoardSession session(build_for_board(model, board, folder.path()), board);
  for (int round = 0; round < 2; ++round) {
    std::vector<Bytes> outputs;
    for (const Bytes& input : three_each()) outputs.push_back(session.infer(input));
    CHECK(largest_difference(joined(outputs), wanted) < 1e-6);
    session.reset();
  }
}

TEST_CASE("a model with resource variables is converted to int8, and keeps them there") {
  const TemporaryFolder folder;
  write_file(folder.path() / "mean.tflite", serialize_tflite(running_mean()));
  write_file(folder.path() / "in", joined(three_each()));
  CHECK(dragonet_in(folder.path(), "convert mean.tflite --inputs in -o int8.tflite").status == 0);
  const auto compared = json_of(folder.path(), "compare mean.tflite int8.tflite --inputs in --board mkrzero");
  CHECK(compared["equal"] == true);
  CHECK(compared["layers"].back()["sqnr_db"] > 25);
}

TEST_CASE("TensorFlow Lite keeps resource variables from inference to inference as we do") {
  std::vector<Question> questions{{running_mean(), three_each()}};
  RandomModels random(5);
  for (const OperatorCases& cases : operator_cases())
    if (cases.op == "read_variable" || cases.op == "assign_variable")
      for (const DType type : {DType::int8, DType::float32, DType::int32})
        for (int m = 0; m < 8; ++m) {
          Question& question = questions.emplace_back(Question{.model = cases.make(random, type), .inputs = {}});
          for (int i = 0; i < 3; ++i) question.inputs.push_back(random.input(question.model));
        }
  const auto theirs = ask_tensorflow_lite(questions);
  if (!theirs) return;
  CHECK(largest_difference(answers_in_turn(questions[0].model, questions[0].inputs), joined((*theirs)[0])) < 1e-6);
  for (std::size_t q = 1; q < questions.size(); ++q)
    CHECK(answers_in_turn(questions[q].model, questions[q].inputs) == joined((*theirs)[q]));
}

namespace {

/// Four units of two filters that remember five inputs each.
Model remembering() {
  RandomModels random(3);
  Model model{.name = "svdf", .source = "svdf.tflite", .inputs = {0}, .outputs = {5}};
  const auto reals = [&](const char* name, const Shape& shape) {
    return random.with_values({.name = name, .shape = shape});
  };
  model.tensors = {{.name = "x", .shape = {1, 6}},
                   reals("feature", {8, 6}),
                   reals("time", {8, 5}),
                   reals("bias", {4}),
                   {.name = "memory", .shape = {1, 40}, .is_variable = true},
                   {.name = "y", .shape = {1, 4}}};
  model.nodes = {{.op = "svdf",
                  .inputs = {0, 1, 2, 3, 4},
                  .outputs = {5},
                  .attributes = {{"rank", 2}, {"fused_activation_function", relu}}}};
  return model;
}

std::vector<Bytes> random_inputs(const Model& model, int count) {
  RandomModels random(4);
  std::vector<Bytes> inputs;
  for (int i = 0; i < count; ++i) inputs.push_back(random.input(model));
  return inputs;
}

}  // namespace

TEST_CASE("an SVDF is converted to int8 with a memory and weights over time of int16") {
  const TemporaryFolder folder;
  write_file(folder.path() / "svdf.tflite", serialize_tflite(remembering()));
  write_file(folder.path() / "in", joined(random_inputs(remembering(), 30)));
  CHECK(dragonet_in(folder.path(), "convert svdf.tflite --inputs in -o int8.tflite").status == 0);
  const Model int8 = read_tflite(folder.path() / "int8.tflite");
  CHECK(int8.input(int8.nodes[0], 2).dtype == DType::int16);
  CHECK(int8.input(int8.nodes[0], 4).dtype == DType::int16);
  const auto compared = json_of(folder.path(), "compare svdf.tflite int8.tflite --inputs in --board mkrzero");
  CHECK(compared["equal"] == true);
  CHECK(compared["layers"].back()["sqnr_db"] > 25);
  const std::vector<Bytes> inputs = random_inputs(int8, 10);
  if (const auto theirs = ask_tensorflow_lite({{int8, inputs}}))
    CHECK(answers_in_turn(int8, inputs) == joined((*theirs)[0]));
}

namespace {

/// Three rows of a spectrogram at a time, of which the last two are kept for the next, and the largest of every three
/// rows; the sum of all that was seen is kept beside, and is read after it was assigned.
Model streaming() {
  Model model{.name = "rows_kept", .source = "rows_kept.tflite", .inputs = {0}};
  const Quantization grid{{0.5f}, {3}};
  const auto add = [&](const std::string& name, const Shape& shape, bool is_variable = false) {
    model.tensors.push_back(
        {.name = name, .dtype = DType::int8, .shape = shape, .quantization = grid, .is_variable = is_variable});
    return static_cast<int>(model.tensors.size()) - 1;
  };
  const auto numbers_at = [&](const std::vector<std::int32_t>& elements) {
    model.tensors.push_back(numbers(elements));
    return static_cast<int>(model.tensors.size()) - 1;
  };
  const auto node = [&](const std::string& op, const std::vector<int>& inputs, int output,
                        const Attributes& attributes = {}) {
    model.nodes.push_back({.op = op,
                           .index = static_cast<int>(model.nodes.size()),
                           .inputs = inputs,
                           .outputs = {output},
                           .attributes = attributes});
    return output;
  };
  const int x = add("x", {1, 3, 5, 2}), rows = add("rows", {1, 2, 5, 2}, true), sum = add("sum", {1, 3, 5, 2}, true);
  for (int i = 0; i < 20; ++i) model.tensors[rows].initial.push_back(static_cast<std::uint8_t>(i));
  const int old = node("read_variable", {rows}, add("old", {1, 2, 5, 2}));
  const int five = node("concatenation", {old, x}, add("five", {1, 5, 5, 2}), {{"axis", 1}});
  const int last = node("slice", {five, numbers_at({0, 3, 0, 0}), numbers_at({1, 2, 5, 2})}, add("last", {1, 2, 5, 2}));
  node("assign_variable", {rows, last}, add("kept", {1, 2, 5, 2}));
  Attributes window = pool_attributes(valid, 3, 1);
  const int largest = node("max_pool_2d", {five}, add("largest", {1, 3, 3, 2}), window);
  const int before = node("read_variable", {sum}, add("before", {1, 3, 5, 2}));
  const int total = node("add", {before, x}, add("total", {1, 3, 5, 2}));
  node("assign_variable", {sum, total}, add("summed", {1, 3, 5, 2}));
  const int after = node("read_variable", {sum}, add("after", {1, 3, 5, 2}));
  model.outputs = {node("max_pool_2d", {after}, add("most", {1, 1, 3, 2}), window), largest};
  return model;
}

Bytes all_outputs_in_turn(const Model& model, const std::vector<Bytes>& inputs) {
  ModelState state = initial_state(model);
  std::vector<Bytes> outputs;
  for (const Bytes& input : inputs) {
    const TensorBytes bytes = run_reference(model, input, state);
    for (const int t : model.outputs) outputs.push_back(bytes[t]);
  }
  return joined(outputs);
}

}  // namespace

TEST_CASE("variables of several rows are read and assigned in order, whatever the plan of rows is best at") {
  const Model model = streaming();
  check_supported(model);
  const std::vector<Bytes> inputs = random_inputs(model, 6);
  const Bytes wanted = all_outputs_in_turn(model, inputs);
  for (const Optimize optimize : {Optimize::ram, Optimize::balanced, Optimize::speed}) {
    const TemporaryFolder folder;
    const fs::path program = build_host_program(compile_model(model, {optimize}), folder.path());
    CHECK(run_host_program(program, joined(inputs)) == wanted);
  }
  std::vector<Bytes> first;
  ModelState state = initial_state(model);
  for (const Bytes& input : inputs) first.push_back(reference_output(model, input, state));
  if (const auto theirs = ask_tensorflow_lite({{model, inputs}})) CHECK(joined(first) == joined((*theirs)[0]));
}
