#include "judge/metrics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "judge/bootstrap.h"

namespace dragonet {
namespace {

using Statistic = std::function<std::optional<double>(const Confusion&)>;

Confusion no_counts(int classes) { return Confusion(classes, std::vector<std::int64_t>(classes)); }

std::int64_t row_sum(const Confusion& confusion, int truth) {
  return std::accumulate(confusion[truth].begin(), confusion[truth].end(), std::int64_t{0});
}

std::int64_t column_sum(const Confusion& confusion, int predicted) {
  std::int64_t sum = 0;
  for (const auto& row : confusion) sum += row[predicted];
  return sum;
}

std::optional<double> ratio(std::int64_t part, std::int64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

void add_counts(Confusion& sum, const Confusion& more) {
  for (std::size_t truth = 0; truth < sum.size(); ++truth)
    for (std::size_t predicted = 0; predicted < sum.size(); ++predicted)
      sum[truth][predicted] += more[truth][predicted];
}

/// One confusion per group; a resample is then a sum of a few small matrices, however many samples there are.
std::vector<Confusion> confusions_by_group(std::span<const Answer> answers, int classes) {
  std::map<std::string, Confusion> by_group;
  for (const Answer& answer : answers) {
    Confusion& counts = by_group.try_emplace(answer.group, no_counts(classes)).first->second;
    ++counts.at(answer.truth).at(answer.predicted);
  }
  std::vector<Confusion> groups;
  for (auto& [name, counts] : by_group) groups.push_back(std::move(counts));
  return groups;
}

/// How many groups bear on a statistic that is the same in each of them: those in which it is defined.
int groups_with(const std::vector<Confusion>& groups, const Statistic& statistic) {
  return static_cast<int>(
      std::count_if(groups.begin(), groups.end(), [&](const auto& g) { return statistic(g).has_value(); }));
}

struct Bootstrap {
  const std::vector<Confusion>& groups;
  const std::vector<Confusion> resamples;

  std::vector<double> values(const Statistic& statistic) const {
    std::vector<double> defined;
    for (const Confusion& resample : resamples)
      if (const auto value = statistic(resample)) defined.push_back(*value);
    return defined;
  }

  /// `informative`: the number of groups that an unbroken row of equal answers is worth.
  Interval interval(double value, const Statistic& statistic, int informative) const {
    const std::vector<double> drawn = values(statistic);
    if (informative < 2 || drawn.empty()) return {value, 0, 1};
    Interval result = percentiles(value, drawn);
    if (value == 1) result.low = std::min(result.low, clopper_pearson_low(informative));
    if (value == 0) result.high = std::max(result.high, 1 - clopper_pearson_low(informative));
    return result;
  }

  std::optional<Interval> of(const Confusion& all, const Statistic& statistic) const {
    const auto value = statistic(all);
    if (!value) return std::nullopt;
    return interval(*value, statistic, groups_with(groups, statistic));
  }
};

/// A mean over classes is known no better than its rarest class.
int groups_of_rarest_class(const std::vector<Confusion>& groups, int classes) {
  int fewest = static_cast<int>(groups.size());
  for (int label = 0; label < classes; ++label) {
    const int n = groups_with(groups, [label](const Confusion& c) { return recall(c, label); });
    if (n > 0) fewest = std::min(fewest, n);
  }
  return fewest;
}

Score::Class class_score(const Bootstrap& bootstrap, const Confusion& all, int label) {
  return {.recall = bootstrap.of(all, [label](const Confusion& c) { return recall(c, label); }),
          .false_alarms = bootstrap.of(all, [label](const Confusion& c) { return false_alarms(c, label); }),
          .precision = precision(all, label)};
}

}  // namespace

double clopper_pearson_low(int groups) { return std::pow(0.025, 1.0 / groups); }

Interval percentiles(double value, std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t tail = values.size() / 40;  // 2.5 %
  return {value, values[tail], values[values.size() - 1 - tail]};
}

Confusion confusion_of(std::span<const Answer> answers, int classes) {
  Confusion confusion = no_counts(classes);
  for (const Answer& answer : answers) ++confusion.at(answer.truth).at(answer.predicted);
  return confusion;
}

std::int64_t total(const Confusion& confusion) {
  std::int64_t sum = 0;
  for (std::size_t truth = 0; truth < confusion.size(); ++truth) sum += row_sum(confusion, static_cast<int>(truth));
  return sum;
}

std::optional<double> recall(const Confusion& confusion, int label) {
  return ratio(confusion[label][label], row_sum(confusion, label));
}

std::optional<double> precision(const Confusion& confusion, int label) {
  return ratio(confusion[label][label], column_sum(confusion, label));
}

std::optional<double> false_alarms(const Confusion& confusion, int label) {
  const std::int64_t others = total(confusion) - row_sum(confusion, label);
  return ratio(column_sum(confusion, label) - confusion[label][label], others);
}

std::optional<double> accuracy(const Confusion& confusion) {
  std::int64_t right = 0;
  for (std::size_t label = 0; label < confusion.size(); ++label) right += confusion[label][label];
  return ratio(right, total(confusion));
}

std::optional<double> balanced_accuracy(const Confusion& confusion) {
  double sum = 0;
  int present = 0;
  for (std::size_t label = 0; label < confusion.size(); ++label) {
    const auto found = recall(confusion, static_cast<int>(label));
    sum += found.value_or(0);
    present += found.has_value();
  }
  if (present == 0) return std::nullopt;
  return sum / present;
}

double mean(std::span<const double> values) {
  assert(!values.empty());
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Score score_of(std::span<const Answer> answers, int classes, std::uint64_t seed, int resamples) {
  assert(!answers.empty() && resamples >= 40);
  const std::vector<Confusion> groups = confusions_by_group(answers, classes);
  const Bootstrap bootstrap{groups, resampled(groups, no_counts(classes), add_counts, seed, resamples)};

  Score score;
  const Confusion& all = score.confusion = confusion_of(answers, classes);
  score.groups = static_cast<int>(groups.size());
  score.accuracy = bootstrap.interval(*accuracy(all), accuracy, score.groups);
  score.balanced_accuracy =
      bootstrap.interval(*balanced_accuracy(all), balanced_accuracy, groups_of_rarest_class(groups, classes));
  for (int label = 0; label < classes; ++label) score.classes.push_back(class_score(bootstrap, all, label));
  return score;
}

}  // namespace dragonet
