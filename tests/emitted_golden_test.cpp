#include <catch2/catch.hpp>

#include "board/host_program.h"
#include "golden.h"
#include "tflite/tflite.h"

using namespace dragonet;

static Bytes joined(const std::vector<Bytes>& parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

static void check_emitted(const std::string& name) {
  const auto golden = testing::find_golden(name);
  if (!golden) return;
  Model model = read_tflite(golden->model);
  model.name = name;
  const TemporaryFolder folder;
  const fs::path program = build_host_program(compile_model(model), folder.path());
  CHECK((run_host_program(program, joined(golden->inputs)) == joined(golden->outputs)));
}

TEST_CASE("hello_world as emitted C++ on this machine gives the golden outputs") { check_emitted("hello_world_int8"); }
TEST_CASE("keyword spotting as emitted C++ on this machine gives the golden outputs") {
  check_emitted("kws_ref_model");
}
TEST_CASE("visual wake words as emitted C++ on this machine gives the golden outputs") { check_emitted("vww_96_int8"); }
TEST_CASE("micro_speech as emitted C++ on this machine gives the golden outputs") {
  check_emitted("micro_speech_quantized");
}
TEST_CASE("the autoencoder as emitted C++ on this machine gives the golden outputs") { check_emitted("ad01_int8"); }
TEST_CASE("ResNet-8 as emitted C++ on this machine gives the golden outputs") {
  check_emitted("pretrainedResnet_quant");
}
