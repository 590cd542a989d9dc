#include "io/session.h"

#include "io/hardware.h"
#include "io/protocol.h"
#include "io/uart_text.h"

namespace dragonet {

Session session;
static emitted::Model MODEL_OBJECT;
#if MODEL_TAKES_READINGS
static emitted::Listener LISTENER_OBJECT;
#endif

enum { held_bytes = STREAMED ? emitted::input_row_bytes : emitted::input_bytes };
#if MODEL_TAKES_IMAGES
enum { pixel_row_bytes = image_width_max * image_channels };
enum { buffer_bytes = (int)pixel_row_bytes > (int)held_bytes ? (int)pixel_row_bytes : (int)held_bytes };
#else
enum { buffer_bytes = held_bytes };
#endif

// Named after what it holds, for the memory map: the host gives the names by which it looks for these objects.
#if MODEL_TAKES_READINGS
#define BUFFER ((uint8_t*)LISTENER_OBJECT.rows)
static uint8_t reading_bytes[2 * emitted::reading_axes];
#elif STREAMED
#define BUFFER row_buffer
#else
#define BUFFER INPUT_OBJECT
#endif
#if !MODEL_TAKES_READINGS
alignas(4) static uint8_t BUFFER[buffer_bytes];
#endif

static void begin(Session::Kind kind, uint32_t expected, uint32_t unit_bytes) {
  session = Session{kind, false, expected, 0, unit_bytes, 0, 0};
  print("m-[Expecting ");
  print_number(expected);
  print_line(" bytes]");
}

const char* begin_load(uint32_t bytes) {
  if (bytes != emitted::input_bytes) return "Not the size of its input";
  if (STREAMED) emitted::begin(MODEL_OBJECT);
  begin(Session::input, bytes, STREAMED ? emitted::next_row_bytes(MODEL_OBJECT) : (uint32_t)held_bytes);
  return nullptr;
}

#if MODEL_TAKES_IMAGES
const char* begin_picture(uint32_t width, uint32_t height) {
  if (width == 0 || height == 0) return "Command 'image' requires width and height";
  if (width > image_width_max) return "Wider than what is kept";
  if (height > image_height_max) return "Higher than 2048 rows";
  emitted::begin_image(MODEL_OBJECT, (uint16_t)width, (uint16_t)height);
  const uint32_t row_bytes = width * image_channels;
  begin(Session::image, row_bytes * height, row_bytes);
  return nullptr;
}

static bool feed_pixels() { return emitted::feed_image_row(MODEL_OBJECT, BUFFER); }
#else
static bool feed_pixels() { return false; }
#endif

#if MODEL_TAKES_READINGS
const char* begin_readings(uint32_t count) {
  if (count == 0) return "Command 'listen' requires the # of readings";
  if (count > UINT32_MAX / sizeof(reading_bytes)) return "More readings than can be counted";
  emitted::begin_listening(LISTENER_OBJECT, MODEL_OBJECT);
  begin(Session::readings, count * sizeof(reading_bytes), sizeof(reading_bytes));
  return nullptr;
}

// Little-endian, as they come.
static bool feed_reading() {
  int16_t reading[emitted::reading_axes];
  for (int i = 0; i < emitted::reading_axes; ++i)
    reading[i] = (int16_t)(reading_bytes[2 * i] | reading_bytes[2 * i + 1] << 8);
  if (!emitted::feed_reading(LISTENER_OBJECT, MODEL_OBJECT, reading)) return session.has_result;
  print_heard(session.received / sizeof(reading_bytes));
  return true;
}

int heard() { return emitted::answer(LISTENER_OBJECT); }
static uint8_t* place_of_next_byte() {
  return session.kind == Session::readings ? reading_bytes + session.filled : BUFFER + session.filled;
}
#else
static bool feed_reading() { return false; }
static uint8_t* place_of_next_byte() { return BUFFER + session.filled; }
#endif

bool rows_flowed() { return STREAMED || session.kind == Session::image || session.kind == Session::readings; }

static bool feed_input() {
  if (!STREAMED) return false;
  const bool is_ready = emitted::feed_row(MODEL_OBJECT, (const emitted::Input*)BUFFER);
  session.unit_bytes = emitted::next_row_bytes(MODEL_OBJECT);
  return is_ready;
}

// A row is complete, or the whole input.
static void feed() {
  session.filled = 0;
  if (!rows_flowed()) return;
  const uint32_t start = microseconds();
  session.has_result = session.kind == Session::image      ? feed_pixels()
                       : session.kind == Session::readings ? feed_reading()
                                                           : feed_input();
  session.model_us += microseconds() - start;
}

static void take_byte(uint8_t byte) {
  *place_of_next_byte() = byte;
  ++session.filled;
  ++session.received;
  if (session.filled == session.unit_bytes) feed();
}

static const char* check_hex(const char* hex) {
  uint32_t digits = 0;
  for (; hex[digits]; ++digits)
    if (hex_digit(hex[digits]) < 0) return "Invalid hex digit";
  if (digits == 0 || (digits & 1)) return "Insufficient number of hex digits";
  return digits / 2 > session.expected - session.received ? "More bytes than expected" : nullptr;
}

const char* take(Session::Kind kind, const char* hex) {
  if (session.kind != kind)
    return kind == Session::image      ? "'image W H' comes first"
           : kind == Session::readings ? "'listen N' comes first"
                                       : "'db load N' comes first";
  if (const char* const wrong = check_hex(hex)) return wrong;  // all of it, before any of it is taken
  for (; *hex; hex += 2) take_byte((uint8_t)(hex_digit(hex[0]) << 4 | hex_digit(hex[1])));
  if (session.complete()) print_line("m-load-done");
  return nullptr;
}

const char* check_infer(uint32_t count, uint32_t warmup) {
  if (count == 0) return "Inference iterations must be >0";
  if (!session.complete()) return "The load is not done";
  if (rows_flowed() && (count != 1 || warmup != 0)) return "Streamed: only 'infer 1 0' is possible";
  return nullptr;
}

void run_model() {
  if (STREAMED) return;  // check_infer() lets none through; this keeps invoke() out of the image
  emitted::invoke(MODEL_OBJECT, (const emitted::Input*)BUFFER);
  session.has_result = true;
}

void reset_model() { emitted::reset(MODEL_OBJECT); }

const emitted::Output* outputs() { return emitted::output(MODEL_OBJECT); }
uint8_t output_byte(uint32_t i) { return (uint8_t)emitted::output_byte(MODEL_OBJECT, i); }
const uint8_t* buffered_input() { return BUFFER; }

}  // namespace dragonet
