// What the emitter would write for a model of 4 rows of 6 bytes and two outputs, as far as the protocol needs it.
#pragma once

#include <stdint.h>

#include "features/image_resize.h"

namespace tiny {

void count_inference();  // ends what would take too long

namespace {

enum { input_rows = 4, input_row_bytes = 6, input_bytes = 24, output_bytes = 2, output_count = 2, image_channels = 1 };
typedef int8_t Input;
typedef int8_t Output;
static const char model_hash[] = "c0ffee";
static const float output_scale = 0.00390625f;
static const int32_t output_zero_point = -128;

struct Model {
  uint32_t sums[6];
  dragonet::ImageResize resize;
  int8_t row[6];
  uint8_t rows;
  int8_t out[2];
};

inline void reset(Model&) {}
inline void begin(Model& model) { model.rows = 0, model.out[0] = model.out[1] = 0; }
inline bool feed_row(Model& model, const int8_t* row) {
  for (int i = 0; i < input_row_bytes; ++i) model.out[i & 1] = (int8_t)(model.out[i & 1] ^ row[i]);
  return ++model.rows == input_rows;
}
inline void invoke(Model& model, const int8_t* input) {
  count_inference();
  begin(model);
  for (int y = 0; y < input_rows; ++y) feed_row(model, input + y * input_row_bytes);
}
inline uint32_t next_row_bytes(const Model&) { return input_row_bytes; }
inline const int8_t* output(const Model& model) { return model.out; }
inline int8_t output_byte(const Model& model, uint32_t i) { return model.out[i]; }

inline void begin_image(Model& model, uint16_t width, uint16_t height) {
  model.resize.sums = model.sums;
  model.resize.out_width = input_row_bytes;
  model.resize.out_height = input_rows;
  model.resize.channels = image_channels;
  dragonet::begin_resize(model.resize, width, height);
  begin(model);
}
inline bool feed_image_row(Model& model, const uint8_t* pixels) {
  bool done = false;
  while (dragonet::resize_row(model.resize, pixels, model.row)) done = feed_row(model, model.row);
  return done;
}

}  // namespace
}  // namespace tiny
