// The firmware's serial protocol on this machine, around a small model: what comes over the wire is as untrusted as a
// file. In a namespace of its own, since the host has functions of the same names.
#include "protocol_reader.h"

#define dragonet firmware_on_host
#define BOARD_ID "this machine"
#define MODEL tiny
#define MODEL_HEADER "protocol_model.h"
#define MODEL_OBJECT model_object
#define INPUT_OBJECT input_object
#define MODEL_TAKES_IMAGES 1
#define MODEL_TAKES_READINGS 0
#define STREAMED 0
#include "io/protocol.cpp"
#include "io/session.cpp"
#include "io/uart_text.cpp"

namespace firmware_on_host {

struct EndOfInput {};
static std::span<const std::uint8_t> input;

uint8_t uart_get() {
  if (input.empty()) throw EndOfInput();
  const uint8_t byte = input.front();
  input = input.subspan(1);
  return byte;
}
bool uart_has_byte() { return !input.empty(); }
void uart_put(uint8_t) {}
uint32_t microseconds() { return 0; }

}  // namespace firmware_on_host

static int inferences = 0;
void tiny::count_inference() {
  if (++inferences > 1000) throw firmware_on_host::EndOfInput();
}

void serve_protocol(std::span<const std::uint8_t> input) {
  firmware_on_host::input = input;
  inferences = 0;
  firmware_on_host::session = {};
  try {
    firmware_on_host::serve();
  } catch (const firmware_on_host::EndOfInput&) {
  }
}
