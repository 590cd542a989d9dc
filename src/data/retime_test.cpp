#include "data/retime.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace dragonet;

static Sound tone(double hz, double seconds) {
  Sound sound{.rate_hz = 16000};
  for (int i = 0; i < seconds * 16000; ++i)
    sound.samples.push_back(static_cast<float>(0.5 * std::sin(6.283185 * hz * i / 16000)));
  return sound;
}

/// From how often it crosses zero.
static double pitch_of(const Sound& sound) {
  int crossings = 0;
  for (std::size_t i = 1601; i + 1600 < sound.samples.size(); ++i)
    crossings += sound.samples[i - 1] < 0 && sound.samples[i] >= 0;
  return crossings * 16000.0 / static_cast<double>(sound.samples.size() - 3200);
}

TEST_CASE("a word retimed is longer or shorter by at most the factor, and its pitch and loudness stay") {
  bool longer = false, shorter = false;
  for (unsigned seed = 0; seed < 30; ++seed) {
    INFO(seed);
    std::mt19937 random(seed);
    const Sound word = tone(200, 0.8), other = retimed(word, 1.5, random);
    const double factor = double(other.samples.size()) / double(word.samples.size());
    CHECK(factor < 1.55);
    CHECK(factor > 0.6);
    longer = longer || factor > 1.1, shorter = shorter || factor < 0.92;
    CHECK(pitch_of(other) == Approx(200).margin(8));
    float loudest = 0;
    for (const float x : other.samples) loudest = std::max(loudest, std::abs(x));
    CHECK(loudest == Approx(0.5).margin(0.06));
  }
  CHECK(longer);
  CHECK(shorter);
}

TEST_CASE("what is too short to be retimed stays") {
  std::mt19937 random(1);
  CHECK(retimed(tone(200, 0.03), 2, random).samples == tone(200, 0.03).samples);
}
