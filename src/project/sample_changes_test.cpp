#include "project/sample_changes.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/hash.h"
#include "drawn_samples.h"

using namespace dragonet;

using Lines = std::vector<std::string>;

TEST_CASE("changes are files that went, came or hold something else") {
  const FileHashes then{{"a", "1"}, {"b", "2"}, {"c", "3"}}, now{{"a", "1"}, {"c", "4"}, {"d", "5"}};
  CHECK(changes_between(then, now) == Lines{"b is gone", "c has changed", "d is new"});
  CHECK(changes_between(now, now).empty());
}

TEST_CASE("of many changes the first three are told, and how many more there are") {
  CHECK(some_of({"a"}) == "a");
  CHECK(some_of({"a", "b", "c"}) == "a, b, c");
  CHECK(some_of({"a", "b", "c", "d", "e"}) == "a, b, c and 2 more");
}

TEST_CASE("a sample's hash is of the bytes that were decoded, and later changes on disk are seen") {
  const TemporaryFolder folder;
  testing::draw_samples(folder.path(), 2);
  write_file(folder.path() / "disc/broken.png", "no picture");
  const Samples samples = load_samples(folder.path(), {}, ImageFeatureSettings{.height = 8, .width = 8, .channels = 1});
  REQUIRE(samples.files.size() == 5);
  CHECK(samples.dataset.samples.size() == 4);
  for (const SampleFile& file : samples.files) CHECK(file.hash == sha256_of(read_bytes(folder.path() / file.path)));
  CHECK(changes_on_disk(samples).empty());

  const fs::path same = folder.path() / "disc/g0-0.png", other = folder.path() / "square/g0-0.png";
  write_file(same, read_bytes(same));  // another time, the same bytes
  write_file(other, "x");
  write_file(folder.path() / "disc/broken.png", "still none");
  fs::remove(folder.path() / "disc/g0-1.png");
  CHECK(changes_on_disk(samples) ==
        Lines{"disc/broken.png has changed", "disc/g0-1.png is gone", "square/g0-0.png has changed"});
  CHECK_THROWS_WITH(require_unchanged(samples, "while testing", "stop that"),
                    Catch::Contains("it changed while testing: disc/broken.png") && Catch::Contains("; stop that"));
}
