#pragma once

#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/process.h"
#include "tflite/tflite.h"

// TensorFlow Lite itself judges: an interpreter that we did not write, as WebAssembly in Node (tests/interop).
namespace dragonet::testing {

struct Question {
  Model model;
  std::vector<Bytes> inputs;
};
using Outputs = std::vector<Bytes>;  // one per input

inline Bytes joined(const std::vector<Bytes>& parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

/// All of one length.
inline std::vector<Bytes> split_evenly(const Bytes& all, std::size_t parts) {
  std::vector<Bytes> result;
  for (std::size_t i = 0; i < parts; ++i)
    result.emplace_back(all.begin() + i * all.size() / parts, all.begin() + (i + 1) * all.size() / parts);
  return result;
}

/// Or a loud line on stderr.
inline bool has_tensorflow_lite() {
  static const bool is_there = fs::exists("tests/interop/node_modules/@tensorflow/tfjs-tflite") &&
                               run_process({"node", "--version"}).status == 0;
  if (is_there) return true;
  std::fprintf(stderr,
               "SKIPPED: TensorFlow Lite judges nothing here; it needs Node and `cd tests/interop && npm ci`\n");
  return false;
}

/// The first output's bytes for every input of every model, which is written as the .tflite file that we make of it.
/// None where TensorFlow Lite is not installed; throws if it refuses a model.
inline std::optional<std::vector<Outputs>> ask_tensorflow_lite(const std::vector<Question>& questions) {
  if (!has_tensorflow_lite()) return std::nullopt;
  const TemporaryFolder folder;
  // Most models run for less time than it takes to compile their interpreter well.
  std::vector<std::string> command{"node", "--liftoff-only", "tests/interop/run_tflite.cjs"};
  const auto file = [&](std::size_t i, const char* what) { return folder.path() / (std::to_string(i) + what); };
  for (std::size_t i = 0; i < questions.size(); ++i) {
    write_file(file(i, ".tflite"), serialize_tflite(questions[i].model));
    write_file(file(i, ".in"), joined(questions[i].inputs));
    for (const char* what : {".tflite", ".in", ".out"}) command.push_back(file(i, what));
  }
  const ProcessResult result = run_process(command);
  if (result.status != 0) throw std::runtime_error(result.output);
  std::vector<Outputs> answers;
  for (std::size_t i = 0; i < questions.size(); ++i)
    answers.push_back(split_evenly(read_bytes(file(i, ".out")), questions[i].inputs.size()));
  return answers;
}

}  // namespace dragonet::testing
