#pragma once

#include <span>

#include "base/files.h"
#include "compile/compile.h"

namespace dragonet {

/// The emitted code built for this machine: the same source as on the chip, run at desktop speed.
/// Throws Error if there is no C++ compiler, or it refuses.
fs::path build_host_program(const EmittedModel& emitted, const fs::path& folder);

/// Runs it on inputs, back to back; returns the outputs likewise. What the model keeps goes on from one inference to
/// the next, or, with `resets`, begins anew with each.
Bytes run_host_program(const fs::path& program, std::span<const std::uint8_t> inputs, bool resets = false);

}  // namespace dragonet
