#include "learn/advice.h"

#include <catch2/catch.hpp>

using namespace dragonet;
using Catch::Contains;

namespace {

/// A test on some of the groups, with so many samples each, and one in `wrong` wrong.
Score tested_on(int groups, int samples, int wrong) {
  std::vector<Answer> answers;
  for (int i = 0; i < groups * samples; ++i) {
    const int truth = i % 2;
    answers.push_back({truth, i % wrong == 0 ? 1 - truth : truth, std::to_string(i / samples)});
  }
  return score_of(answers, 2);
}

Dataset dataset_of(int groups) {
  Dataset dataset;
  for (int i = 0; i < 3 * groups; ++i) dataset.samples.push_back({.group = std::to_string(i / 3)});
  return dataset;
}

}  // namespace

TEST_CASE("a test of two groups recommends leaving out each group of few, and folds of many") {
  CHECK(folds_advice(tested_on(2, 20, 100), dataset_of(9)) ==
        "the groups in the test, 2 of 9, are too few to know how good the model is with others; `dragonet test "
        "--leave-one-group-out` tests on all of them");
  CHECK_THAT(folds_advice(tested_on(2, 20, 100), dataset_of(40)), Contains("; `dragonet test --folds 5` tests on all"));
}

TEST_CASE("a wide interval recommends folds with the bounds that it leaves, a narrow one does not") {
  CHECK_THAT(folds_advice(tested_on(4, 6, 5), dataset_of(20)),
             Contains("2 of 20, leave its") || Contains("4 of 20, leave its balanced accuracy anywhere from 0."));
  CHECK(folds_advice(tested_on(60, 20, 100), dataset_of(300)).empty());
}

TEST_CASE("a test on all groups has nothing more to recommend") {
  CHECK(folds_advice(tested_on(2, 20, 100), dataset_of(2)).empty());
}

TEST_CASE("a random split is said to have claimed more only where it did") {
  CHECK(
      random_split_text({.value = 0.9}, {0.97, 0.95, 0.99}) ==
      "a careless random split would have claimed 97 % (95–99): near duplicates of its test pictures were in training");
  CHECK(random_split_text({.value = 0.9}, {0.9, 0.85, 0.95}).empty());
  CHECK(random_split_text({.value = 0.9}, {0.8, 0.7, 0.9}).empty());
}

TEST_CASE("a test on words that `data say` made is said to flatter, one with as many of people's is not") {
  const TemporaryFolder folder;
  write_file(folder.path() / "yes/.said", std::string_view("say-a-b-0.wav\nsay-a-b-1.wav\n"));
  Dataset dataset{.folder = folder.path()};
  for (const char* path : {"yes/say-a-b-0.wav", "yes/say-a-b-1.wav", "yes/ann.wav", "no/say-a-b-1.wav"})
    dataset.samples.push_back({.path = path});
  CHECK_THAT(said_test_advice(dataset, {0, 1, 2}),
             Contains("2 of the 3 samples in the test were made by `dragonet data say`, which flatters") &&
                 Contains("`dragonet test --samples DIR`"));
  CHECK(said_test_advice(dataset, {0, 1, 2, 3}).empty());
  CHECK(said_test_advice(dataset, {}).empty());
}
