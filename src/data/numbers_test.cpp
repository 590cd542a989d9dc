#include "data/numbers.h"

#include <catch2/catch.hpp>

#include "base/error.h"

using namespace dragonet;

static DatasetOptions numbers_wanted() { return {.task = Regression{}}; }

static std::string complaint_about(const fs::path& folder) {
  try {
    scan_samples(folder, numbers_wanted());
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("folders named after numbers say what their recordings' number is") {
  const TemporaryFolder folder;
  for (const char* file : {"20/a.csv", "20/b.csv", "25.5/c.csv", "-3/d.csv"}) write_file(folder.path() / file, "x");
  const Dataset dataset = scan_samples(folder.path(), numbers_wanted());
  CHECK(std::holds_alternative<Regression>(dataset.task));
  CHECK(dataset.outputs == std::vector<std::string>{"value"});
  REQUIRE(dataset.samples.size() == 4);
  CHECK(dataset.samples[0].path == "-3/d.csv");
  CHECK(dataset.samples[0].targets == std::vector{-3.0f});
  CHECK(dataset.samples[3].targets == std::vector{25.5f});
  CHECK(dataset.samples[3].group == "25.5/c.csv");
  const std::vector<NumberRange> ranges = number_ranges(dataset);
  REQUIRE(ranges.size() == 1);
  CHECK(ranges[0].name == "value");
  CHECK(ranges[0].least == -3);
  CHECK(ranges[0].mean == Approx((20 + 20 + 25.5 - 3) / 4));
  CHECK(ranges[0].most == 25.5);
}

TEST_CASE("labels.csv gives each recording its numbers, and the numbers their names") {
  const TemporaryFolder folder;
  for (const char* file : {"a.wav", "deep/b.wav", "unlisted.wav"}) write_file(folder.path() / file, "x");
  write_file(folder.path() / "labels.csv", "hz,file,celsius\n3.5,deep/b.wav,-20\n4,a.wav,21.5\n");
  const Dataset dataset = scan_samples(folder.path(), numbers_wanted());
  CHECK(dataset.outputs == std::vector<std::string>{"hz", "celsius"});
  REQUIRE(dataset.samples.size() == 2);
  CHECK(dataset.samples[0].path == "a.wav");
  CHECK(dataset.samples[0].targets == std::vector{4.0f, 21.5f});
  CHECK(dataset.samples[1].targets == std::vector{3.5f, -20.0f});
}

TEST_CASE("what cannot be a recording's number is said, with the line") {
  const TemporaryFolder folder;
  write_file(folder.path() / "warm" / "a.csv", "x");
  CHECK(complaint_about(folder.path()).find("the name of this folder is no number") != std::string::npos);
  const auto listed = [&](const std::string& list) {
    write_file(folder.path() / "labels.csv", list);
    return complaint_about(folder.path());
  };
  CHECK(listed("name,hz\nwarm/a.csv,3\n").find("must name a column `file`") != std::string::npos);
  CHECK(listed("file,hz\nwarm/a.csv,fast\n").find("line 2") != std::string::npos);
  CHECK(listed("file,hz\nwarm/a.csv,fast\n").find("hz is `fast`, which is no number") != std::string::npos);
  CHECK(listed("file,hz\nwarm/b.csv,3\n").find("there is no recording warm/b.csv") != std::string::npos);
  CHECK(listed("file,hz\n../warm/a.csv,3\n").find("there is no recording ../warm/a.csv") != std::string::npos);
  CHECK(listed("file,hz\n").find("it names no recording") != std::string::npos);
}
