#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "board/elf.h"

namespace dragonet {

/// Bytes of stack that each function itself takes, by its mangled name.
using Frames = std::map<std::string, std::uint32_t>;

/// What the compiler says, in the .ci files that -fcallgraph-info=su leaves in `folder`. A function of this name in
/// several files counts with its largest. Throws Error if one takes stack that depends on its data (alloca).
Frames compiler_frames(const fs::path& folder);

/// What the instructions say, of every function of the image.
Frames disassembled_frames(const Elf& elf);

struct StackDepth {
  std::uint32_t bytes = 0;
  std::vector<std::string> chain;  // the deepest, outermost first: "main 24"
};

/// The deepest chain of calls from `root`, a function's name: the most stack that a program can take. `frames` are the
/// compiler's; where the instructions take more, or the compiler does not know the function, the instructions count.
/// Throws Error, naming each function, if the depth cannot be known: recursion, calls through pointers.
StackDepth deepest_stack(const Elf& elf, const Frames& frames, const std::string& root);

}  // namespace dragonet
