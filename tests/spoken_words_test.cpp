// `dragonet data say`, where a speech synthesizer is installed.
#include <cstdio>
#include <set>

#include "data/dataset.h"
#include "program.h"
#include "project/spoken_samples.h"
#include "project/voice_groups.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using nlohmann::json;

namespace {

/// What it says; "" and a loud line where nobody can speak.
std::string say(const fs::path& project, const std::string& arguments) {
  const ProcessResult said = dragonet_in(project, "data say " + arguments + " 2>&1");
  if (said.status != 0 && said.output.find("no speech synthesizer") != std::string::npos) {
    std::fprintf(stderr, "SKIPPED: no speech synthesizer is installed, so nothing was said\n");
    return "";
  }
  INFO(said.output);
  REQUIRE(said.status == 0);
  return said.output;
}

/// Of all files below a folder.
std::map<std::string, Bytes> contents_of(const fs::path& folder) {
  std::map<std::string, Bytes> contents;
  for (const fs::path& file : files_below(folder)) contents[file.lexically_relative(folder)] = read_bytes(file);
  return contents;
}

}  // namespace

TEST_CASE("data say makes the same recordings whenever it is asked, and others with another seed") {
  const TemporaryFolder home;
  json_of(home.path(), "new p --kind sound");
  const fs::path project = home.path() / "p", samples = project / "samples";
  const std::string request = "no --count 4 --unknown 4 --silence 3";
  if (say(project, request).empty()) return;
  const std::map<std::string, Bytes> first = contents_of(samples);
  CHECK(first.size() == 11);
  CHECK(said_in(samples).size() == 11);
  say(project, request);
  CHECK(contents_of(samples) == first);
  say(project, request + " --seed 2");
  const std::map<std::string, Bytes> others = contents_of(samples);
  CHECK(others.size() == 11);
  for (const auto& [path, bytes] : others) CHECK((!first.contains(path) || first.at(path) != bytes));
}

TEST_CASE("data say has splits keep voices together, and says so, and that a test on them flatters") {
  const TemporaryFolder home;
  json_of(home.path(), "new p --kind sound");
  const fs::path project = home.path() / "p", toml = project / "dragonet.toml";
  const std::string before = read_text(toml), text = say(project, "yes --count 6 --unknown 0 --silence 3");
  if (text.empty()) return;
  CHECK_THAT(text, Contains("group = '/say-([^-]+)' is written into") && Contains("a test on these flatters"));
  CHECK(read_text(toml).size() == before.size() + std::string(voice_pattern).size());
  write_file(project / "samples/yes/ann.wav", read_bytes(project / "samples" / *said_in(project / "samples").begin()));
  std::set<std::string> groups;
  for (const Sample& sample : scan_samples(project / "samples", {.group = voice_pattern}).samples)
    groups.insert(sample.group);
  CHECK(groups.contains("yes/ann.wav"));
  CHECK(groups.contains("noise0"));
  CHECK(groups.size() <= 10);
  CHECK_THAT(say(project, "yes --count 1 --unknown 0 --silence 1"), !Contains("is written into"));
  CHECK(fs::exists(project / "samples/yes/ann.wav"));
}
