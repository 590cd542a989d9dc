#include "base/error.h"

#include <catch2/catch.hpp>

using namespace dragonet;

TEST_CASE("an error's text holds every problem, a line each") {
  const Error error({{"a.png", "it is empty", "remove it"}, {"b.png", "it is broken", "save it again"}});
  CHECK(error.what() == std::string("a.png: it is empty; remove it\nb.png: it is broken; save it again"));
  CHECK(error.problems.size() == 2);
}

TEST_CASE("the nearest word is the one that differs in the fewest letters") {
  CHECK(nearest("mkrzro", {"pico", "mkrzero", "nano33ble"}) == "mkrzero");
  CHECK(nearest("trian", {"test", "train", "convert"}) == "train");
  CHECK(nearest("kitten", {"sitting", "mittens"}) == "mittens");  // 3 and 2 letters apart
  CHECK(nearest("", {"abc", "a"}) == "a");
}

TEST_CASE("the nearest of no words is empty") { CHECK(nearest("word", {}) == ""); }
