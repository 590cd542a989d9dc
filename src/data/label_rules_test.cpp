#include "data/label_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/error.h"

using namespace dragonet;

static void make_files(const fs::path& folder, const std::string& label, int count) {
  for (int i = 0; i < count; ++i) write_file(folder / label / fmt::format("{:02}", i), "");
}

static auto count_of(const Dataset& dataset, const std::string& label) {
  return std::ranges::count_if(dataset.samples, [&](const Sample& s) { return dataset.labels[s.label] == label; });
}

static auto count_below(const Dataset& dataset, const std::string& folder) {
  return std::ranges::count_if(dataset.samples, [&](const Sample& s) { return *s.path.begin() == folder; });
}

TEST_CASE("keywords stay, noise is silence, and of all other words as many are unknown as of two keywords, evenly") {
  const TemporaryFolder folder;
  make_files(folder.path(), "yes", 6);
  make_files(folder.path(), "no", 4);
  make_files(folder.path(), "bed", 20);
  make_files(folder.path(), "cat", 40);
  make_files(folder.path(), background_folder, 2);
  const Dataset dataset = scan_samples(folder.path(), {.positive = "", .keywords = {"yes", "no"}});
  CHECK(dataset.labels == std::vector<std::string>{"no", "silence", "unknown", "yes"});
  CHECK(count_of(dataset, "yes") == 6);
  CHECK(count_of(dataset, "silence") == 2);
  CHECK(count_of(dataset, "unknown") == 12);
  CHECK(count_below(dataset, "bed") == 4);
  CHECK(count_below(dataset, "cat") == 8);
  REQUIRE(dataset.notes.size() == 1);
  CHECK(dataset.notes[0] == "unknown: 12 of 60 samples are used, evenly over all that are no keyword");
}

TEST_CASE("recordings of background noise are silence without any keywords, too, beside a folder of silence") {
  const TemporaryFolder folder;
  make_files(folder.path(), "yes", 1);
  make_files(folder.path(), "silence", 1);
  make_files(folder.path(), background_folder, 1);
  const Dataset dataset = scan_samples(folder.path(), {});
  CHECK(dataset.labels == std::vector<std::string>{"silence", "yes"});
  CHECK(count_of(dataset, "silence") == 2);
  CHECK(is_background(dataset.samples[0]));
  CHECK(!is_background(dataset.samples[1]));
}

TEST_CASE("rules that name what is not there are refused, but of samples that they were not written for") {
  const TemporaryFolder folder;
  make_files(folder.path(), "yes", 1);
  make_files(folder.path(), "bed", 1);
  const auto message = [&](const DatasetOptions& options) {
    try {
      scan_samples(folder.path(), options);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("nothing was thrown");
  };
  CHECK_THAT(message({.positive = "", .keywords = {"yse"}}), Catch::Contains("no folder is named yse"));
  CHECK_THAT(message({.positive = "", .keywords = {"yse"}}), Catch::Contains("did you mean yes?"));
  CHECK_THAT(message({.positive = "yes", .keywords = {"yes"}}), Catch::Contains("two ways to gather labels"));
  const DatasetOptions elsewhere{.positive = "", .keywords = {"yes", "stop"}, .group = "no-such", .strict = false};
  const Dataset dataset = scan_samples(folder.path(), elsewhere);
  CHECK(dataset.labels == std::vector<std::string>{"unknown", "yes"});
  REQUIRE(dataset.notes.size() == 1);
  CHECK_THAT(dataset.notes[0], Catch::Contains("matches the path of no sample"));
  const DatasetOptions other_words{.positive = "", .keywords = {"stop"}, .strict = false};
  CHECK(scan_samples(folder.path(), other_words).samples.size() == 2);  // where no keyword is, nothing is too much
}
