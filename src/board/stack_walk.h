#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "board/elf.h"

namespace dragonet {

struct Call {
  const ElfSymbol* callee;
  bool is_tail;                        // a branch that leaves this function for good: its frame may be gone by then
  std::optional<std::uint32_t> depth;  // bytes of stack then taken by the caller; none where the walk did not get
};

/// What one function's Thumb instructions do to the stack.
struct FunctionWalk {
  std::uint32_t frame_bytes = 0;
  std::vector<Call> calls;
  std::vector<std::string> unknowns;  // why the depth cannot be known, in words
};

class StackWalker {
 public:
  explicit StackWalker(const Elf& elf);
  ~StackWalker();

  /// `from_compiler`: the compiler states this function's frame, so that a stack pointer moved by a computed amount is
  /// known all the same, and nothing runs on past its end into the next function.
  FunctionWalk walk(const ElfSymbol& function, bool from_compiler);

 private:
  struct Disassembler;
  const Elf& elf_;
  std::unique_ptr<Disassembler> disassembler_;
};

}  // namespace dragonet
