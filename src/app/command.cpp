#include "app/command.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace dragonet {

bool wants_color() { return isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR"); }

void say(const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); }

}  // namespace dragonet
