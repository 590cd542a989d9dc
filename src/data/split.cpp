// Folds of whole groups, after scikit-learn's StratifiedGroupKFold: the largest groups are placed first, each in the
// part that has least of the group's own labels, so that the small ones can even out what the large ones left.

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "base/error.h"
#include "data/dataset.h"

namespace dragonet {

/// Fisher-Yates with plain remainders: std::shuffle and std::uniform_int_distribution differ between libraries.
template <typename T>
static void shuffle(std::vector<T>& items, std::mt19937_64& random) {
  for (std::size_t n = items.size(); n > 1; --n) std::swap(items[n - 1], items[random() % n]);
}

using Groups = std::vector<Indices>;

/// Anomalies, which nobody trains with.
static bool only_tests(const Dataset& dataset, const Sample& sample) {
  return trains_with_normal_only(dataset.task) && sample.label != normal_label;
}

/// Those that are dealt into folds: all that may be trained with.
static Indices dealt(const Dataset& dataset) {
  Indices indices;
  for (int i = 0; i < static_cast<int>(dataset.samples.size()); ++i)
    if (!only_tests(dataset, dataset.samples[i])) indices.push_back(i);
  return indices;
}

/// Samples that are alike in what `key` says of each.
template <typename Key>
static Groups alike(const Dataset& dataset, const Indices& samples, Key key) {
  std::map<decltype(key(dataset.samples[0])), Indices> by_key;
  for (const int i : samples) by_key[key(dataset.samples[i])].push_back(i);
  Groups groups;
  for (auto& [value, members] : by_key) groups.push_back(std::move(members));
  return groups;
}

static Groups groups_of(const Dataset& dataset) {
  return alike(dataset, dealt(dataset), [](const Sample& sample) { return sample.group; });
}

static Groups single_samples(const Dataset& dataset) {
  Groups groups;
  for (const int i : dealt(dataset)) groups.push_back({i});
  return groups;
}

using LabelCounts = std::vector<double>;  // per label

static LabelCounts count_labels(const Dataset& dataset, const Indices& indices) {
  LabelCounts counts(dataset.labels.size());
  for (int i : indices) ++counts[dataset.samples[i].label];
  return counts;
}

static LabelCounts count_labels(const Dataset& dataset) { return count_labels(dataset, dealt(dataset)); }

/// For each label, how many groups hold some of it.
static std::vector<int> count_groups(const Dataset& dataset, const Groups& groups) {
  std::vector<int> found(dataset.labels.size());
  for (const Indices& group : groups) {
    const LabelCounts counts = count_labels(dataset, group);
    for (std::size_t label = 0; label < counts.size(); ++label) found[label] += counts[label] > 0;
  }
  return found;
}

/// The parts that every label has to have a group for.
struct Parts {
  int count;
  const char* names;
};
static constexpr Parts all_parts{3, "training, validation and test"};
static constexpr Parts without_test{2, "training and validation"};  // the samples come with their test
static constexpr Parts without_validation{2, "training and test"};  // some of what trains is set aside for it

static void check_folds(const Dataset& dataset, const Groups& groups, int k, const Parts& wanted) {
  std::vector<Problem> found;
  if (k < wanted.count)
    found.push_back({.where = fmt::format("{} folds", k),
                     .what = fmt::format("{} need a part each", wanted.names),
                     .next = "ask for 3 folds or more"});
  std::vector<int> groups_with = count_groups(dataset, groups);
  if (trains_with_normal_only(dataset.task)) groups_with.resize(normal_label + 1);
  for (std::size_t label = 0; label < groups_with.size(); ++label)
    if (groups_with[label] < wanted.count)
      found.push_back(
          {.where = fmt::format("{}, label {}", dataset.folder.string(), dataset.labels[label]),
           .what =
               fmt::format("its samples are of {} group(s), and {} need one each", groups_with[label], wanted.names),
           .next = std::string("add samples of other groups, or change the group pattern") +
                   (groups_with[label] == 2 ? "; `dragonet test --leave-one-group-out` makes do with two" : "")});
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

/// Parts being filled with groups.
struct Filling {
  std::vector<Indices> folds;
  std::vector<LabelCounts> counts;  // of each fold
  LabelCounts total;                // of the whole dataset

  /// The part with least of these labels, and of those the one with the fewest samples.
  std::size_t best_for(const LabelCounts& group) const {
    const auto cost = [&](std::size_t f) { return std::pair(crowding(counts[f], group, total), folds[f].size()); };
    std::size_t best = 0;
    for (std::size_t f = 1; f < folds.size(); ++f)
      if (cost(f) < cost(best)) best = f;
    return best;
  }

  void place(const Indices& group, const LabelCounts& labels) {
    const std::size_t f = best_for(labels);
    folds[f].insert(folds[f].end(), group.begin(), group.end());
    std::ranges::transform(counts[f], labels, counts[f].begin(), std::plus());
  }
};

static std::vector<Indices> deal(const Dataset& dataset, Groups groups, int k, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  shuffle(groups, random);
  std::ranges::stable_sort(groups, std::greater(), &Indices::size);

  const LabelCounts total = count_labels(dataset);
  const auto parts_wanted = static_cast<std::size_t>(k);
  Filling parts{std::vector<Indices>(parts_wanted), std::vector(parts_wanted, LabelCounts(total.size())), total};
  for (const Indices& group : groups) parts.place(group, count_labels(dataset, group));
  for (Indices& fold : parts.folds) std::ranges::sort(fold);
  return parts.folds;
}

static std::vector<Indices> folds_of(const Dataset& dataset, Groups groups, int k, std::uint64_t seed,
                                     const Parts& wanted = all_parts) {
  check_folds(dataset, groups, k, wanted);
  return deal(dataset, std::move(groups), k, seed);
}

std::vector<Indices> leave_one_group_out(const Dataset& dataset) {
  const Groups groups = groups_of(dataset);
  check_folds(dataset, groups, std::max(2, static_cast<int>(groups.size())), without_validation);
  return groups;
}

/// The largest that can be kept apart.
static Groups units_of(const Dataset& dataset, const Indices& samples) {
  Groups units = alike(dataset, samples, [](const Sample& sample) { return sample.group; });
  if (units.size() < 2) units = alike(dataset, samples, [](const Sample& sample) { return sample.path; });
  if (units.size() < 2)
    units = alike(dataset, samples, [](const Sample& sample) { return std::pair(sample.first_s, sample.window); });
  return units;
}

std::vector<Indices> parts_to_hold_out(const Dataset& dataset, const Indices& samples, int most, std::uint64_t seed) {
  Groups units = units_of(dataset, samples);
  const int count = std::min(most, static_cast<int>(units.size()));
  return deal(dataset, std::move(units), count, seed);
}

static bool tests_only(const Dataset& dataset, const Indices& group) {
  return std::ranges::any_of(group, [&](int i) { return dataset.samples[i].part == Sample::tests; });
}

/// The first fold is what only tests, with whoever is of its groups; the others are dealt from the rest.
static std::vector<Indices> kept_folds(const Dataset& dataset, Groups tests, Groups rest, int k, std::uint64_t seed) {
  std::vector<Indices> folds = folds_of(dataset, std::move(rest), k - 1, seed, without_test);
  Indices test;
  for (const Indices& group : tests) test.insert(test.end(), group.begin(), group.end());
  std::ranges::sort(test);
  folds.insert(folds.begin(), test);
  return folds;
}

std::vector<Indices> group_folds(const Dataset& dataset, int k, std::uint64_t seed) {
  Groups groups = groups_of(dataset);
  const auto rest = std::stable_partition(groups.begin(), groups.end(),
                                          [&](const Indices& group) { return tests_only(dataset, group); });
  if (rest == groups.begin() || rest == groups.end()) return folds_of(dataset, groups, k, seed);
  return kept_folds(dataset, {groups.begin(), rest}, {rest, groups.end()}, k, seed);
}

std::vector<Indices> random_folds(const Dataset& dataset, int k, std::uint64_t seed) {
  return folds_of(dataset, single_samples(dataset), k, seed);
}

static Indices anomalies_of(const Dataset& dataset) {
  Indices anomalies;
  for (int i = 0; i < static_cast<int>(dataset.samples.size()); ++i)
    if (only_tests(dataset, dataset.samples[i])) anomalies.push_back(i);
  return anomalies;
}

static void append(Indices& all, const Indices& part) { all.insert(all.end(), part.begin(), part.end()); }

/// Of each sample, the number of its recording.
static std::vector<int> recordings_of(const Dataset& dataset, const Indices& samples) {
  std::vector<int> recordings;
  int recording = -1;
  const fs::path* last = nullptr;
  for (const int i : samples) {
    const fs::path& path = dataset.samples[i].path;
    if (!last || path != *last) ++recording;
    last = &path;
    recordings.push_back(recording);
  }
  return recordings;
}

/// Moves every sixth recording, with all samples of it, from `train` to `validation`; of fewer than six, the last.
static void set_aside(const Dataset& dataset, Split& split) {
  const std::vector<int> recordings = recordings_of(dataset, split.train);
  const int count = recordings.empty() ? 0 : recordings.back() + 1, every = std::clamp(count, 2, 6);
  Indices kept;
  for (std::size_t i = 0; i < recordings.size(); ++i)
    (recordings[i] % every == every - 1 ? split.validation : kept).push_back(split.train[i]);
  split.train = std::move(kept);
}

/// All folds but two, or one where `v` is -1.
static Indices other_folds(const std::vector<Indices>& folds, int t, int v) {
  Indices others;
  for (int f = 0; f < static_cast<int>(folds.size()); ++f)
    if (f != t && f != v) append(others, folds[f]);
  return others;
}

/// In how many groups of `samples` each label is.
static std::vector<std::size_t> groups_with_label(const Dataset& dataset, const Indices& samples) {
  std::vector<std::set<std::string>> groups(dataset.labels.size());
  for (const int i : samples) groups[dataset.samples[i].label].insert(dataset.samples[i].group);
  std::vector<std::size_t> counts;
  for (const std::set<std::string>& names : groups) counts.push_back(names.size());
  return counts;
}

/// Does every label that could be trained with keep enough groups? Where they are few, each one counts: of sprites with
/// ten units of one label 0.93 were right with a fold less to learn from, and 0.94 without. For an anomaly's threshold
/// one group is enough, since it is worth nothing on groups that trained.
static bool leaves_enough(const Dataset& dataset, const Indices& all, const Indices& kept) {
  const std::size_t enough = trains_with_normal_only(dataset.task) ? 1 : 12;
  const std::vector<std::size_t> before = groups_with_label(dataset, all), after = groups_with_label(dataset, kept);
  for (std::size_t label = 0; label < before.size(); ++label)
    if (before[label] > 0 && after[label] < enough) return false;
  return true;
}

Split split_of(const Dataset& dataset, const std::vector<Indices>& folds, int t) {
  const int k = static_cast<int>(folds.size()), next = (t + 1) % k;
  assert(k >= 2 && t >= 0 && t < k);
  const bool can_lose_one = k >= 5 && leaves_enough(dataset, other_folds(folds, t, -1), other_folds(folds, t, next));
  const int v = can_lose_one ? next : -1;
  Split split{.train = other_folds(folds, t, v), .validation = v < 0 ? Indices() : folds[v], .test = folds[t]};
  std::ranges::sort(split.train);
  if (!can_lose_one) set_aside(dataset, split);
  append(split.test, anomalies_of(dataset));
  return split;
}

}  // namespace dragonet
