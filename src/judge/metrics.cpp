#include "judge/metrics.h"

#include <cassert>
#include <map>
#include <numeric>

namespace dragonet {
namespace {

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

/// One confusion per group.
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

struct Found {
  std::int64_t found = 0, of = 0;
};

/// What is counted in each group, of those where there is something to count.
template <typename CountIn>
Part part_of(const std::vector<Confusion>& groups, CountIn count_in) {
  Part part;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Found count = count_in(groups[i]);
    if (count.of == 0) continue;
    part.groups.push_back({i, static_cast<double>(count.of), static_cast<double>(count.found)});
    part.squares += static_cast<double>(count.found);  // of ones
  }
  return part;
}

Part recall_part(const std::vector<Confusion>& groups, int label) {
  return part_of(groups, [=](const Confusion& group) -> Found { return {group[label][label], row_sum(group, label)}; });
}

Part false_alarm_part(const std::vector<Confusion>& groups, int label) {
  return part_of(groups, [=](const Confusion& group) -> Found {
    return {column_sum(group, label) - group[label][label], total(group) - row_sum(group, label)};
  });
}

std::optional<Interval> interval(std::optional<double> value, const Part& part) {
  if (!value) return std::nullopt;
  return share_interval(*value, {part});
}

std::vector<int> present_classes(const Confusion& all) {
  std::vector<int> present;
  for (int label = 0; label < std::ssize(all); ++label)
    if (row_sum(all, label) > 0) present.push_back(label);
  return present;
}

/// How often the model gives this answer, each class counting the same.
double answer_share(const Confusion& all, const std::vector<int>& present, int label) {
  double sum = 0;
  for (const int truth : present) sum += *ratio(all[truth][label], row_sum(all, truth));
  return sum / static_cast<double>(present.size());
}

/// Recalls do not fail independently: what the answer of one class gains, those of the others lose. So the made-up
/// sample of each class is answered as the model answers, whatever the truth, and made-up recalls add up to 1. A model
/// that always gives the same answer then varies in nothing.
Interval balanced_interval(const std::vector<Confusion>& groups, const Confusion& all) {
  const std::vector<int> present = present_classes(all);
  std::vector<Part> parts;
  for (const int label : present) {
    Part part = recall_part(groups, label);
    part.weight = 1 / static_cast<double>(present.size());
    if (present.size() > 1) part.made_up = part.made_up_square = answer_share(all, present, label);
    parts.push_back(std::move(part));
  }
  return share_interval(*balanced_accuracy(all), parts);
}

Score::Class class_score(const std::vector<Confusion>& groups, const Confusion& all, int label) {
  return {.recall = interval(recall(all, label), recall_part(groups, label)),
          .false_alarms = interval(false_alarms(all, label), false_alarm_part(groups, label)),
          .precision = precision(all, label)};
}

}  // namespace

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

Score score_of(std::span<const Answer> answers, int classes) {
  assert(!answers.empty());
  const std::vector<Confusion> groups = confusions_by_group(answers, classes);
  Score score;
  const Confusion& all = score.confusion = confusion_of(answers, classes);
  score.groups = static_cast<int>(groups.size());
  const auto right = [](const Confusion& group) -> Found {
    std::int64_t found = 0;
    for (std::size_t label = 0; label < group.size(); ++label) found += group[label][label];
    return {found, total(group)};
  };
  score.accuracy = share_interval(*accuracy(all), {part_of(groups, right)});
  score.balanced_accuracy = balanced_interval(groups, all);
  for (int label = 0; label < classes; ++label) score.classes.push_back(class_score(groups, all, label));
  return score;
}

}  // namespace dragonet
