// The model, what is being loaded into it, and its result. There are two modes, chosen when the firmware is compiled:
// buffered (STREAMED=0): the whole input is kept, and inference may run on it any number of times;
// streamed (STREAMED=1): every row goes into the model as soon as it is complete, and only that row is kept. When the
// load is done, the inference is done, too.
// Pictures are streamed in both modes. A model that listens to a sensor keeps the rows of its window anyway: they are
// the buffer.
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
  bool has_result;                                               // output of this load is there
  uint32_t expected, received;                                   // bytes of this load
  uint32_t unit_bytes, filled;  // of a row, or of the whole input where it is buffered; how many of them are there
  uint32_t model_us;            // microseconds that the model took while rows flowed in
  bool complete() const { return kind != nothing && received == expected; }
};
extern Session session;

// These return what is wrong, for "e-[...]", or null.
const char* begin_load(uint32_t bytes);                      // bytes: all of the model's input
const char* begin_picture(uint32_t width, uint32_t height);  // 1 to image_width_max, 1 to image_height_max
const char* begin_readings(uint32_t count);                  // 1 or more, each int16 [reading_axes]
const char* take(Session::Kind kind, const char* hex);       // two digits a byte; all are checked before one is taken
const char* check_infer(uint32_t count, uint32_t warmup);    // inferences; streamed: 1 and 0

/// Runs the model once on the buffered input.
void run_model();

/// What the model keeps from one inference to the next begins anew.
void reset_model();

/// True if rows already went through the model as they came, so that there is nothing left to run.
bool rows_flowed();

/// What a listener answers now: a label's number from 0 on, or -1 for none.
int heard();

const emitted::Output* outputs();  // [output_count], the model's first output
uint8_t output_byte(uint32_t i);   // of all outputs, back to back; i below output_bytes
const uint8_t* buffered_input();   // [input_bytes], of which session.received are there

}  // namespace dragonet
