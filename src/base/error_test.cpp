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
  CHECK(nearest("dgo", {"cat", "dog"}) == "dog");                 // two that changed places count once
}

TEST_CASE("a word that is near none is told all that there are, and is not said to mean one") {
  CHECK(nearest("word", {}) == "");
  CHECK(nearest("", {"abc", "a"}) == "");
  CHECK(nearest("frobnicate", {"train", "test", "convert"}) == "");
  CHECK(nearest("xy", {"ab", "xz"}) == "xz");
  CHECK(choice_of("frobnicate", {"train", "test"}) == "there are train, test");
  CHECK(choice_of("trian", {"train", "test"}, "[{}]") == "did you mean [train]? There are [train], [test]");
}
