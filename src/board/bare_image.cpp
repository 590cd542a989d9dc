#include "board/bare_image.h"

#include "base/error.h"

namespace dragonet {

static std::vector<Symbol> symbols_of(const Elf& elf) {
  std::vector<Symbol> symbols;
  for (const ElfSymbol& symbol : elf.symbols)
    symbols.push_back({.name = readable_name(symbol.name),
                       .address = symbol.address,
                       .bytes = symbol.bytes,
                       .is_function = symbol.is_function});
  return symbols;
}

BareRun run_bare(const Elf& elf, const Board& board, std::uint64_t instruction_limit) {
  Machine machine(board, elf, symbols_of(elf));
  machine.limit_instructions(instruction_limit);
  machine.run();
  BareRun run{.printed = machine.take_printed(), .count = machine.total(), .stack_used = machine.stack_used()};
  const std::optional<int> status = machine.exit_status();
  if (!status)
    throw Error({machine.place(), "waits for input, which nobody types", "end the program by semihosting's SYS_EXIT"});
  run.exit_status = *status;
  return run;
}

}  // namespace dragonet
