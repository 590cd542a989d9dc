#pragma once

#include <string>
#include <vector>

namespace dragonet {

struct ProcessResult {
  int status;          // exit status; 127 if the program was not found, 128 + n if signal n ended it
  std::string output;  // stdout and stderr together
};

/// Runs a program (found on the PATH) without a shell, with no standard input, and waits for it.
ProcessResult run_process(const std::vector<std::string>& arguments);

}  // namespace dragonet
