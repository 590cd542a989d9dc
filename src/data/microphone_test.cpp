#include "data/microphone.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace dragonet;

namespace {

constexpr int rate_hz = 16000;

double level_db(const std::vector<float>& samples, std::size_t first, std::size_t last) {
  double sum = 0;
  for (std::size_t i = first; i < last; ++i) sum += double(samples[i]) * samples[i];
  return 10 * std::log10(sum / static_cast<double>(last - first) + 1e-12);
}

double level_db(const Sound& sound) { return level_db(sound.samples, 0, sound.samples.size()); }

/// Of its parts of a twentieth of a second, the quietest.
double quietest_db(const Sound& sound) {
  const std::size_t part = static_cast<std::size_t>(sound.rate_hz) / 20;
  double least = 0;
  for (std::size_t i = 0; i + part <= sound.samples.size(); i += part)
    least = std::min(least, level_db(sound.samples, i, i + part));
  return least;
}

/// 0.4 s of a vowel that grows and fades.
Sound a_word() {
  Sound word{.rate_hz = rate_hz, .samples = std::vector<float>(6400)};
  for (int i = 0; i < 6400; ++i) {
    const double t = i / double(rate_hz), swells = std::sin(3.14159 * i / 6400);
    word.samples[i] = static_cast<float>(0.3 * swells * (std::sin(880 * t) + std::sin(4400 * t)));
  }
  return word;
}

std::vector<double> sorted(std::vector<double> values) {
  std::ranges::sort(values);
  return values;
}

}  // namespace

TEST_CASE("a word in a room has the length asked for, a loudness of -36 to -12 dB and no part out of range") {
  for (unsigned seed = 0; seed < 200; ++seed) {
    INFO(seed);
    std::mt19937 random(seed);
    const Sound heard = heard_in_a_room(a_word(), {}, 1, rate_hz, random);
    REQUIRE(heard.rate_hz == rate_hz);
    REQUIRE(heard.samples.size() == 16000);
    REQUIRE(level_db(heard) > -36.1);
    REQUIRE(level_db(heard) < -11.9);
  }
}

TEST_CASE("words in rooms stand from far above the noise down to little above it") {
  std::vector<double> above;
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const Sound heard = heard_in_a_room(a_word(), {}, 1, rate_hz, random);
    above.push_back(level_db(heard) - quietest_db(heard));
  }
  const std::vector<double> db = sorted(above);
  CHECK(db[10] < 12);   // a twentieth of them: nearly drowned
  CHECK(db[190] > 35);  // and a twentieth: in a quiet room
}

TEST_CASE("noise is as long as asked for, from nearly nothing to loud, and no two alike") {
  std::vector<double> levels;
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    levels.push_back(level_db(room_noise(0.5, rate_hz, random)));
  }
  const std::vector<double> db = sorted(levels);
  CHECK(db.front() > -96);
  CHECK(db[10] < -70);
  CHECK(db[190] > -18);
  CHECK(db.back() < -11.9);
  CHECK(std::adjacent_find(db.begin(), db.end()) == db.end());
}

TEST_CASE("the same random numbers give the same recording") {
  std::mt19937 one(7), same(7), other(8);
  const Sound first = heard_in_a_room(a_word(), {}, 1, rate_hz, one);
  CHECK(first.samples == heard_in_a_room(a_word(), {}, 1, rate_hz, same).samples);
  CHECK(first.samples != heard_in_a_room(a_word(), {}, 1, rate_hz, other).samples);
}

TEST_CASE("a word longer than the recording, one of silence, and any background are heard, too") {
  std::mt19937 random(1);
  CHECK(heard_in_a_room(a_word(), {}, 0.3, rate_hz, random).samples.size() == 4800);
  const Sound silent{.rate_hz = rate_hz, .samples = std::vector<float>(100)};
  for (const float x : heard_in_a_room(silent, {}, 0.5, rate_hz, random).samples) REQUIRE(std::isfinite(x));
  const Sound others = mixed({a_word(), a_word(), silent}, 1, 8000, random);
  CHECK(others.samples.size() == 8000);
  CHECK(level_db(others) > -20);
  for (const float x : heard_in_a_room(a_word(), others, 1, 8000, random).samples) REQUIRE(std::isfinite(x));
}
