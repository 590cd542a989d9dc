// Many models in one firmware image: linking one for each would take minutes.
#pragma once

#include "board/build.h"
#include "compile/emitted_program.h"

namespace dragonet::testing {

inline std::size_t bytes_of(const Model& model, const std::vector<int>& tensors) {
  std::size_t bytes = 0;
  for (const int t : tensors) bytes += model.tensors[t].bytes();
  return bytes;
}

// To the firmware they are one model, whose input is a number, padded to 8 bytes, and what the model of that number
// takes.
inline constexpr const char* all_header = R"(#pragma once
#include <stdint.h>
namespace all {{
enum {{ input_rows = 1, input_bytes = 8 + {0}, input_row_bytes = input_bytes, output_bytes = {1}, output_count = 1 }};
typedef int8_t Input;
typedef int8_t Output;
static const float output_scale = 1.0f;
static const int32_t output_zero_point = 0;
extern const char model_hash[];
struct Model {{
  alignas(8) uint8_t out[output_bytes];
}};
inline void begin(Model&) {{}}
inline void reset(Model&) {{}}
inline uint32_t next_row_bytes(const Model&) {{ return input_row_bytes; }}
inline bool feed_row(Model&, const Input*) {{ return true; }}
void invoke(Model& model, const Input* input);
inline const Output* output(const Model& model) {{ return (const Output*)model.out; }}
inline int8_t output_byte(const Model& model, uint32_t i) {{ return (int8_t)model.out[i]; }}
}}
)";

/// A function for each, not inlined: of many calls of one function in one, gcc makes calls through a register.
inline std::string all_source(const std::vector<Model>& models) {
  std::string text = "#include \"all.h\"\n", cases;
  for (const Model& model : models) text += fmt::format("#include \"{}.cpp\"\n", model.name);
  text += "namespace all {\nconst char model_hash[] = \"\";\n";
  for (std::size_t m = 0; m < models.size(); ++m) {
    text += fmt::format(
        "__attribute__((noinline)) static void invoke_{0}(Model& all, const Input* in) {{\n  static {0}::Model m;\n"
        "  {0}::invoke(m, (const {0}::Input*)in);\n"
        "  for (uint32_t i = 0; i < {0}::output_bytes; ++i) all.out[i] = (uint8_t){0}::output_byte(m, i);\n}}\n",
        models[m].name);
    cases += fmt::format("  if (number == {}) return invoke_{}(all, in + 8);\n", m, models[m].name);
  }
  return text +
         "void invoke(Model& all, const Input* in) {\n  const int number = (uint8_t)in[0] | (uint8_t)in[1] << 8;\n" +
         cases + "}\n}\n";
}

inline BoardBuild build_all(const std::vector<Model>& models, const Board& board, const fs::path& folder) {
  std::size_t in = 0, out = 0;
  for (const Model& model : models) {
    write_emitted(compile_model(model, Optimize::ram), folder);
    in = std::max(in, bytes_of(model, model.inputs)), out = std::max(out, bytes_of(model, model.outputs));
  }
  write_file(folder / "all.h", fmt::format(all_header, in, out));
  write_file(folder / "all.cpp", all_source(models));
  return {.image = build_firmware(folder, {.name = "all"}, board, {})};
}

/// What the board answers to `inputs_each` inputs of each model, which lie back to back, model after model.
inline Bytes run_all_on_board(const std::vector<Model>& models, const Board& board, const Bytes& inputs,
                              int inputs_each) {
  const TemporaryFolder folder;
  const BoardBuild build = build_all(models, board, folder.path());
  BoardSession session(build, without_waits(board));
  std::size_t most = 0;
  for (const Model& model : models) most = std::max(most, bytes_of(model, model.inputs));
  Bytes outputs;
  auto at = inputs.begin();
  for (std::size_t m = 0; m < models.size(); ++m)
    for (int i = 0; i < inputs_each; ++i) {
      Bytes question(8 + most);
      question[0] = static_cast<std::uint8_t>(m & 255), question[1] = static_cast<std::uint8_t>(m >> 8);
      const auto bytes = static_cast<std::ptrdiff_t>(bytes_of(models[m], models[m].inputs));
      std::copy(at, at + bytes, question.begin() + 8);
      at += bytes;
      const Bytes answer = session.infer(question);
      outputs.insert(outputs.end(), answer.begin(),
                     answer.begin() + static_cast<std::ptrdiff_t>(bytes_of(models[m], models[m].outputs)));
    }
  return outputs;
}

}  // namespace dragonet::testing
