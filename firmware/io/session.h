// The model, what is being loaded into it, and its result. Two modes, chosen when the firmware is compiled:
// buffered (STREAMED=0): the whole input is kept, and inference may run on it any number of times;
// streamed (STREAMED=1): every row goes into the model as soon as it is complete, and only that row is kept, so that
// when the load is done, so is the inference. Pictures are streamed in both. A model that listens to a sensor keeps the
// rows of its window anyway: they are the buffer.
#pragma once

#include <stdint.h>

#include MODEL_HEADER

namespace dragonet {

namespace emitted = MODEL;

#if MODEL_TAKES_IMAGES
enum {
  image_channels = emitted::image_channels,
  model_width = emitted::input_row_bytes / image_channels,
  // One row of pixels is kept in RAM.
  image_width_max = (int)model_width > (int)image_row_pixels ? (int)model_width : (int)image_row_pixels,
  image_height_max = image_size_max
};
#endif

struct Session {
  enum Kind : uint8_t { nothing, input, image, readings } kind;  // what is being loaded, or was
  bool has_result;
  uint32_t expected, received;  // bytes of this load
  uint32_t unit_bytes, filled;  // a row; the whole input where it is buffered
  uint32_t model_us;            // time that the model took while rows flowed in
  bool complete() const { return kind != nothing && received == expected; }
};
extern Session session;

// These return what is wrong, for "e-[...]", or null.
const char* begin_load(uint32_t bytes);
const char* begin_picture(uint32_t width, uint32_t height);
const char* begin_readings(uint32_t count);
const char* take(Session::Kind kind, const char* hex);
const char* check_infer(uint32_t count, uint32_t warmup);

/// Runs the model on the buffered input.
void run_model(uint32_t count);

/// True if rows already went through the model as they came, so that there is nothing left to run.
bool rows_flowed();

/// Number of the label that a listener has heard; -1: none.
int heard();

const emitted::Output* outputs();  // the first
uint8_t output_byte(uint32_t i);   // of all outputs, back to back
const uint8_t* buffered_input();

}  // namespace dragonet
