#include "judge/anomalies.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

namespace dragonet {
namespace {

/// Samples by their scores, each with the number of its group.
struct Ranking {
  struct Entry {
    double score = 0;
    bool is_anomaly = false;
    std::size_t group = 0;
    double beaten = 0;  // of the other kind: the share that it is on the right side of; a tie counts half
  };
  std::vector<Entry> entries;  // ascending
  double normals = 0, anomalies = 0;
};

Ranking sorted(std::span<const ScoredSample> scored) {
  std::map<std::string, std::size_t> numbers;
  Ranking ranking;
  for (const ScoredSample& sample : scored) {
    const std::size_t group = numbers.try_emplace(sample.group, numbers.size()).first->second;
    ranking.entries.push_back({sample.score, sample.is_anomaly, group});
    (sample.is_anomaly ? ranking.anomalies : ranking.normals) += 1;
  }
  std::ranges::sort(ranking.entries, {}, &Ranking::Entry::score);
  return ranking;
}

/// Of both kinds there are some.
Ranking ranking_of(std::span<const ScoredSample> scored) {
  Ranking ranking = sorted(scored);
  auto& entries = ranking.entries;
  double normals = 0, anomalies = 0;  // of lower scores
  for (std::size_t first = 0, end = 0; first < entries.size(); first = end) {
    double normals_here = 0, anomalies_here = 0;  // of the same score
    for (; end < entries.size() && entries[end].score == entries[first].score; ++end)
      (entries[end].is_anomaly ? anomalies_here : normals_here) += 1;
    for (std::size_t i = first; i < end; ++i)
      entries[i].beaten = entries[i].is_anomaly ? (normals + normals_here / 2) / ranking.normals
                                                : 1 - (anomalies + anomalies_here / 2) / ranking.anomalies;
    normals += normals_here, anomalies += anomalies_here;
  }
  return ranking;
}

double auc_of(const Ranking& ranking) {
  double sum = 0;
  for (const Ranking::Entry& entry : ranking.entries)
    if (entry.is_anomaly) sum += entry.beaten;
  return sum / ranking.anomalies;
}

Part part_of(const Ranking& ranking, bool anomalies) {
  std::map<std::size_t, Part::Group> by_group;
  Part part{.made_up_square = 1.0 / 3};  // of a score among the others by chance: all shares are as likely
  for (const Ranking::Entry& entry : ranking.entries) {
    if (entry.is_anomaly != anomalies) continue;
    Part::Group& group = by_group[entry.group];
    group.number = entry.group, group.samples += 1, group.sum += entry.beaten;
    part.squares += entry.beaten * entry.beaten;
  }
  for (const auto& [number, group] : by_group) part.groups.push_back(group);
  return part;
}

/// Both kinds count whole: their samples each move it as they would a mean of their own.
std::optional<Interval> auc_interval(std::span<const ScoredSample> scored) {
  if (!auc_of(scored)) return std::nullopt;
  // What raises all scores of a group puts its normals on the wrong side, and its anomalies on the right one.
  constexpr Habit habit{.likeness = 0.05, .shared = -0.5};
  const Ranking ranking = ranking_of(scored);
  return share_interval(auc_of(ranking), {part_of(ranking, true), part_of(ranking, false)}, habit);
}

/// Of labels 0, normal, and 1.
Score score_at(std::span<const ScoredSample> scored, double threshold) {
  std::vector<Answer> answers;
  for (const ScoredSample& sample : scored)
    answers.push_back({sample.is_anomaly, sample.score > threshold, sample.group});
  return score_of(answers, 2);
}

double explained_share(std::span<const ScoredSample> scored) {
  double missed = 0, all = 0;
  for (const ScoredSample& sample : scored)
    if (!sample.is_anomaly) missed += sample.score, all += sample.variation;
  return all > 0 ? 1 - missed / all : 0;
}

}  // namespace

double variation_of(std::span<const float> given) {
  const auto count = static_cast<double>(given.size());
  double sum = 0, squares = 0;
  for (const double value : given) sum += value, squares += value * value;
  return squares / count - sum / count * (sum / count);
}

std::vector<ScoredSample> in_thresholds(std::vector<ScoredSample> scored, double threshold) {
  for (ScoredSample& sample : scored) sample.score /= std::max(threshold, std::numeric_limits<double>::min());
  return scored;
}

std::optional<double> auc_of(std::span<const ScoredSample> scored) {
  const auto anomalies = std::ranges::count(scored, true, &ScoredSample::is_anomaly);
  if (anomalies == 0 || anomalies == std::ssize(scored)) return std::nullopt;
  return auc_of(ranking_of(scored));
}

AnomalyMetrics anomaly_metrics_of(std::span<const ScoredSample> scored, double threshold) {
  const Score score = score_at(scored, threshold);
  const auto anomalies = static_cast<int>(std::ranges::count(scored, true, &ScoredSample::is_anomaly));
  assert(anomalies < std::ssize(scored));
  return {.groups = score.groups,
          .normals = static_cast<int>(scored.size()) - anomalies,
          .anomalies = anomalies,
          .threshold = threshold,
          .false_alarms = score.classes[1].false_alarms.value(),
          .recall = score.classes[1].recall,
          .auc = auc_interval(scored),
          .explained = explained_share(scored)};
}

double quantile_of(std::vector<double> scores, double share) {
  assert(!scores.empty());
  std::ranges::sort(scores);
  const auto count = static_cast<std::size_t>(std::ceil(share * static_cast<double>(scores.size())));
  return scores[std::clamp<std::size_t>(count, 1, scores.size()) - 1];
}

}  // namespace dragonet
