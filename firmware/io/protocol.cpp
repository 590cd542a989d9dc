#include "io/protocol.h"

#include "io/hardware.h"
#include "io/session.h"
#include "io/uart_text.h"

#define TEXT_OF(name) #name
#define TEXT(name) TEXT_OF(name)

namespace dragonet {

enum { command_bytes = 96 };  // published: at least 80. 46 bytes fit into one "db HEX"
enum { ctrl_c = 3 };
static char command[command_bytes];
static uint8_t command_length;    // of what has come of it; above command_bytes - 1: too much
static bool command_is_complete;  // its '%' has come

static void print_lap(uint32_t us) {
  print("m-lap-us-");
  print_number(us);
  print_line("");
}

static void print_count(const char* what, uint32_t count) {
  print(what);
  print_number(count);
  print_line("");
}

static void answer_profile() {
  print_line("m-profile-[Dragonet firmware for " BOARD_ID "]");
  print("m-model-[" TEXT(MODEL) " ");
  print(emitted::model_hash);
  print_line("]");
}

static void answer_help() {
  print("name profile timestamp help, db load N, db HEX, db print, infer N [W=10], results, outputs, reset");
#if MODEL_TAKES_IMAGES
  print(", image W H, px HEX");
#endif
#if MODEL_TAKES_READINGS
  print(", listen N, rd HEX");
#endif
  print_line("");
}

// real = scale * (q - zero_point), in thousandths. The scale becomes an integer while this is compiled, so that no
// floating-point library gets into the image: 32 bits of fraction leave an error below 2^-24 thousandths.
inline void print_value(long q) {
  const uint64_t milli_q32 = (uint64_t)((double)emitted::output_scale * 1000 * 4294967296.0 + 0.5);
  const int32_t difference = (int32_t)q - emitted::output_zero_point;
  const bool negative = difference < 0;
  uint64_t sum = 0;  // bit by bit: a 64-bit multiplication would be one more function
  uint64_t part = milli_q32;
  for (uint32_t left = (uint32_t)(negative ? -difference : difference); left; left >>= 1, part <<= 1)
    if (left & 1) sum += part;
  print_thousandths(negative, sum);
}

inline void print_value(int q) { print_value((long)q); }
inline void print_value(long long q) { print_value((long)q); }  // an index

/// Of a float model, to 4 million.
inline void print_value(float value) {
  const bool negative = value < 0;
  const float magnitude = negative ? -value : value;
  print_thousandths(negative, (uint64_t)((magnitude < 4e6f ? magnitude : 4e6f) * 1000 * 4294967296.0f));
}

static const char* answer_results() {
  if (!session.has_result) return "No result yet";
  print("m-results-[");
  for (int i = 0; i < emitted::output_count; ++i) {
    if (i) print(",");
    print_value(outputs()[i]);
  }
  print_line("]");
  return nullptr;
}

static void print_outputs() {
  for (int i = 0; i < emitted::output_bytes; ++i) {
    if (i) print(",");
    print_hex(output_byte((uint32_t)i));
  }
  print_line("]");
}

static const char* answer_outputs() {
  if (!session.has_result) return "No result yet";
  print("m-outputs-[");
  print_outputs();
  return nullptr;
}

#if MODEL_TAKES_READINGS
void print_heard(uint32_t readings) {
  print("m-heard-[");
  print_number(readings);
  print(heard() < 0 ? ",-1," : ",");
  if (heard() >= 0) {
    print_number((uint32_t)heard());
    print(",");
  }
  print_outputs();
}
#endif

static const char* print_buffer() {
  if (STREAMED || session.kind != Session::input) return "No input is kept";
  const uint8_t* const bytes = buffered_input();
  for (uint32_t i = 0; i < session.received; ++i) {
    print(i % 8 == 0 ? "m-buffer-" : "-");
    print_hex(bytes[i]);
    if (i % 8 == 7 || i + 1 == session.received) print_line("");
  }
  return nullptr;
}

static const char* answer_db(char* rest) {
  const char* const word = next_word(rest);
  if (!*word) return "Command 'db' requires a subcommand";
  if (same(word, "print")) return print_buffer();
  if (!same(word, "load")) return take(Session::input, word);
  uint32_t bytes;
  if (!parse_number(next_word(rest), bytes)) return "Command 'db load' requires the # of bytes";
  return begin_load(bytes);
}

#if MODEL_TAKES_IMAGES
static const char* answer_image(char* rest) {
  uint32_t width, height;
  if (!parse_number(next_word(rest), width) || !parse_number(next_word(rest), height))
    return "Command 'image' requires width and height";
  return begin_picture(width, height);
}
#endif

#if MODEL_TAKES_READINGS
static const char* answer_listen(char* rest) {
  uint32_t count;
  if (!parse_number(next_word(rest), count)) return "Command 'listen' requires the # of readings";
  return begin_readings(count);
}
#endif

// A byte of the next command. Line ends are left out, so that a person can type; Ctrl-C begins anew.
static void take_command_byte(uint8_t byte) {
  if (byte == ctrl_c) command_length = 0;
  if (byte == ctrl_c || byte == '\r' || byte == '\n') return;
  command_is_complete = byte == '%';
  if (command_is_complete) return;
  if (command_length < command_bytes) command[command_length] = (char)byte;
  if (command_length <= command_bytes) ++command_length;
}

// Between two inferences: what has come meanwhile is the next command, or Ctrl-C.
static bool is_stopped() {
  while (!command_is_complete && uart_has_byte()) {
    const uint8_t byte = uart_get();
    take_command_byte(byte);
    if (byte == ctrl_c) return true;
  }
  return false;
}

// False: Ctrl-C stopped it.
static bool run_many(uint32_t count) {
  if (STREAMED) return true;  // all has run when the load is done
  for (; count > 0; --count) {
    if (is_stopped()) return false;
    run_model();
  }
  return true;
}

// Two laps, whose difference is the time of the timed inferences. Where rows were streamed, the model ran while they
// came: then the difference is the time that it took in all, without the waiting for bytes in between.
static bool run_timed(uint32_t count) {
  if (rows_flowed()) {
    const uint32_t now = microseconds();
    print_lap(now - session.model_us);
    print_lap(now);
    return true;
  }
  print_lap(microseconds());
  const bool ran = run_many(count);
  print_lap(microseconds());
  return ran;
}

static const char* answer_infer(char* rest) {
  static const char stopped[] = "Stopped by Ctrl-C";
  uint32_t count = 1, warmup = 10;
  const char* word = next_word(rest);
  if (*word && !parse_number(word, count)) return "Inference iterations must be >0";
  word = next_word(rest);
  if (*word && !parse_number(word, warmup)) return "Inference warmup must be >=0";
  if (const char* const wrong = check_infer(count, warmup)) return wrong;
  print_count("m-warmup-start-", warmup);
  if (!run_many(warmup)) return stopped;
  print_line("m-warmup-done");
  print_count("m-infer-start-", count);
  if (!run_timed(count)) return stopped;
  print_line("m-infer-done");
  return answer_results();
}

static const char* unknown_command(const char* word) {
  print("e-[Unknown command: ");
  print(word);
  print_line("]");
  return nullptr;
}

static const char* answer(char* rest) {
  const char* const word = next_word(rest);
  if (same(word, "db")) return answer_db(rest);
#if MODEL_TAKES_IMAGES
  if (same(word, "px")) return take(Session::image, next_word(rest));
  if (same(word, "image")) return answer_image(rest);
#endif
#if MODEL_TAKES_READINGS
  if (same(word, "rd")) return take(Session::readings, next_word(rest));
  if (same(word, "listen")) return answer_listen(rest);
#endif
  if (same(word, "infer")) return answer_infer(rest);
  if (same(word, "results")) return answer_results();
  if (same(word, "outputs")) return answer_outputs();
  if (same(word, "reset")) return reset_model(), nullptr;
  if (same(word, "name")) return print_line("m-name-dut-[dragonet]"), nullptr;
  if (same(word, "timestamp")) return print_lap(microseconds()), nullptr;
  if (same(word, "profile")) return answer_profile(), nullptr;
  if (same(word, "help")) return answer_help(), nullptr;
  return unknown_command(word);
}

// Reads up to '%'. False: it was longer than the buffer.
static bool read_command() {
  while (!command_is_complete) take_command_byte(uart_get());
  command_is_complete = false;
  const uint32_t length = command_length;
  command_length = 0;
  if (length >= command_bytes) return false;
  command[length] = 0;
  return true;
}

void serve() {
  print_line("m-timestamp-mode-performance");
  print_lap(microseconds());
  print_line("m-init-done");
  for (;;) {
    print_line("m-ready");
    const char* const wrong = read_command() ? answer(command) : "Longer than 95 characters";
    if (wrong) print_error(wrong);
  }
}

}  // namespace dragonet
