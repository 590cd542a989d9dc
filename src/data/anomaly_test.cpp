#include "data/anomaly.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/error.h"
#include "data/dataset.h"

using namespace dragonet;

static DatasetOptions normals_wanted() { return {.task = Anomaly{}}; }

TEST_CASE("what is normal is learnt, and every anomaly is in the test alone") {
  const TemporaryFolder folder;
  for (int i = 0; i < 10; ++i) write_file(folder.path() / "normal" / std::to_string(i), "x");
  for (const char* file : {"worn/a", "loose/b"}) write_file(folder.path() / file, "x");
  const Dataset dataset = scan_samples(folder.path(), normals_wanted());
  CHECK(std::ranges::count(dataset.samples, anomaly_label, &Sample::label) == 2);
  const Split split = split_of(dataset, group_folds(dataset, 5, 1), 0);
  CHECK(split.train.size() == 6);
  CHECK(split.validation.size() == 2);
  CHECK(split.test.size() == 2 + 2);
  for (const Indices& part : {split.train, split.validation})
    for (const int i : part) CHECK(dataset.samples[i].label == normal_label);
}

TEST_CASE("files in the folder itself are normal where there is no folder of that name, and there must be some") {
  const TemporaryFolder folder;
  write_file(folder.path() / "worn" / "a", "x");
  CHECK_THROWS_AS(scan_samples(folder.path(), normals_wanted()), Error);
  write_file(folder.path() / "b", "x");
  const Dataset dataset = scan_samples(folder.path(), normals_wanted());
  REQUIRE(dataset.samples.size() == 2);
  CHECK(dataset.samples[0].path == "b");
  CHECK(dataset.samples[0].label == normal_label);
  CHECK(dataset.samples[1].label == anomaly_label);
}
