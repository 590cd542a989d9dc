#include "data/other_words.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>

#include "base/process.h"

using namespace dragonet;

static bool holds(const std::vector<std::string>& words, const std::string& word) {
  return std::ranges::count(words, word) > 0;
}

TEST_CASE("words differ in sound by the phonemes that differ, a vowel for a vowel less than for a consonant") {
  CHECK(difference_in_sound({"n", "oU"}, {"n", "oU"}) == 0);
  CHECK(difference_in_sound({"n", "oU"}, {"g", "oU"}) == Approx(0.6 / 2));
  CHECK(difference_in_sound({"n", "oU"}, {"oU", "oU"}) == Approx(1.0 / 2));
  CHECK(difference_in_sound({"s", "t", "0", "p"}, {"t", "0", "p"}) == Approx(1.0 / 4));
  CHECK(difference_in_sound({}, {"a"}) == 1);
  CHECK(difference_in_sound({}, {}) == 0);
}

TEST_CASE("other words hold none that was asked for, and begin with one near to each") {
  const OtherWords others = other_words({"stop", "go"}, "en");
  CHECK(others.all.size() > 300);
  CHECK(others.near.size() > 15);
  CHECK_FALSE(holds(others.all, "stop"));
  CHECK(others.near == other_words({"stop", "go"}, "en").near);
  for (const std::string& word : others.near) CHECK(holds(others.all, word));
}

TEST_CASE("other words sound like those asked for, and none of them the same") {
  if (run_process({"espeak-ng", "--version"}).status != 0) {
    std::fprintf(stderr, "SKIPPED: espeak-ng is not installed, so nobody has said how words sound\n");
    return;
  }
  const OtherWords others = other_words({"no", "right", "stop"}, "en");
  CHECK_FALSE(holds(others.all, "know"));
  CHECK_FALSE(holds(others.all, "write"));
  CHECK_FALSE(holds(others.all, "note"));
  CHECK(holds(others.near, "so"));
  CHECK(holds(others.near, "light"));
  CHECK(holds(others.near, "top"));
  CHECK_FALSE(holds(others.near, "yesterday"));
}
