#include "board/measure.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "board/image_fixture.h"

using namespace dragonet;

// Everything a firmware has: weights, code of the model and of others, variables with a value, of zero, and nameless
// text.
static const char* const program = R"(
  namespace model {
  struct Model { alignas(4) signed char arena[500]; };
  extern const signed char weights[1000] = {1, 2, 3};
  __attribute__((noinline)) void infer(Model& m) { for (int i = 0; i < 500; ++i) m.arena[i] += weights[2 * i]; }
  }
  static model::Model model_state;
  namespace io { signed char input_buffer[120]; int speed = 9600; const char* volatile text; }
  extern "C" void Reset_Handler() {
    io::text = "words without a name";
    model_state.arena[0] = io::input_buffer[io::speed];
    model::infer(model_state);
    for (;;) {}
  }
)";

static FirmwareImage measured() {
  const Fixture fixture = link_fixture(program);
  return measure(fixture.elf, find_board("mkrzero"), {"_ZN5model7weightsE", "_ZN5model5inferERNS_5ModelE"},
                 compiler_frames(fixture.folder->path()));
}

static std::uint32_t bytes_of(const FirmwareImage& image, const std::string& name) {
  for (const Symbol& symbol : image.symbols)
    if (symbol.name == name) return symbol.bytes;
  return 0;
}

TEST_CASE("flash is the model's constants, its code, and all the rest, up to the last byte that objcopy writes") {
  const Fixture fixture = link_fixture(program);
  const FirmwareImage image = measured();
  CHECK(image.flash.constants == 1000);
  CHECK(image.flash.model_code == bytes_of(image, "model::infer"));
  CHECK(image.flash.model_code > 10);
  CHECK(image.flash.constants + image.flash.model_code + image.flash.firmware_code == image.flash.total);
  const fs::path binary = fixture.folder->path() / "fixture.bin";
  REQUIRE(run_process({"arm-none-eabi-objcopy", "-O", "binary", fixture.elf.string(), binary.string()}).status == 0);
  CHECK(image.flash.total == fs::file_size(binary));
  CHECK(image.flash.limit == 253'952);
}

TEST_CASE("RAM is activations, input, other variables, and the deepest stack, and is what binutils' size counts") {
  const Fixture fixture = link_fixture(program);
  const FirmwareImage image = measured();
  CHECK(image.ram.activations == 500);
  CHECK(image.ram.input == 120);
  CHECK(image.ram.static_ == 8);  // speed and text
  CHECK(image.ram.total == 500 + 120 + 8 + image.ram.stack);
  std::istringstream size(run_process({"arm-none-eabi-size", "-B", fixture.elf.string()}).output);
  std::string line;
  std::uint32_t text = 0, data = 0, bss = 0;
  std::getline(size, line);  // "text data bss dec hex filename"
  size >> text >> data >> bss;
  CHECK(image.ram.total - image.ram.stack == data + bss);
  CHECK(image.flash.total == text + data);
}

TEST_CASE("every symbol of the image is in the room where it belongs") {
  using Room = Symbol::Room;
  std::map<std::string, Room> rooms;
  for (const Symbol& symbol : measured().symbols) rooms[symbol.name] = symbol.room;
  CHECK(rooms == std::map<std::string, Room>{{"vectors", Room::firmware_code},
                                             {"Reset_Handler", Room::firmware_code},
                                             {"model::infer", Room::model_code},
                                             {"model::weights", Room::constants},
                                             {"model_state", Room::activations},
                                             {"io::input_buffer", Room::input},
                                             {"io::speed", Room::other_ram},
                                             {"io::text", Room::other_ram}});
}
