#pragma once

#include "board/firmware.h"
#include "board/virtual_board.h"
#include "compile/compile.h"
#include "features/features.h"

namespace dragonet {

/// A model as a firmware image for a board.
struct BoardBuild {
  EmittedModel emitted;
  FirmwareImage image;
  bool streamed = false;  // the whole input did not fit beside the rest: rows flow into the model
};

/// Emits, compiles and links into `folder`, and draws memory.svg and plan.svg there. Buffered, as MLPerf Tiny publishes
/// it, where that fits; else, and to save RAM, streamed.
BoardBuild build_for_board(const Model& model, const Board& board, const fs::path& folder,
                           Optimize optimize = Optimize::balanced);

/// Empty if it fits; otherwise a problem for each memory that is too small (board/fit.h), with the layer at whose step
/// the model needs most RAM.
std::vector<Problem> fit_problems(const BoardBuild& build, const Board& board);

/// One of a listening chip's answers.
struct Heard {
  std::uint32_t readings = 0;  // taken until then
  int label = -1;              // its debounced answer; -1: none
  Bytes outputs;               // of the model
};

/// What the firmware answers, on the virtual board, over its UART. Any `e-[...]` is thrown as Error.
class BoardSession {
 public:
  BoardSession(const BoardBuild& build, const Board& board)
      : board_(board, build.image), stack_bytes_(build.image.ram.stack) {}
  Bytes infer(std::span<const std::uint8_t> input);  // the model's own input tensor
  Bytes infer_raw(const Raw& raw);                   // through the features on the chip; readings: one window
  void reset();                                      // of what the model keeps from one inference to the next
  std::vector<Heard> listen(const Readings& readings);
  VirtualBoard& board() { return board_; }

  /// The painted stack's high-water mark. Throws Error if it is deeper than the call graph allows: a fault of ours.
  std::uint32_t stack_used() const;

 private:
  std::string send(const std::string& command);
  void send_bytes(const std::string& command, std::span<const std::uint8_t> bytes);
  Bytes result();
  Bytes infer(const Image& raw);
  Bytes infer(const Readings& raw);

  VirtualBoard board_;
  std::uint32_t stack_bytes_;  // worked out from the call graph
};

}  // namespace dragonet
