#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <numeric>
#include <set>

#include "base/error.h"
#include "data/dataset.h"

using namespace dragonet;

/// `sizes[label]` lists the sizes of the label's groups.
static Dataset dataset_of(const std::vector<std::vector<int>>& sizes) {
  Dataset dataset{.folder = "samples", .labels = {}, .samples = {}};
  for (int label = 0; label < int(sizes.size()); ++label) {
    dataset.labels.push_back("label" + std::to_string(label));
    for (int group = 0; group < int(sizes[label].size()); ++group)
      for (int i = 0; i < sizes[label][group]; ++i)
        dataset.samples.push_back({"", label, std::to_string(label) + "/" + std::to_string(group)});
  }
  return dataset;
}

static int count_label(const Dataset& dataset, const Indices& fold, int label) {
  return std::count_if(fold.begin(), fold.end(), [&](int i) { return dataset.samples[i].label == label; });
}

TEST_CASE("folds share no sample and no group, and together hold every sample") {
  const Dataset dataset = dataset_of({{29, 29, 29, 29, 29, 29, 29, 29, 29, 29}, {1, 60, 2, 40, 3, 5, 8, 13, 21, 34}});
  const std::vector<Indices> folds = group_folds(dataset, 5, 1);
  std::set<int> seen;
  std::map<std::string, std::set<int>> folds_of_group;
  for (int f = 0; f < 5; ++f)
    for (int i : folds[f]) {
      CHECK(seen.insert(i).second);
      folds_of_group[dataset.samples[i].group].insert(f);
    }
  CHECK(seen.size() == dataset.samples.size());
  for (const auto& [group, in] : folds_of_group) CHECK(in.size() == 1);
}

TEST_CASE("each label is spread over the folds as evenly as its groups allow") {
  const Dataset dataset = dataset_of({{7, 7, 7, 7, 7, 7, 7, 7, 7, 7}, std::vector<int>(30, 1)});
  for (const Indices& fold : group_folds(dataset, 5, 3)) {
    CHECK(count_label(dataset, fold, 0) == 14);
    CHECK(count_label(dataset, fold, 1) == 6);
  }
}

TEST_CASE("a seed gives the same folds again, and another seed others") {
  const Dataset dataset = dataset_of({std::vector<int>(20, 2), std::vector<int>(20, 3)});
  CHECK(group_folds(dataset, 5, 1) == group_folds(dataset, 5, 1));
  CHECK(group_folds(dataset, 5, 1) != group_folds(dataset, 5, 2));
}

TEST_CASE("random folds tear groups apart but keep the labels' balance") {
  const Dataset dataset = dataset_of({{50}, {25, 25}});
  const std::vector<Indices> folds = random_folds(dataset, 5, 1);
  for (const Indices& fold : folds) {
    CHECK(count_label(dataset, fold, 0) == 10);
    CHECK(count_label(dataset, fold, 1) == 10);
  }
}

TEST_CASE("a fold is tested, the next one validates, the others train") {
  const Dataset dataset = dataset_of({std::vector<int>(20, 1)});  // twenty groups, of which twelve train
  const std::vector<Indices> folds = group_folds(dataset, 5, 1);
  const Split split = split_of(dataset, folds, 4);
  CHECK(split.test == folds[4]);
  CHECK(split.validation == folds[0]);
  Indices others;
  for (int f = 1; f < 4; ++f) others.insert(others.end(), folds[f].begin(), folds[f].end());
  std::ranges::sort(others);
  CHECK(split.train == others);
}

/// Each sample in a recording of its own.
static Dataset recordings_of(const std::vector<std::vector<int>>& sizes) {
  Dataset dataset = dataset_of(sizes);
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) dataset.samples[i].path = std::to_string(i);
  return dataset;
}

TEST_CASE("each group is left out once, and two groups are enough") {
  const Dataset two = recordings_of({{6, 6}});
  const std::vector<Indices> folds = leave_one_group_out(two);
  REQUIRE(folds.size() == 2);
  for (int t = 0; t < 2; ++t) {
    const Split split = split_of(two, folds, t);
    CHECK(split.test.size() == 6);
    CHECK(split.train.size() == 5);
    CHECK(split.validation.size() == 1);  // set aside of the group that trains
    for (const int i : split.train) CHECK(two.samples[i].group != two.samples[split.test[0]].group);
  }
  CHECK_THROWS_WITH(leave_one_group_out(dataset_of({{6}})), Catch::Contains("training and test need one each"));
}

TEST_CASE("validation takes no groups from training where a label would keep fewer than twelve") {
  const auto groups_of = [](const Dataset& dataset, const Indices& part) {
    std::set<std::string> groups;
    for (const int i : part) groups.insert(dataset.samples[i].group);
    return groups;
  };
  // Of the first label six groups are left when two are tested. Each has to train, whatever the second has.
  const Dataset few = recordings_of({std::vector<int>(8, 6), std::vector<int>(40, 1)});
  const std::vector<Indices> folds = group_folds(few, 5, 1);
  for (int t = 0; t < 5; ++t) {
    const Split split = split_of(few, folds, t);
    CHECK(split.train.size() + split.validation.size() + split.test.size() == few.samples.size());
    const std::set<std::string> train = groups_of(few, split.train), test = groups_of(few, split.test);
    for (int group = 0; group < 8; ++group) {
      const std::string name = "0/" + std::to_string(group);
      CHECK(train.count(name) + test.count(name) == 1);
    }
    CHECK(split.validation.size() == (few.samples.size() - split.test.size()) / 6);
  }
}

TEST_CASE("a threshold of what is normal is found on groups that did not train, however few they are") {
  Dataset dataset = recordings_of({std::vector<int>(6, 6)});
  dataset.task = Anomaly{};
  const std::vector<Indices> folds = group_folds(dataset, 6, 1);
  const Split split = split_of(dataset, folds, 0);
  CHECK(split.validation == folds[1]);
}

TEST_CASE("validation takes no label's last group from training") {
  // Six groups: two of one label, four of the other. Where one of the two is tested, the other has to train.
  const Dataset dataset = recordings_of({{6, 6}, {6, 6, 6, 6}});
  const std::vector<Indices> folds = leave_one_group_out(dataset);
  REQUIRE(folds.size() == 6);
  for (int t = 0; t < 6; ++t) {
    const Split split = split_of(dataset, folds, t);
    CHECK(count_label(dataset, split.train, 0) >= 5);
    CHECK(split.validation.size() > 0);
  }
}

TEST_CASE("of fewer than five folds none is lost to validation: every sixth recording is set aside, as a whole") {
  Dataset dataset;
  for (int i = 0; i < 14; ++i) dataset.samples.push_back({.path = std::to_string(100 + i / 2)});  // two windows each
  const Split split = split_of(dataset, {{0, 1}, {2, 3, 4, 5, 6, 7, 8, 9}, {10, 11, 12, 13}}, 0);
  CHECK(split.test == Indices{0, 1});
  CHECK(split.validation == Indices{12, 13});
  CHECK(split.train == Indices{2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
}

static int largest(const std::vector<Indices>& parts) {
  return static_cast<int>(std::ranges::max(parts, {}, &Indices::size).size());
}

TEST_CASE("parts to hold out are whole groups, of one group whole recordings, and of one recording its windows") {
  const Dataset groups = recordings_of({{5, 3, 3, 2, 1}});
  Indices some(13);  // without the last group
  std::iota(some.begin(), some.end(), 0);
  const std::vector<Indices> parts = parts_to_hold_out(groups, some, 10, 1);
  CHECK(parts.size() == 4);
  CHECK(parts == parts_to_hold_out(groups, some, 10, 1));
  std::multiset<int> seen;
  for (const Indices& part : parts) {
    CHECK(std::ranges::is_sorted(part));
    for (const int i : part) CHECK(groups.samples[i].group == groups.samples[part[0]].group);
    seen.insert(part.begin(), part.end());
  }
  CHECK(seen == std::multiset<int>(some.begin(), some.end()));
  const std::vector<Indices> two = parts_to_hold_out(groups, some, 2, 1);
  CHECK(two.size() == 2);
  CHECK(largest(two) <= 8);

  Dataset one = recordings_of({{6}});
  CHECK(parts_to_hold_out(one, {0, 1, 2, 3, 4, 5}, 4, 1).size() == 4);
  for (int i = 0; i < 6; ++i) one.samples[i].path = "the only one", one.samples[i].window = i;
  CHECK(parts_to_hold_out(one, {0, 1, 2, 3, 4, 5}, 10, 1).size() == 6);
  CHECK(parts_to_hold_out(one, {2}, 10, 1) == std::vector<Indices>{{2}});
}

TEST_CASE("a label of fewer than three groups, and fewer folds than three, are refused together") {
  try {
    group_folds(dataset_of({{5}, {2, 2, 2}}), 2, 1);
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    REQUIRE(error.problems.size() == 2);
    CHECK(error.problems[0].where == "2 folds");
    CHECK(error.problems[1].where == "samples, label label0");
    CHECK(error.problems[1].what.find("of 1 group(s)") != std::string::npos);
  }
}
