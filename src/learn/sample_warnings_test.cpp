#include "learn/sample_warnings.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

using namespace dragonet;

namespace {

/// So many files of each label.
Dataset dataset_of(const std::vector<std::string>& labels, int files) {
  Dataset dataset{.labels = labels};
  for (int label = 0; label < static_cast<int>(labels.size()); ++label)
    for (int i = 0; i < files; ++i)
      dataset.samples.push_back({.path = fmt::format("{}/{}", labels[label], i), .label = label});
  return dataset;
}

}  // namespace

TEST_CASE("a label that the sampling rate gives away is told, with the counts") {
  const Dataset two = dataset_of({"a", "b"}, 4);
  const auto warnings = rate_warnings(two, {8000, 8000, 8000, 8000, 16000, 16000, 16000, 16000});
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0],
             Catch::Contains("label a can be told from the sampling rate alone: 4 of its 4 files have 8000 "
                             "Hz, and 0 of the 4 others do"));
  CHECK(rate_warnings(two, {8000, 8000, 8000, 16000, 16000, 16000, 16000, 16000}).size() == 1);
  CHECK(rate_warnings(two, {8000, 16000, 8000, 16000, 8000, 16000, 8000, 16000}).empty());
  CHECK(rate_warnings(two, {99, 100, 101, 100, 100.5, 99.5, 100, 101}).empty());  // a clock's jitter
  CHECK(rate_warnings(two, std::vector<double>(8, 0)).empty());                   // pictures
  const Dataset three = dataset_of({"a", "b", "c"}, 2);
  CHECK(rate_warnings(three, {50, 50, 50, 50, 104, 103}).size() == 1);
}

TEST_CASE("labels that differ only in capitals or in how their letters are composed are told") {
  const auto warnings = label_warnings({"Dragon", "caf\u00e9", "cafe\u0301", "dragon", "other"});
  REQUIRE(warnings.size() == 2);
  CHECK_THAT(warnings[0] + warnings[1], Catch::Contains("labels Dragon and dragon differ only in capitals"));
  CHECK(label_warnings({"dragon", "drake"}).empty());
}

TEST_CASE("one file under two labels is told by both names; parts of one file may have several labels") {
  Dataset dataset = dataset_of({"a", "b"}, 2);
  const auto warnings = contradiction_warnings(dataset, {"x", "y", "x", "z"});
  REQUIRE(warnings.size() == 1);
  CHECK_THAT(warnings[0], Catch::Contains("the same sample has 2 labels: a/0 and b/0"));
  for (Sample& sample : dataset.samples) sample.last_s = 1;
  CHECK(contradiction_warnings(dataset, {"x", "y", "x", "z"}).empty());
}
