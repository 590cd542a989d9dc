// Seconds that the program takes from recordings on disk to features: it reads, hashes and decodes WAV files, and
// computes log-mel energies with the chip's own source, on all cores (src/project/samples.h).
//   bench_features [CLIPS]      of one second; 10000 where it is left out
// prints one JSON object: {"clips": N, "seconds": [three times]}.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <random>

#include "data/sound.h"
#include "project/samples.h"

using namespace dragonet;

/// A second of a tone in noise.
static Sound made_clip(std::size_t number) {
  std::mt19937 random(static_cast<std::uint32_t>(number));
  std::normal_distribution<float> noise(0, 0.01f);
  const double step = 2 * std::numbers::pi * (100.0 + static_cast<double>(random() % 4000)) / 16000;
  Sound clip{.rate_hz = 16000, .samples = std::vector<float>(16000)};
  for (std::size_t i = 0; i < clip.samples.size(); ++i)
    clip.samples[i] = 0.3f * static_cast<float>(std::sin(step * static_cast<double>(i))) + noise(random);
  return clip;
}

/// Some are made, and the rest are copies of them: only reading is timed.
static void write_clips(const fs::path& folder, std::size_t count) {
  constexpr std::size_t made = 100;
  const auto path = [&](std::size_t i) { return folder / (i % 2 == 0 ? "no" : "yes") / fmt::format("{}.wav", i); };
  for (std::size_t i = 0; i < count; ++i)
    if (i < made)
      write_sound(path(i), made_clip(i));
    else
      fs::copy_file(path(i % made), path(i));
}

static double seconds_to_load(const fs::path& folder, std::size_t count) {
  const auto begin = std::chrono::steady_clock::now();
  const Samples samples = load_samples(folder, {}, SoundFeatureSettings{.sample_rate_hz = 16000});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  if (samples.dataset.samples.size() != count) throw Error({folder.string(), "not all were read", "is the disk full?"});
  return took.count();
}

int main(int count, char** arguments) try {
  const std::size_t clips = count > 1 ? std::strtoul(arguments[1], nullptr, 10) : 10000;
  const TemporaryFolder folder;
  for (const char* label : {"no", "yes"}) fs::create_directories(folder.path() / label);
  write_clips(folder.path(), clips);
  std::vector<double> seconds;
  for (int time = 0; time < 3; ++time) seconds.push_back(seconds_to_load(folder.path(), clips));
  fmt::print("{{\"clips\": {}, \"seconds\": [{:.2f}]}}\n", clips, fmt::join(seconds, ", "));
} catch (const Error& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
