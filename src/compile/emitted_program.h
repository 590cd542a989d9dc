// Many models as one program on this machine, compared with their references.
#pragma once

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/process.h"
#include "compile/compile.h"
#include "ops/near.h"
#include "ops/op_test.h"

namespace dragonet::testing {

// All models of a test in one program, one translation unit, not optimized: 200 calls of the compiler would take
// minutes, and it runs only for a moment. The same kernels run optimized on the virtual boards.
inline constexpr const char* main_begin = R"(
template <typename Input, typename Model>
static void run(Model& model, void invoke(Model&, const Input*), int8_t output_byte(const Model&, uint32_t),
                int in_bytes, int out_bytes, FILE* in, FILE* out) {
  alignas(8) static char input[1 << 16];
  if (fread(input, in_bytes, 1, in) != 1) return;
  invoke(model, (const Input*)input);
  for (int i = 0; i < out_bytes; ++i) fputc((unsigned char)output_byte(model, i), out);
}
int main(int, char** arguments) {
  FILE* const in = fopen(arguments[1], "rb");
  FILE* const out = fopen(arguments[2], "wb");
  if (!in || !out) return 2;
)";

inline std::string main_text(const std::vector<Model>& models, int inputs_each) {
  std::string text = "#include <stdio.h>\n";
  for (const Model& model : models) text += fmt::format("#include \"{}.cpp\"\n", model.name);
  text += main_begin;
  for (const Model& model : models)
    text += fmt::format(
        "  for (int i = 0; i < {1}; ++i) {{ static {0}::Model m; "
        "run<{0}::Input>(m, {0}::invoke, {0}::output_byte, {0}::input_bytes, {0}::output_bytes, in, out); }}\n",
        model.name, inputs_each);
  return text + "  return fclose(out);\n}\n";
}

inline Bytes run_all(const std::vector<Model>& models, const Bytes& inputs, int inputs_each,
                     const CompileTarget& target = {}) {
  const TemporaryFolder folder;
  for (const Model& model : models) write_emitted(compile_model(model, target), folder.path());
  const fs::path source = folder.path() / "main.cpp", program = folder.path() / "program";
  const fs::path in = folder.path() / "in", out = folder.path() / "out";
  write_file(source, main_text(models, inputs_each));
  write_file(in, inputs);
  const ProcessResult built =
      run_process({"g++", "-std=gnu++11", "-O0", "-Wall", "-Wextra", "-Werror", "-fno-exceptions", "-fno-rtti",
                   "-fno-asynchronous-unwind-tables", "-I", folder.path(), source, "-o", program});
  INFO(built.output);
  REQUIRE(built.status == 0);
  REQUIRE(run_process({program, in, out}).status == 0);
  return read_bytes(out);
}

/// The bytes of all outputs, back to back.
inline Bytes all_outputs(const Model& model, const Bytes& input, ModelState& state) {
  const TensorBytes values = run_reference(model, input, state);
  Bytes bytes;
  for (const int t : model.outputs) bytes.insert(bytes.end(), values[t].begin(), values[t].end());
  return bytes;
}

/// What several inputs of many models give: by the references, or by whoever answers the same questions.
struct ModelAnswers {
  Bytes inputs, outputs;
  std::vector<std::size_t> ends;  // of each model's outputs
};

/// Names the models, too.
inline ModelAnswers reference_answers(std::vector<Model>& models, RandomModels& random, int inputs_each) {
  ModelAnswers answers;
  for (std::size_t m = 0; m < models.size(); ++m) {
    models[m].name = fmt::format("model_{:03}", m);
    ModelState state = initial_state(models[m]);
    for (int i = 0; i < inputs_each; ++i) {
      const Bytes input = random.input(models[m]), output = all_outputs(models[m], input, state);
      answers.inputs.insert(answers.inputs.end(), input.begin(), input.end());
      answers.outputs.insert(answers.outputs.end(), output.begin(), output.end());
    }
    answers.ends.push_back(answers.outputs.size());
  }
  return answers;
}

inline void check_answers(const std::vector<Model>& models, const Bytes& actual, const ModelAnswers& expected,
                          int inputs_each) {
  REQUIRE(actual.size() == expected.outputs.size());
  std::size_t at = 0;
  for (const Model& model : models)
    for (int i = 0; i < inputs_each; ++i)
      for (const int t : model.outputs) {
        const std::size_t bytes = model.tensors[t].bytes();
        if (!is_near(model.tensors[t], std::span(actual).subspan(at, bytes),
                     std::span(expected.outputs).subspan(at, bytes))) {
          std::string shapes;
          for (const int in : model.nodes[0].inputs)
            if (in >= 0) shapes += " " + text_of(model.tensors[in].shape);
          FAIL_CHECK(model.name << ", " << describe(model, model.nodes[0]) << ", " << name_of(model.tensors[t].dtype)
                                << shapes << " -> " << text_of(model.tensors[t].shape) << ", input " << i
                                << ", differs");
          return;
        }
        at += bytes;
      }
  CHECK(at == actual.size());
}

/// Every model, with several inputs each, as emitted code and by the references, byte for byte.
inline void check_emitted_equals_reference(std::vector<Model> models, RandomModels& random,
                                           const CompileTarget& target = {}) {
  constexpr int inputs_each = 4;
  const ModelAnswers expected = reference_answers(models, random, inputs_each);
  check_answers(models, run_all(models, expected.inputs, inputs_each, target), expected, inputs_each);
}

}  // namespace dragonet::testing
