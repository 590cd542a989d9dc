// What the fuzzer begins with. Models: of every operator those that its own tests compare, and some chains. For every
// other reader its seeds.
//   fuzz_seeds FOLDER      writes FOLDER/tflite/ and FOLDER/<reader>/
#define CATCH_CONFIG_RUNNER  // the operators' test files are linked for their cases
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "ops/op_cases.h"
#include "readers.h"
#include "tflite/tflite.h"

using namespace dragonet;
using namespace dragonet::testing;

static void write_models(const fs::path& folder) {
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

static void write_seeds(const FileReader& reader, const fs::path& folder) {
  fs::create_directories(folder);
  int number = 0;
  for (const Bytes& seed : seeds_of(reader)) write_file(folder / std::to_string(++number), seed);
}

int main(int, char** arguments) {
  const fs::path folder = arguments[1];
  fs::create_directories(folder / "tflite");
  write_models(folder / "tflite");
  for (const FileReader& reader : readers()) write_seeds(reader, folder / reader.name);
}
