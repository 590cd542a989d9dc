// From a hand-written model of the emitted code's form to a measured firmware image of the MKR Zero.
#include "board/firmware.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/process.h"
#include "board/fit.h"

using namespace dragonet;
using Catch::Matchers::Contains;

static std::string header(int arena_bytes) {
  return fmt::format(R"(#pragma once
#include <stdint.h>
namespace tiny {{
enum {{ input_rows = 4, input_row_bytes = 8, input_bytes = 32, output_bytes = 2, output_count = 2, ram_bytes = {0} + 4 }};
typedef int8_t Input;
typedef int8_t Output;
extern const char model_hash[];
extern const char* const labels[];
static const float output_scale = 0.00390625f;
static const int32_t output_zero_point = -128;
struct Model {{
  alignas(4) int8_t arena[{0}];
  int32_t row;
}};
void begin(Model& model);
inline void reset(Model&) {{}}
bool feed_row(Model& model, const int8_t* row);
void invoke(Model& model, const int8_t* input);
uint32_t next_row_bytes(const Model& model);
const int8_t* output(const Model& model);
int8_t output_byte(const Model& model, uint32_t i);
}}
)",
                     arena_bytes);
}

static std::string source(int weights) {
  return fmt::format(R"(#include "tiny.h"
namespace tiny {{
const char model_hash[] = "00ff";
const char* const labels[] = {{"other", "dragon"}};
static const int8_t layer_00_sum_weights[{}] = {{1, 2, 3, 4, 5, 6, 7}};
static void __attribute__((noinline)) layer_00_sum(Model& model, const int8_t* row) {{
  const int8_t* const weights = layer_00_sum_weights + input_row_bytes * model.row;
  for (int i = 0; i < input_row_bytes; ++i) model.arena[i & 1] = (int8_t)(model.arena[i & 1] + row[i] * weights[i]);
}}
void begin(Model& model) {{
  model.row = 0;
  model.arena[0] = model.arena[1] = 0;
}}
bool feed_row(Model& model, const int8_t* row) {{
  layer_00_sum(model, row);
  return ++model.row == input_rows;
}}
void invoke(Model& model, const int8_t* input) {{
  begin(model);
  for (int y = 0; y < input_rows; ++y) feed_row(model, input + y * input_row_bytes);
}}
uint32_t next_row_bytes(const Model&) {{ return input_row_bytes; }}
const int8_t* output(const Model& model) {{ return model.arena; }}
int8_t output_byte(const Model& model, uint32_t i) {{ return model.arena[i]; }}
static_assert(sizeof(Model) == ram_bytes, "ram_bytes");
}}
)",
                     weights);
}

static void write_model(const fs::path& folder, int arena_bytes, int weights) {
  write_file(folder / "tiny.h", header(arena_bytes));
  write_file(folder / "tiny.cpp", source(weights));
}

static FirmwareImage build(const fs::path& folder, bool streamed) {
  return build_firmware(folder, {.name = "tiny", .layers = {"layer_00_sum"}}, find_board("mkrzero"),
                        {.streamed = streamed});
}

TEST_CASE("a small model's firmware fits the MKR Zero, and every byte of it has its room") {
  const TemporaryFolder folder;
  write_model(folder.path(), 600, 32);
  const FirmwareImage image = build(folder.path(), false);
  CHECK(image.fits());
  CHECK(image.flash.total == fs::file_size(folder.path() / "firmware.bin"));
  CHECK(image.flash.constants == 32 + sizeof "00ff");  // weights and hash; nothing asks for the labels
  CHECK(image.ram.activations == 604);
  CHECK(image.ram.input == 32);
  CHECK(image.ram.stack >= 32);
  CHECK_THAT(image.stack_chain.at(0), Contains("Reset_Handler"));
  CHECK(fit_problems(image, find_board("mkrzero")).empty());
}

TEST_CASE("streamed firmware keeps no whole input") {
  const TemporaryFolder folder;
  write_model(folder.path(), 600, 32);
  CHECK(build(folder.path(), true).ram.input == 0);
}

TEST_CASE("a model too large for both memories is linked and measured all the same") {
  const TemporaryFolder folder;
  write_model(folder.path(), 40'000, 300'000);
  const FirmwareImage image = build(folder.path(), false);
  CHECK_FALSE(image.fits());
  CHECK(image.flash.constants == 300'000 + sizeof "00ff");
  CHECK(image.flash.total > 300'000);
  CHECK(image.ram.activations == 40'004);
  const std::vector<Problem> problems = fit_problems(image, find_board("mkrzero"));
  REQUIRE(problems.size() == 2);
  CHECK_THAT(problems[0].what, Contains("largest: layer_00_sum 300 000 B"));
}

TEST_CASE("what the compiler refuses comes back in its own words, and no image of before is left") {
  const TemporaryFolder folder;
  write_model(folder.path(), 600, 32);
  build(folder.path(), false);
  write_file(folder.path() / "tiny.cpp", "#include \"tiny.h\"\nint unused_thing( {");
  CHECK_THROWS_WITH(build(folder.path(), false),
                    Contains("tiny.cpp: arm-none-eabi-g++ refuses it") && Contains("error:"));
  CHECK_FALSE(fs::exists(folder.path() / "firmware.elf"));
}

TEST_CASE("a function that nobody defines is an error, even in an image that is too large as well") {
  const TemporaryFolder folder;
  write_model(folder.path(), 40'000, 300'000);
  write_file(
      folder.path() / "tiny.cpp",
      source(300'000) +
          "namespace tiny { void absent(); void begin_more() { absent(); } }\n"
          "extern \"C\" __attribute__((used, section(\".vectors\"))) void (*const keep)() = tiny::begin_more;\n");
  CHECK_THROWS_WITH(build(folder.path(), false), Contains("undefined reference"));
}

TEST_CASE("a missing compiler is named with the Debian package that brings it") {
  const TemporaryFolder folder;
  write_model(folder.path(), 600, 32);
  const std::string path = getenv("PATH");
  setenv("PATH", folder.path().c_str(), 1);
  CHECK_THROWS_WITH(build(folder.path(), false),
                    Contains("arm-none-eabi-g++: it is not installed; install Debian's package gcc-arm-none-eabi"));
  setenv("PATH", path.c_str(), 1);
}
