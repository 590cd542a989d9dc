#include "judge/anomalies.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <vector>

#include "judge/bootstrap.h"

namespace dragonet {
namespace {

/// Samples by their scores, each with the number of its group, and how often it counts.
struct Ranking {
  struct Entry {
    double score = 0;
    bool is_anomaly = false;
    std::size_t group = 0;
  };
  std::vector<Entry> entries;  // ascending
  std::size_t groups = 0;
};

Ranking ranking_of(std::span<const ScoredSample> scored) {
  std::map<std::string, std::size_t> numbers;
  Ranking ranking;
  for (const ScoredSample& sample : scored) {
    const std::size_t group = numbers.try_emplace(sample.group, numbers.size()).first->second;
    ranking.entries.push_back({sample.score, sample.is_anomaly, group});
  }
  std::ranges::sort(ranking.entries, {}, &Ranking::Entry::score);
  ranking.groups = numbers.size();
  return ranking;
}

/// `weights`: how often each group counts.
std::optional<double> auc_of(const Ranking& ranking, const std::vector<int>& weights) {
  double normals = 0, anomalies = 0, won = 0;
  for (std::size_t i = 0; i < ranking.entries.size();) {
    double normals_here = 0, anomalies_here = 0;  // of the same score
    const double score = ranking.entries[i].score;
    for (; i < ranking.entries.size() && ranking.entries[i].score == score; ++i)
      (ranking.entries[i].is_anomaly ? anomalies_here : normals_here) += weights[ranking.entries[i].group];
    won += anomalies_here * (normals + normals_here / 2);
    normals += normals_here, anomalies += anomalies_here;
  }
  if (normals == 0 || anomalies == 0) return std::nullopt;
  return won / (normals * anomalies);
}

std::vector<int> drawn_weights(std::mt19937_64& random, std::size_t groups) {
  std::vector<int> weights(groups);
  for (std::size_t k = 0; k < groups; ++k) ++weights[draw(random, groups)];
  return weights;
}

/// Of the two kinds, the one that fewer groups have: where every anomaly wins, no more than those say so.
int groups_of_rarer(std::span<const ScoredSample> scored) {
  std::set<std::string> normal, anomalous;
  for (const ScoredSample& sample : scored) (sample.is_anomaly ? anomalous : normal).insert(sample.group);
  return static_cast<int>(std::min(normal.size(), anomalous.size()));
}

std::optional<Interval> auc_interval(std::span<const ScoredSample> scored, std::uint64_t seed, int resamples) {
  const auto value = auc_of(scored);
  if (!value) return std::nullopt;
  const Ranking ranking = ranking_of(scored);
  std::mt19937_64 random(seed);
  std::vector<double> values;
  for (int i = 0; i < resamples; ++i)
    if (const auto drawn = auc_of(ranking, drawn_weights(random, ranking.groups))) values.push_back(*drawn);
  const int informative = groups_of_rarer(scored);
  if (values.empty() || informative < 2) return Interval{*value, 0, 1};
  Interval result = percentiles(*value, std::move(values));
  if (*value == 1) result.low = std::min(result.low, clopper_pearson_low(informative));
  if (*value == 0) result.high = std::max(result.high, 1 - clopper_pearson_low(informative));
  return result;
}

/// Of labels 0, normal, and 1.
Score score_at(std::span<const ScoredSample> scored, double threshold, std::uint64_t seed, int resamples) {
  std::vector<Answer> answers;
  for (const ScoredSample& sample : scored)
    answers.push_back({sample.is_anomaly, sample.score > threshold, sample.group});
  return score_of(answers, 2, seed, resamples);
}

double explained_share(std::span<const ScoredSample> scored) {
  double missed = 0, all = 0;
  for (const ScoredSample& sample : scored)
    if (!sample.is_anomaly) missed += sample.score, all += sample.variation;
  return all > 0 ? 1 - missed / all : 0;
}

}  // namespace

double anomaly_score(std::span<const float> given, std::span<const float> given_back) {
  assert(!given.empty() && given.size() == given_back.size());
  double sum = 0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const double difference = double(given_back[i]) - given[i];
    sum += difference * difference;
  }
  return sum / static_cast<double>(given.size());
}

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
  const Ranking ranking = ranking_of(scored);
  return auc_of(ranking, std::vector<int>(ranking.groups, 1));
}

AnomalyMetrics anomaly_metrics_of(std::span<const ScoredSample> scored, double threshold, std::uint64_t seed,
                                  int resamples) {
  const Score score = score_at(scored, threshold, seed, resamples);
  const auto anomalies = static_cast<int>(std::ranges::count(scored, true, &ScoredSample::is_anomaly));
  assert(anomalies < std::ssize(scored));
  return {.groups = score.groups,
          .normals = static_cast<int>(scored.size()) - anomalies,
          .anomalies = anomalies,
          .threshold = threshold,
          .false_alarms = score.classes[1].false_alarms.value(),
          .recall = score.classes[1].recall,
          .auc = auc_interval(scored, seed, resamples),
          .explained = explained_share(scored)};
}

double quantile_of(std::vector<double> scores, double share) {
  assert(!scores.empty());
  std::ranges::sort(scores);
  const auto count = static_cast<std::size_t>(std::ceil(share * static_cast<double>(scores.size())));
  return scores[std::clamp<std::size_t>(count, 1, scores.size()) - 1];
}

}  // namespace dragonet
