#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "board/counts.h"
#include "board/firmware.h"
#include "board/machine.h"

namespace dragonet {

/// A board with our firmware, at the other end of its serial line. What Machine throws comes through.
class VirtualBoard {
 public:
  VirtualBoard(const Board& board, const FirmwareImage& image);  // resets, runs to "m-ready"

  /// Sends one command (without its '%') over the UART, runs until the firmware waits for more, returns all it printed.
  std::string send(std::string_view command);

  /// A command that takes more is an Error: the firmware hangs. 10 000 000 000, which are minutes, unless set.
  void limit_instructions(std::uint64_t per_command);

  /// Called whenever a layer's function returns (Machine).
  void on_layer_end(LayerEnd callback);

  void clear_counts();
  Counts counts() const;
  std::uint32_t stack_used() const;  // high-water mark since reset, in bytes

 private:
  std::string answer();
  Machine machine_;
};

}  // namespace dragonet
