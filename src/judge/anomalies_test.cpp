#include "judge/anomalies.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using namespace dragonet;

static ScoredSample odd(double score, bool is_anomaly, const char* group) { return {score, 10, is_anomaly, group}; }

TEST_CASE("AUC is the share of pairs in which the anomaly scores higher, and a tie counts half") {
  // Normals 1, 2, 3; anomalies 2, 4: of six pairs 4 wins three, 2 wins one and ties one.
  const std::vector<ScoredSample> scored{odd(1, false, "a"), odd(2, false, "b"), odd(3, false, "c"), odd(2, true, "d"),
                                         odd(4, true, "e")};
  CHECK(auc_of(scored).value() == Approx(4.5 / 6));
  CHECK(!auc_of(std::vector<ScoredSample>{odd(1, false, "a"), odd(2, false, "b")}));
}

TEST_CASE("at a threshold, normals above it are false alarms and anomalies above it are found") {
  const std::vector<ScoredSample> scored{odd(1, false, "a"), odd(2, false, "b"), odd(3, false, "c"),
                                         odd(2, false, "d"), odd(2, true, "e"),  odd(4, true, "f")};
  const AnomalyMetrics score = anomaly_metrics_of(scored, 2.5);
  CHECK(score.normals == 4);
  CHECK(score.anomalies == 2);
  CHECK(score.false_alarms.value == Approx(0.25));
  CHECK(score.recall.value().value == Approx(0.5));
  CHECK(score.auc.value().value == Approx(6.0 / 8));  // 4 wins four, 2 wins one and ties two
  CHECK(score.auc->low >= 0);
  CHECK(score.auc->high <= 1);
  CHECK(score.auc->low < score.auc->high);
  CHECK(score.explained == Approx(1 - 8.0 / 40));
}

TEST_CASE("where every anomaly scores higher, few groups still leave room for others that would not") {
  const std::vector<ScoredSample> scored{odd(1, false, "a"), odd(2, false, "b"), odd(3, false, "c"), odd(4, true, "d"),
                                         odd(5, true, "e")};
  const Interval auc = anomaly_metrics_of(scored, 3).auc.value();
  CHECK(auc.value == 1);
  CHECK(auc.low == Approx(0.3979).margin(0.0005));  // by bench/coverage_reference.py, which is the same in SciPy
  CHECK(auc.high == 1);
}

TEST_CASE("AUC varies with both kinds: normals 1, 2, 3 against anomalies 2 and 4") {
  const std::vector<ScoredSample> scored{odd(1, false, "a"), odd(2, false, "b"), odd(3, false, "c"), odd(2, true, "d"),
                                         odd(4, true, "e")};
  const Interval auc = anomaly_metrics_of(scored, 3).auc.value();
  CHECK(auc.low == Approx(0.2403).margin(0.0005));
  CHECK(auc.high == Approx(0.9660).margin(0.0005));
}

TEST_CASE("without anomalies only false alarms are known, and none of them in few groups may still be some") {
  const std::vector<ScoredSample> two{odd(1, false, "a"), odd(2, false, "b")};
  CHECK(anomaly_metrics_of(two, 5).false_alarms.unknown == "only 2 groups");
  const std::vector<ScoredSample> three{odd(1, false, "a"), odd(2, false, "b"), odd(3, false, "c")};
  const AnomalyMetrics score = anomaly_metrics_of(three, 5);
  CHECK(score.false_alarms.value == 0);
  CHECK(score.false_alarms.high == Approx(0.6209).margin(0.0005));
  CHECK(!score.recall);
  CHECK(!score.auc);
}

TEST_CASE("anomalies of one group leave AUC unknown") {
  const std::vector<ScoredSample> scored{odd(1, false, "a"), odd(2, false, "b"), odd(3, false, "c"), odd(4, true, "d")};
  CHECK(anomaly_metrics_of(scored, 3).auc->unknown == "only 1 group of one class");
}

TEST_CASE("a quantile is the least score that the share does not exceed") {
  CHECK(quantile_of({5, 1, 4, 2, 3}, 0.99) == 5);
  CHECK(quantile_of({5, 1, 4, 2, 3}, 0.8) == 4);
  CHECK(quantile_of({7}, 0.5) == 7);
}

TEST_CASE("always giving the mean scores the variance, and scores of unlike models are told in their thresholds") {
  const std::vector<float> given{1, 3, 5, 7};
  CHECK(variation_of(given) == Approx(5));
  const std::vector<ScoredSample> told = in_thresholds({{.score = 3}, {.score = 0.5}}, 2);
  CHECK(told[0].score == 1.5);
  CHECK(told[1].score == 0.25);
}
