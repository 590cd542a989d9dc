// What is half done has a name of its own that tells the process that makes it, so that what a killed one has left can
// be told from what another is still at:
//   NAME.<process>.tmp           a file that is being written (files.h)
//   NAME.part-<process>          a folder that is being filled
//   .build-<process>             what is built, before it is moved into place (staging.h)
//   dragonet-<process>-<random>  of the system's folder for temporary files
#pragma once

#include <optional>
#include <string>

#include "base/files.h"

namespace dragonet {

/// The process that a temporary name tells; none: the name is no temporary one of ours.
std::optional<int> maker_of(const std::string& name);

/// Removes what processes that are gone have left directly in this folder, of those names that begin with `prefix`.
/// What cannot be removed stays, without a word.
void sweep(const fs::path& folder, const std::string& prefix = "");

/// The same in all folders below it, too.
void sweep_all(const fs::path& folder);

}  // namespace dragonet
