#include "data/dataset.h"

#include <catch2/catch.hpp>

#include "base/error.h"

using namespace dragonet;

static void make_files(const fs::path& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names) write_file(folder / name, "");
}

static std::string message_of(const fs::path& folder, const DatasetOptions& options) try {
  scan_samples(folder, options);
  return "nothing was thrown";
} catch (const Error& error) {
  return error.what();
}

static std::vector<std::string> paths_of(const Dataset& dataset) {
  std::vector<std::string> paths;
  for (const Sample& sample : dataset.samples) paths.push_back(sample.path.generic_string());
  return paths;
}

TEST_CASE("folders are labels, files in them at any depth are samples, in the order of their paths") {
  const TemporaryFolder folder;
  make_files(folder.path(), {"cat/b.png", "ant/z.png", "cat/a/deep.png", "SOURCE.md", "cat/.hidden", ".git/x"});
  const Dataset dataset = scan_samples(folder.path(), {});
  CHECK(dataset.labels == std::vector<std::string>{"ant", "cat"});
  CHECK(paths_of(dataset) == std::vector<std::string>{"ant/z.png", "cat/a/deep.png", "cat/b.png"});
  CHECK(dataset.samples[0].label == 0);
  CHECK(dataset.samples[2].label == 1);
  CHECK(dataset.samples[2].group == "cat/b.png");  // each file is its own group
}

TEST_CASE("a positive label comes first, and all the rest become other") {
  const TemporaryFolder folder;
  make_files(folder.path(), {"apple/1", "cat/1", "dragon/1"});
  const Dataset dataset = scan_samples(folder.path(), {.positive = "dragon", .group = {}});
  CHECK(dataset.labels == std::vector<std::string>{"dragon", "other"});
  CHECK(dataset.samples[0].label == 1);
  CHECK(dataset.samples[2].label == 0);
}

TEST_CASE("a group is what the pattern captures, or the whole match, or the file itself where nothing matches") {
  const TemporaryFolder folder;
  make_files(folder.path(), {"dragon/drake-sky-fly-1.png", "other/elves-wood-lord-2.png", "other/x.png"});
  const auto group = [&](const std::string& pattern, int sample) {
    return scan_samples(folder.path(), {.positive = {}, .group = pattern}).samples[sample].group;
  };
  CHECK(group("(drake-[a-z]+|[a-z]+-[a-z]+)", 0) == "drake-sky");
  CHECK(group("(drake-[a-z]+|[a-z]+-[a-z]+)", 1) == "elves-wood");
  CHECK(group("[a-z]+-[a-z]+-[a-z]+", 0) == "drake-sky-fly");
  CHECK(group("([a-z]+)-([a-z]+)", 0) == "drake/sky");
  CHECK(group("drake", 2) == "other/x.png");
}

TEST_CASE("samples that cannot be told apart are refused with what to do") {
  const TemporaryFolder folder;
  const fs::path samples = folder.path() / "samples";
  CHECK_THAT(message_of(samples, {}), Catch::Contains("there is no such folder"));
  make_files(samples, {"cat/1"});
  CHECK_THAT(message_of(samples, {}), Catch::Contains("holds 1 folder(s)"));
  fs::create_directory(samples / "dog");
  CHECK_THAT(message_of(samples, {}), Catch::Contains("dog") && Catch::Contains("is empty"));
  make_files(samples, {"dog/1"});
  CHECK_THAT(message_of(samples, {.positive = "dgo", .group = {}}), Catch::Contains("did you mean dog?"));
  CHECK_THAT(message_of(samples, {.positive = {}, .group = "("}), Catch::Contains("no ECMAScript regular expression"));
  CHECK_THAT(message_of(samples, {.positive = {}, .group = "bird"}), Catch::Contains("matches the path of no sample"));
}
