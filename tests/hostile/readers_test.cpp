// Damage at random to what every reader takes; `make fuzz` does the same for longer, and learns from what it sees.
#include "readers.h"

#include <catch2/catch.hpp>
#include <random>

using namespace dragonet;
using namespace dragonet::testing;

/// One to four changes: a byte, a bit, a part cut out, a part doubled, the end cut off.
static Bytes damaged(Bytes bytes, std::mt19937& random) {
  for (int changes = 1 + static_cast<int>(random() % 4); changes > 0 && !bytes.empty(); --changes) {
    const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(random() % bytes.size());
    const auto end = at + std::min<std::ptrdiff_t>(1 + static_cast<std::ptrdiff_t>(random() % 40), bytes.end() - at);
    const Bytes part(at, end);
    switch (random() % 5) {
      case 0:
        *at = static_cast<std::uint8_t>(random());
        break;
      case 1:
        *at ^= static_cast<std::uint8_t>(1 << random() % 8);
        break;
      case 2:
        bytes.erase(at, end);
        break;
      case 3:
        bytes.insert(at, part.begin(), part.end());
        break;
      default:
        bytes.erase(at, bytes.end());
    }
  }
  return bytes;
}

TEST_CASE("every reader takes its seeds, so that damage begins where it reads far") {
  for (const FileReader& reader : readers()) {
    INFO(reader.name);
    const TemporaryFolder folder;
    const std::vector<Bytes> seeds = seeds_of(reader);
    CHECK(!seeds.empty());
    for (const Bytes& seed : seeds) CHECK(refusal_by(reader, folder.path(), seed) == "");
  }
}

TEST_CASE("every reader takes or refuses damaged files in whole sentences, never a crash") {
  std::mt19937 random(1);
  for (const FileReader& reader : readers()) {
    INFO(reader.name);
    const TemporaryFolder folder;
    const std::vector<Bytes> seeds = seeds_of(reader);
    for (int i = 0; i < 300; ++i)
      CHECK_NOTHROW(refusal_by(reader, folder.path(), damaged(seeds[random() % seeds.size()], random)));
  }
}
