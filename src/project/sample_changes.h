#pragma once

#include <map>
#include <string>
#include <vector>

#include "project/samples.h"

namespace dragonet {

/// SHA-256 of every file by its path in the samples' folder, broken pictures too.
using FileHashes = std::map<std::string, std::string>;
FileHashes hashes_of(const Samples& samples);  // as they were read

/// "disc/1.png is gone", "disc/2.png is new", "disc/3.png has changed".
std::vector<std::string> changes_between(const FileHashes& then, const FileHashes& now);

/// Those files that are gone or hold something else than what was read; new ones changed nothing that was.
std::vector<std::string> changes_on_disk(const Samples& samples);

/// Throws Error if there are any: "samples: it changed <when>: disc/2.png is gone; <next>".
void require_unchanged(const Samples& samples, const std::string& when, const std::string& next);

/// "a, b, c and 5 more"
std::string some_of(const std::vector<std::string>& list);

}  // namespace dragonet
