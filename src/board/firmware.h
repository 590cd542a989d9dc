#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "board/board.h"

namespace dragonet {

/// A function or object of the linked image.
struct Symbol {
  std::string name;  // demangled, without parameters: "dragon::layer_03_conv_2d", "dragonet::conv_2d_row"
  std::uint32_t address = 0, bytes = 0;
  bool is_function = false;
  enum class Room { constants, model_code, firmware_code, activations, features, input, other_ram } room{};
};

/// Bytes, of the linked image; limits of the board. Names are those of `compile --json`.
struct FlashUse {
  std::uint32_t constants = 0;      // weights, biases, tables: read-only data of the model
  std::uint32_t model_code = 0;     // what inference and its features execute
  std::uint32_t firmware_code = 0;  // vector table, start-up, protocol, drivers, what the compiler's library adds
  std::uint32_t total = 0, limit = 0;
};
struct RamUse {
  std::uint32_t activations = 0;  // the emitted model's object: arena, scratch, features' rows
  std::uint32_t features = 0;  // of a sensor: its front end, and the rows of the window that the model is asked about
  std::uint32_t input = 0;     // the whole input, where it is given at once
  std::uint32_t static_ = 0;   // other variables: protocol buffers and the like
  std::uint32_t stack = 0;     // the deepest chain of calls from reset
  std::uint32_t total = 0, limit = 0;
};

struct FirmwareImage {
  fs::path elf;
  std::vector<Symbol> symbols;  // sorted by address; flash and RAM
  FlashUse flash;
  RamUse ram;
  std::vector<std::string> stack_chain;  // functions of the deepest chain, outermost first, "name 24"
  bool fits() const { return flash.total <= flash.limit && ram.total <= ram.limit; }
};

struct FirmwareOptions {
  bool streamed = false;  // input rows flow into the model; otherwise the protocol keeps the whole input besides
};

/// Compiles the emitted model (`folder`/<name>.h and .cpp and its kernel headers) with the board's start-up and the
/// protocol, and links `folder`/firmware.elf, .bin and .map. An image too large for the board is linked and measured
/// all the same. Throws Error with the compiler's words if the compiler is missing or refuses, and one that names the
/// functions if the stack's depth cannot be known (recursion, calls through pointers: board/stack.h).
FirmwareImage build_firmware(const fs::path& folder, const std::string& model, const Board& board,
                             const FirmwareOptions& options);

/// What any bare program for the board starts with, its vectors among it, and how the linker learns of its memory.
fs::path start_up_folder(const Board& board);
std::vector<std::string> linker_script_flags(const Board& board);

}  // namespace dragonet
