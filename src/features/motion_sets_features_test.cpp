// Features of two published collections, which lie beside the repository where a machine has them. That they tell
// movements apart is checked without a network: by the nearest of the other recordings.
#include <catch2/catch.hpp>
#include <climits>
#include <cstdio>

#include "data/dataset.h"
#include "features/motion_features.h"

using namespace dragonet;

namespace {

struct SetRow {
  int label = 0;
  std::string group;
  std::vector<std::int8_t> features;
};

/// The first window of each recording; none, and a loud line on stderr, where the collection is missing.
std::vector<SetRow> rows_of(const char* name, const std::string& group, MotionFeatureSettings::Kind kind) {
  const fs::path folder = fs::path("../shared/data") / name;
  if (!fs::exists(folder)) {
    std::fprintf(stderr, "SKIPPED: %s is not there, so no features are made of it\n", folder.c_str());
    return {};
  }
  const Dataset dataset = scan_samples(folder, {.group = group});
  std::vector<MotionRecording> recordings;
  for (const Sample& sample : dataset.samples) recordings.push_back(read_motion(folder / sample.path));
  MotionFeatureSettings settings = default_motion_features(recordings);
  settings.kind = kind;
  std::vector<SetRow> rows;
  for (std::size_t i = 0; i < recordings.size(); ++i)
    rows.push_back(
        {dataset.samples[i].label, dataset.samples[i].group,
         motion_features(motion_windows(motion_readings(recordings[i], settings), settings).front(), settings)});
  return rows;
}

long distance_between(const SetRow& a, const SetRow& b) {
  long sum = 0;
  for (std::size_t i = 0; i < a.features.size(); ++i) {
    const long apart = a.features[i] - b.features[i];
    sum += apart * apart;
  }
  return sum;
}

/// The share of recordings whose nearest one of another group has the same label.
double nearest_accuracy(const std::vector<SetRow>& rows) {
  int right = 0;
  for (const SetRow& row : rows) {
    long least = LONG_MAX;
    int label = -1;
    for (const SetRow& other : rows)
      if (other.group != row.group && distance_between(row, other) < least)
        least = distance_between(row, other), label = other.label;
    right += label == row.label;
  }
  return double(right) / double(rows.size());
}

void check_set(const char* name, const std::string& group, MotionFeatureSettings::Kind kind, double least) {
  const std::vector<SetRow> rows = rows_of(name, group, kind);
  if (rows.empty()) return;
  const double accuracy = nearest_accuracy(rows);
  std::printf("%s, %s: nearest neighbour %.3f\n", name, kind == MotionFeatureSettings::raw ? "raw" : "spectral",
              accuracy);
  CHECK(accuracy >= least);
}

}  // namespace

// Chance is a fifth. Without the mean, of which gravity makes a direction, a seated wrist is hard to tell from others.
TEST_CASE("spectral features tell a Nano's gestures and a stranger's activities apart") {
  check_set("motion-nano-gestures", "", MotionFeatureSettings::spectral, 0.94);
  check_set("motion-watch-activities-a", "s[0-9]+", MotionFeatureSettings::spectral, 0.65);
}

TEST_CASE("raw features tell a Nano's gestures and a stranger's activities apart") {
  check_set("motion-nano-gestures", "", MotionFeatureSettings::raw, 0.94);
  check_set("motion-watch-activities-a", "s[0-9]+", MotionFeatureSettings::raw, 0.94);
}
