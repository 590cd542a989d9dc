#pragma once

#include "base/files.h"
#include "base/observer.h"
#include "base/outcome.h"

namespace dragonet {

/// All six steps on the sprites of a game, from pictures to the virtual board; `folder` takes everything that is made.
Outcome run_demo(const fs::path& folder, bool color, const Observer& observer = {});

}  // namespace dragonet
