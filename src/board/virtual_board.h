#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "board/firmware.h"

namespace dragonet {

struct Count {
  std::uint64_t instructions = 0, cycles = 0;  // cycles of a core without wait states
};
struct LayerCount {
  std::string name;  // the emitted function: "layer_03_conv_2d"
  Count count;
};
struct Counts {
  Count inference;  // everything inside the emitted model, features left out
  Count features;   // raw rows -> model rows
  std::vector<LayerCount> layers;
};

/// Runs a firmware image at its board's own addresses, in Unicorn: flash, RAM and the few peripherals that the firmware
/// touches. A touch of anything else, an instruction that the core lacks, and running into the stack's limit throw
/// Error with a sentence that names address, function and layer.
class VirtualBoard {
 public:
  VirtualBoard(const Board& board, const FirmwareImage& image);  // paints the stack, resets, runs to "m-ready"
  ~VirtualBoard();

  /// Sends one command (without its '%') over the UART, runs until the firmware waits for more, returns all it printed.
  std::string send(std::string_view command);

  /// A command that takes more is an Error: the firmware hangs. 10 000 000 000, which are minutes, unless set.
  void limit_instructions(std::uint64_t per_command);

  void clear_counts();
  Counts counts() const;
  std::uint32_t stack_used() const;  // high-water mark since reset, in bytes

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dragonet
