#pragma once

#include <functional>
#include <span>
#include <vector>

#include "board/build.h"
#include "compile/compile.h"
#include "ops/operator.h"

namespace dragonet {

/// What each layer made, per vector the bytes of every tensor: taken row by row as each was completed, since no layer
/// exists whole where rows flow. Empty where nothing runs (reshape) and of constants and inputs.
using Captured = std::vector<TensorBytes>;

/// The emitted code on this machine: a generated program walks its schedule. `model` is the one that was planned
/// (run_passes), `inputs` are of its types; `folder` gets the code and the program. Throws Error if it does not
/// compile.
Captured capture_on_host(const EmittedModel& emitted, const Model& model, std::span<const Bytes> inputs,
                         const fs::path& folder);

/// The firmware on the virtual board, stopped at the end of each layer's function. `outputs` gets what it answers.
Captured capture_on_board(const BoardBuild& build, const Board& board, const Model& model,
                          std::span<const Bytes> inputs, std::vector<Bytes>& outputs,
                          const std::function<void(std::size_t)>& on_vector = {});

}  // namespace dragonet
