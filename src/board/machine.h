#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "board/board.h"
#include "board/counts.h"
#include "board/elf.h"
#include "board/firmware.h"

namespace dragonet {

/// Takes a layer's name and all of RAM as it is when the layer's function has returned. Must not throw.
using LayerEnd = std::function<void(const std::string& layer, std::span<const std::uint8_t> ram)>;

/// A program at its board's own addresses, in Unicorn: the core, flash, RAM, and the few peripherals that the firmware
/// touches. A touch of anything else, an instruction that the core lacks, and running into the stack's limit throw
/// Error with a sentence that names address, function and layer.
class Machine {
 public:
  /// Paints RAM, loads `elf` and resets. `symbols`: for counts by layer, and for messages.
  Machine(const Board& board, const Elf& elf, const std::vector<Symbol>& symbols);
  ~Machine();

  /// Until it waits for input from the UART, or ends itself by semihosting. What went wrong once goes wrong again.
  void run();
  std::optional<int> exit_status() const;  // none: it waits for input

  void type(std::string_view text);  // at the other end of the UART
  std::string take_printed();        // on the UART or by semihosting

  /// A run that takes more is an Error: the program hangs. 10 000 000 000, which are minutes, unless set.
  void limit_instructions(std::uint64_t per_run);

  void on_layer_end(LayerEnd callback);  // from now on called whenever a layer's function returns

  void clear_counts();
  Counts counts() const;             // since they were cleared
  Count total() const;               // since reset
  std::uint32_t stack_used() const;  // high-water mark since reset, in bytes
  std::string place() const;         // "virtual board ID, in serve at 0x00002140, in no layer"

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dragonet
