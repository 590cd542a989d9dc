// Everything that Dragonet reads besides models: what people give it, and what it wrote itself and finds again.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/files.h"

namespace dragonet::testing {

struct FileReader {
  std::string name;  // its seeds lie in tests/hostile/seeds/<name>/
  std::string file;  // what is read, in a folder of its own
  void (*read)(const fs::path& file);
  std::string (*seed)() = nullptr;  // instead of files: what the program writes today
};
const std::vector<FileReader>& readers();
const FileReader& find_reader(const std::string& name);  // throws Error if there is none

std::vector<Bytes> seeds_of(const FileReader& reader);

/// Writes the bytes into `folder` under the name that the reader expects, and reads them. Returns the sentences of
/// refusal, "" where there are none. Anything but an Error with whole sentences goes on to the caller: a fault of ours.
std::string refusal_by(const FileReader& reader, const fs::path& folder, std::span<const std::uint8_t> bytes);

}  // namespace dragonet::testing
