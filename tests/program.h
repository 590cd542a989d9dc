// The program itself, as a user runs it, for the tests from end to end.
#pragma once

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "base/files.h"
#include "base/process.h"

namespace dragonet::testing {

inline const std::string program = program_folder() / "dragonet";

/// Runs `dragonet ...` in a folder, as a shell would; stdout and stderr together.
inline ProcessResult dragonet_in(const fs::path& folder, const std::string& arguments) {
  return run_process({"sh", "-c", "cd '" + folder.string() + "' && '" + program + "' " + arguments});
}

/// With --json, and stderr put away: stdout must be one object.
inline nlohmann::json json_of(const fs::path& folder, const std::string& arguments, int status = 0) {
  const ProcessResult result = dragonet_in(folder, arguments + " --json 2>" + (folder / "stderr.txt").string());
  INFO(arguments << "\n" << result.output << read_text(folder / "stderr.txt"));
  REQUIRE(result.status == status);
  return nlohmann::json::parse(result.output);
}

}  // namespace dragonet::testing
