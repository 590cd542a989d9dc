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
  CHECK_THAT(message_of(samples, {.positive = {}, .group = "("}), Catch::Contains("no regular expression"));
  CHECK_THAT(message_of(samples, {.positive = {}, .group = "bird"}), Catch::Contains("matches the path of no sample"));
}

TEST_CASE("a group pattern that would overflow a stack is refused, and one that would backtrack without end is quick") {
  const TemporaryFolder folder;
  const fs::path samples = folder.path() / "samples";
  make_files(samples, {"cat/" + std::string(60, 'a'), "dog/aab"});
  const std::string nested = std::string(20'000, '(') + "g" + std::string(20'000, ')');
  CHECK_THAT(message_of(samples, {.positive = {}, .group = nested}), Catch::Contains("40001 characters"));
  CHECK_THAT(message_of(samples, {.positive = {}, .group = std::string(900, '(')}),
             Catch::Contains("no regular expression"));
  const Dataset dataset = scan_samples(samples, {.group = "(a+)+b"});
  CHECK(dataset.samples[0].group == "cat/" + std::string(60, 'a'));
  CHECK(dataset.samples[1].group == "aa");
}

namespace {
const char* const steps = "t_ms,x,label\n0,1,walk\n10,2,walk\n20,3,run\n30,3,run\n40,3,walk\n";
}

TEST_CASE("a recording in the folder itself gives a sample for each range of its column of labels, all of one group") {
  const TemporaryFolder folder;
  write_file(folder.path() / "day.csv", steps);
  const Dataset dataset = scan_samples(folder.path(), {});
  CHECK(dataset.labels == std::vector<std::string>{"run", "walk"});
  REQUIRE(dataset.samples.size() == 3);
  CHECK(dataset.samples[1].path == "day.csv");
  CHECK(dataset.samples[1].label == 0);
  CHECK(dataset.samples[1].first_s == Approx(0.02));
  CHECK(dataset.samples[1].last_s == Approx(0.04));
  for (const Sample& sample : dataset.samples) CHECK(sample.group == "day.csv");
}

TEST_CASE("labels.csv beside recordings names ranges of them, and goes before their own labels") {
  const TemporaryFolder folder;
  write_file(folder.path() / "a.csv", steps);
  write_file(folder.path() / "b.txt", "x\n1\n2\n3\n");
  write_file(folder.path() / "labels.csv", "file,start_ms,end_ms,label\na.csv,0,20,sit\nb.txt,0,40,jump\n");
  const Dataset dataset = scan_samples(folder.path(), {.rate_hz = 50});
  CHECK(dataset.labels == std::vector<std::string>{"jump", "sit"});
  REQUIRE(dataset.samples.size() == 2);
  CHECK(dataset.samples[0].path == "a.csv");
  CHECK(dataset.samples[0].last_s == Approx(0.02));
  CHECK(scan_samples(folder.path(), {.positive = "sit", .rate_hz = 50}).labels[0] == "sit");
}

TEST_CASE("labelled recordings may lie beside folders of labels; other files there are left out with a note") {
  const TemporaryFolder folder;
  make_files(folder.path(), {"run/1", "swim/1"});
  write_file(folder.path() / "day.csv", steps);
  write_file(folder.path() / "prices.csv", "item,price\napple,3\n");
  const Dataset dataset = scan_samples(folder.path(), {});
  CHECK(dataset.labels == std::vector<std::string>{"run", "swim", "walk"});
  CHECK(dataset.samples.size() == 5);
  REQUIRE(dataset.notes.size() == 1);
  CHECK_THAT(dataset.notes[0], Catch::Contains("prices.csv") && Catch::Contains("no column of times"));
}

TEST_CASE("recordings in the folder itself that cannot be used are refused with what to do") {
  const TemporaryFolder folder;
  write_file(folder.path() / "a.csv", "t_ms,x\n0,1\n10,2\n");
  CHECK_THAT(message_of(folder.path(), {}), Catch::Contains("a.csv: nothing says what its label is"));
  const auto with_list = [&](const std::string& line) {
    write_file(folder.path() / "labels.csv", "file,start_s,end_s,label\n" + line + "\n");
    return message_of(folder.path(), {});
  };
  CHECK_THAT(with_list("a.csv,0,1,walk"), Catch::Contains("all ranges of its recordings are labelled walk"));
  CHECK_THAT(with_list("b.csv,0,1,walk"), Catch::Contains("there is no recording b.csv"));
  CHECK_THAT(with_list("../a.csv,0,1,walk"), Catch::Contains("there is no recording ../a.csv"));
  CHECK_THAT(with_list("a.csv,5,6,walk"), Catch::Contains("a.csv has 0.02 s, and its range for walk begins at 5 s"));
}
