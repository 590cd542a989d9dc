#pragma once

#include <cstdio>

namespace dragonet {

/// Where this program's own words go: stderr.
std::FILE* messages();
int messages_descriptor();

/// From here on only messages() reaches the user's stderr. What libraries write to stderr by themselves (libpng,
/// libmpg123, OpenCV, LibTorch) goes into a file that has no name: their users read sentences of ours, which name the
/// file and the reason. If the program aborts, the end of it is printed, as a report of the fault needs it. Nothing
/// changes where the environment has DRAGONET_LIBRARY_WORDS.
void keep_libraries_quiet();

}  // namespace dragonet
