// Folds of whole groups, after scikit-learn's StratifiedGroupKFold: the largest groups are placed first, each in the
// part that has least of the group's own labels, so that the small ones can even out what the large ones left.

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <map>
#include <numeric>
#include <random>

#include "base/error.h"
#include "data/dataset.h"

namespace dragonet {

/// Fisher-Yates with plain remainders: std::shuffle and std::uniform_int_distribution differ between libraries.
template <typename T>
static void shuffle(std::vector<T>& items, std::mt19937_64& random) {
  for (std::size_t n = items.size(); n > 1; --n) std::swap(items[n - 1], items[random() % n]);
}

using Groups = std::vector<Indices>;

static Groups groups_of(const Dataset& dataset) {
  std::map<std::string, Indices> by_name;
  for (int i = 0; i < static_cast<int>(dataset.samples.size()); ++i) by_name[dataset.samples[i].group].push_back(i);
  Groups groups;
  for (auto& [name, members] : by_name) groups.push_back(std::move(members));
  return groups;
}

static Groups single_samples(const Dataset& dataset) {
  Groups groups;
  for (int i = 0; i < static_cast<int>(dataset.samples.size()); ++i) groups.push_back({i});
  return groups;
}

using LabelCounts = std::vector<double>;  // per label

static LabelCounts count_labels(const Dataset& dataset, const Indices& indices) {
  LabelCounts counts(dataset.labels.size());
  for (int i : indices) ++counts[dataset.samples[i].label];
  return counts;
}

static LabelCounts count_labels(const Dataset& dataset) {
  Indices all(dataset.samples.size());
  std::iota(all.begin(), all.end(), 0);
  return count_labels(dataset, all);
}

static void check_folds(const Dataset& dataset, const Groups& groups, int k) {
  std::vector<Problem> found;
  if (k < 3)
    found.push_back({.where = fmt::format("{} folds", k),
                     .what = "training, validation and test need a part each",
                     .next = "ask for 3 folds or more"});
  std::vector<int> groups_with(dataset.labels.size());
  for (const Indices& group : groups) {
    const LabelCounts counts = count_labels(dataset, group);
    for (std::size_t label = 0; label < counts.size(); ++label) groups_with[label] += counts[label] > 0;
  }
  for (std::size_t label = 0; label < groups_with.size(); ++label)
    if (groups_with[label] < 2)
      found.push_back({.where = fmt::format("{}, label {}", dataset.folder.string(), dataset.labels[label]),
                       .what = "all its samples are one group, so none would be left to train or to test with",
                       .next = "add samples of another group, or change the group pattern"});
  if (!found.empty()) throw Error(std::move(found));
}

/// How much of the group's labels a part has already, as products of shares: what placing it there adds to the sum of
/// squared shares, which is least when every part has the same.
static double crowding(const LabelCounts& part, const LabelCounts& group, const LabelCounts& total) {
  double sum = 0;
  for (std::size_t label = 0; label < part.size(); ++label)
    if (group[label] > 0) sum += part[label] * group[label] / (total[label] * total[label]);
  return sum;
}

static std::vector<Indices> folds_of(const Dataset& dataset, Groups groups, int k, std::uint64_t seed) {
  check_folds(dataset, groups, k);
  std::mt19937_64 random(seed);
  shuffle(groups, random);
  std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });

  const LabelCounts total = count_labels(dataset);
  std::vector<Indices> folds(k);
  std::vector<LabelCounts> counts(k, LabelCounts(total.size()));
  for (const Indices& group : groups) {
    const LabelCounts own = count_labels(dataset, group);
    const auto cost = [&](int f) { return std::pair(crowding(counts[f], own, total), folds[f].size()); };
    int best = 0;
    for (int f = 1; f < k; ++f)
      if (cost(f) < cost(best)) best = f;
    folds[best].insert(folds[best].end(), group.begin(), group.end());
    for (std::size_t label = 0; label < own.size(); ++label) counts[best][label] += own[label];
  }
  for (Indices& fold : folds) std::sort(fold.begin(), fold.end());
  return folds;
}

std::vector<Indices> group_folds(const Dataset& dataset, int k, std::uint64_t seed) {
  return folds_of(dataset, groups_of(dataset), k, seed);
}

std::vector<Indices> random_folds(const Dataset& dataset, int k, std::uint64_t seed) {
  return folds_of(dataset, single_samples(dataset), k, seed);
}

Split split_of(const std::vector<Indices>& folds, int t) {
  const int k = static_cast<int>(folds.size());
  assert(k >= 3 && t >= 0 && t < k);
  const int v = (t + 1) % k;
  Split split{.train = {}, .validation = folds[v], .test = folds[t]};
  for (int f = 0; f < k; ++f)
    if (f != t && f != v) split.train.insert(split.train.end(), folds[f].begin(), folds[f].end());
  std::sort(split.train.begin(), split.train.end());
  return split;
}

}  // namespace dragonet
