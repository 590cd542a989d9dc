// An emitted model by hand, for tests: 4 rows of 6 int8; output 0 is their sum, output 1 their exclusive or, modulo
// 256. A third layer is the test's own code: the body of a naked function `layer_02_own(const int8_t* row)`, in
// assembly, called once for each row.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>

#include "base/files.h"
#include "board/firmware.h"
#include "board/virtual_board.h"

namespace dragonet {

inline const char* const tiny_header = R"(
#pragma once
#include <stdint.h>
#include "features/image_resize.h"
namespace tiny {
enum { input_rows = 4, input_row_bytes = 6, input_bytes = 24, output_bytes = 2, output_count = 2, image_channels = 1 };
typedef int8_t Input;
typedef int8_t Output;
extern const char model_hash[];
static const int32_t output_zero_point = -128;
struct Model { uint32_t sums[6]; dragonet::ImageResize resize; int8_t row[6]; uint8_t rows; uint8_t out[2]; };
void begin(Model& model);
inline void reset(Model&) {}
bool feed_row(Model& model, const int8_t* row);
void invoke(Model& model, const int8_t* input);
uint32_t next_row_bytes(const Model& model);
const int8_t* output(const Model& model);
int8_t output_byte(const Model& model, uint32_t i);
void begin_image(Model& model, uint16_t width, uint16_t height);
bool feed_image_row(Model& model, const uint8_t* pixels);
)";

inline const char* const tiny_source = R"(
#include "tiny.h"
namespace tiny {
const char model_hash[] = "c0ffee";
__attribute__((noinline)) static void layer_00_sum(Model& model, const int8_t* row) {
  for (int i = 0; i < 6; ++i) model.out[0] = (uint8_t)(model.out[0] + row[i]);
}
__attribute__((noinline)) static void layer_01_xor(Model& model, const int8_t* row) {
  for (int i = 0; i < 6; ++i) model.out[1] ^= (uint8_t)row[i];
}
__attribute__((noinline, naked)) static void layer_02_own(const int8_t*) { asm volatile(OWN); }
static volatile uint8_t start_value = 7;  // start-up must copy it to RAM
void begin(Model& model) { model.rows = model.out[0] = model.out[1] = (uint8_t)(start_value - 7); }
__attribute__((noinline)) bool feed_row(Model& model, const int8_t* row) {
  layer_00_sum(model, row);
  layer_01_xor(model, row);
  layer_02_own(row);
  return ++model.rows == input_rows;
}
void invoke(Model& model, const int8_t* input) {
  begin(model);
  for (int y = 0; y < input_rows; ++y) feed_row(model, input + y * input_row_bytes);
}
uint32_t next_row_bytes(const Model&) { return input_row_bytes; }
const int8_t* output(const Model& model) { return (const int8_t*)model.out; }
int8_t output_byte(const Model& model, uint32_t i) { return (int8_t)model.out[i]; }
void begin_image(Model& model, uint16_t width, uint16_t height) {
  model.resize.sums = model.sums;
  model.resize.out_width = input_row_bytes;
  model.resize.out_height = input_rows;
  model.resize.channels = image_channels;
  dragonet::begin_resize(model.resize, width, height);
  begin(model);
}
bool feed_image_row(Model& model, const uint8_t* pixels) {
  bool done = false;
  while (dragonet::resize_row(model.resize, pixels, model.row)) done = feed_row(model, model.row);
  return done;
}
}
)";

struct TinyModel {
  std::string own_layer = "bx lr";  // assembly, lines ended by "\n"; row in r0
  bool streamed = false, takes_images = true;
  std::string output_scale = "0.00390625f";  // 1/256
};

/// The model's firmware, built once; boards may be made of it as often as a test likes.
class TinyFirmware {
 public:
  explicit TinyFirmware(const TinyModel& tiny = {}) : image_(build(folder_.path(), tiny)) {}
  VirtualBoard start() const { return VirtualBoard(boards().front(), image_); }
  const FirmwareImage& image() const { return image_; }

 private:
  static FirmwareImage build(const fs::path& folder, const TinyModel& tiny) {
    write_file(folder / "tiny.h",
               fmt::format("{}static const float output_scale = {};\n}}\n", tiny_header, tiny.output_scale));
    std::string source = tiny_source;
    source.replace(source.find("OWN"), 3, "R\"(.syntax unified\n" + tiny.own_layer + ")\"");
    write_file(folder / "tiny.cpp", source);
    fs::create_directories(folder / "features");
    fs::copy(firmware_folder() / "features" / "image_resize.h", folder / "features");
    const EmittedInterface emitted{.name = "tiny",
                                   .raw = tiny.takes_images ? RawInput::images : RawInput::none,
                                   .layers = {"layer_00_sum", "layer_01_xor", "layer_02_own"}};
    return build_firmware(folder, emitted, boards().front(), {.streamed = tiny.streamed});
  }

  TemporaryFolder folder_;
  FirmwareImage image_;
};

/// Loads 24 bytes in two commands; what the last of them answers.
inline std::string load(VirtualBoard& board, const std::string& hex_of_24_bytes) {
  board.send("db load 24");
  board.send("db " + hex_of_24_bytes.substr(0, 26));
  return board.send("db " + hex_of_24_bytes.substr(26));
}

}  // namespace dragonet
