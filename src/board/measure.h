#pragma once

#include <set>
#include <string>

#include "board/elf.h"
#include "board/firmware.h"
#include "board/stack.h"

namespace dragonet {

/// What an image takes of its board's memories, from the linked file itself: constants + model_code + firmware_code is
/// all of flash from the application's first byte to its last, activations + input + static all of RAM from its first
/// byte to the last variable's, padding included; nothing is counted twice or left out.
///   model_names   what the emitted model's object file defines (defined_names)
///   frames        the compiler's word on stack frames (compiler_frames)
/// What has no symbol counts as the firmware's: texts, the tables of a `switch`, alignment; so does libgcc.
/// Of the objects named in compile/emitted_interface.h, firmware_object::model is the activations, listener the
/// features of a sensor with the rows of its window, input the input. Throws Error if the stack's depth from
/// Reset_Handler cannot be known.
FirmwareImage measure(const fs::path& path, const Board& board, const std::set<std::string>& model_names,
                      const Frames& frames);

}  // namespace dragonet
