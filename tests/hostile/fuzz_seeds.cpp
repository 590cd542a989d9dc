// Small models for the fuzzer to begin with: of every operator those that its own tests compare, and some chains.
//   fuzz_seeds FOLDER
#define CATCH_CONFIG_RUNNER  // the operators' test files are linked for their cases
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "ops/op_cases.h"
#include "tflite/tflite.h"

using namespace dragonet;
using namespace dragonet::testing;

int main(int, char** arguments) {
  const fs::path folder = arguments[1];
  RandomModels random(1);
  const auto write = [&](const std::string& name, const Model& model) {
    const Bytes file = serialize_tflite(model);
    if (file.size() < 8192) write_file(folder / (name + ".tflite"), file);
  };
  for (int i = 0; i < 10; ++i) write(fmt::format("chain-{}", i), random.chain());
  for (const OperatorCases& cases : operator_cases())
    for (const DType type : cases.types)
      for (int i = 0; i < 4; ++i) write(fmt::format("{}-{}-{}", cases.op, name_of(type), i), cases.make(random, type));
}
