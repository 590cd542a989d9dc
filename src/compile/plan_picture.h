#pragma once

#include <string>

#include "compile/compile.h"

namespace dragonet {

/// The plan as a picture: steps across, addresses up, every row, tensor and scratch a block, the peak marked.
std::string plan_svg(const EmittedModel& emitted);

/// The same in characters, at most `width` of them in a line; a letter is a layer.
std::string plan_text(const EmittedModel& emitted, int width = 100);

/// Band by band: which layers, in which order, what is alive at once, and what the same layers would take one by one.
std::string explanation(const EmittedModel& emitted);

}  // namespace dragonet
