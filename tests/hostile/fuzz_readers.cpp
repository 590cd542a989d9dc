// libFuzzer's target for one of tests/hostile/readers.cpp, which the environment's READER names: `make fuzz`.
#include <cstdlib>

#include "readers.h"

using namespace dragonet;
using namespace dragonet::testing;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const FileReader& reader = find_reader(std::getenv("READER") ? std::getenv("READER") : "");
  static const TemporaryFolder folder;
  refusal_by(reader, folder.path(), {data, size});
  return 0;
}
