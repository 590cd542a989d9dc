// Every file of two published collections, which lie beside the repository where a machine has them.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <map>

#include "data/dataset.h"
#include "data/motion.h"

using namespace dragonet;

/// All recordings below a folder; none, and a loud line on stderr, where it is missing.
static std::vector<MotionRecording> all_of(const char* name) {
  const fs::path folder = fs::path("../shared/data") / name;
  std::vector<MotionRecording> recordings;
  if (!fs::exists(folder)) {
    std::fprintf(stderr, "SKIPPED: %s is not there, so its files are not read\n", folder.c_str());
    return recordings;
  }
  for (const fs::path& file : files_below(folder))
    if (is_motion_file(file)) recordings.push_back(read_motion(file));
  return recordings;
}

TEST_CASE("every gesture of a Nano is read as it is: 119 readings at 119 Hz") {
  const std::vector<MotionRecording> recordings = all_of("motion-nano-gestures");
  for (const MotionRecording& r : recordings) {
    INFO(r.source);
    CHECK(r.rate_hz == 119);
    CHECK(r.readings() == 119);
    CHECK(r.axes == std::vector<std::string>{"ax", "ay", "az", "gx", "gy", "gz"});
    CHECK(r.units == std::vector<std::string>{"g", "g", "g", "deg/s", "deg/s", "deg/s"});
    CHECK(r.notes.empty());
  }
  if (!recordings.empty()) CHECK(recordings.size() == 265);
}

TEST_CASE("every activity of a watch is read at about 100 Hz, and what its jitter needed is said") {
  const std::vector<MotionRecording> recordings = all_of("motion-watch-activities-a");
  std::map<double, int> rates;
  for (const MotionRecording& r : recordings) {
    INFO(r.source);
    ++rates[r.rate_hz];
    CHECK((r.rate_hz >= 90 && r.rate_hz <= 115));
    CHECK((r.seconds() > 0.4 && r.seconds() < 4.5));
    CHECK(r.units == std::vector<std::string>{"m/s2", "m/s2", "m/s2", "rad/s", "rad/s", "rad/s"});
    CHECK_FALSE(r.notes.empty());
  }
  if (!recordings.empty()) CHECK(recordings.size() == 837);
  if (!recordings.empty()) CHECK(rates[100] > 800);
}
