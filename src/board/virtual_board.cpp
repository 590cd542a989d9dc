#include "board/virtual_board.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"

namespace dragonet {

VirtualBoard::VirtualBoard(const Board& board, const FirmwareImage& image)
    : machine_(board, read_elf(image.elf), image.symbols, image.emitted) {
  answer();
}

std::string VirtualBoard::send(std::string_view command) {
  machine_.type(command);
  machine_.type("%");
  return answer();
}

// What it prints until it waits for input ends with "m-ready".
std::string VirtualBoard::answer() {
  machine_.run();
  std::string printed = machine_.take_printed();
  if (!printed.ends_with("m-ready\r\n"))
    throw Error({machine_.place(),
                 fmt::format("waits for more input without \"m-ready\"; it has printed \"{}\"", printed),
                 "a command ends with '%'"});
  return printed;
}

void VirtualBoard::limit_instructions(std::uint64_t per_command) { machine_.limit_instructions(per_command); }
void VirtualBoard::on_layer_end(LayerEnd callback) { machine_.on_layer_end(std::move(callback)); }
void VirtualBoard::clear_counts() { machine_.clear_counts(); }
Counts VirtualBoard::counts() const { return machine_.counts(); }
std::uint32_t VirtualBoard::stack_used() const { return machine_.stack_used(); }

}  // namespace dragonet
