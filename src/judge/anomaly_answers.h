#pragma once

#include <functional>

#include "data/dataset.h"
#include "features/features.h"
#include "judge/anomalies.h"
#include "judge/inference.h"
#include "judge/score_words.h"
#include "model/anomaly_distance.h"
#include "model/model.h"

namespace dragonet {

struct Heard;

/// The anomaly scores of some samples.
struct AnomalyAnswers {
  std::vector<ScoredSample> scored;
  double threshold = 0;  // the model's own
  ReadCentres centres;   // the model's, while its answers are added
};

/// The score of an int8 model is what the chip works out.
AnomalyAnswers no_answers(const Anomaly& task, const Model& model);
void add(AnomalyAnswers& answers, const Model& model, const Sample& sample, const Inference& inference,
         const std::vector<float>& given);

/// Models have thresholds of their own: put together, scores are multiples of them.
void append(AnomalyAnswers& all, const AnomalyAnswers& part);
AnomalyMetrics score_of(const AnomalyAnswers& answers, const Dataset& dataset);
std::vector<Json> answers_json(const AnomalyAnswers& answers, const Dataset& dataset);  // {"anomaly", "score"}
ScoreWords words_of(const AnomalyMetrics& score);
std::vector<Measure> measures_of(const AnomalyMetrics& score);

/// Sets the model's threshold by scores of samples that it has not learnt, which are all normal (threshold_of).
void calibrate(const Anomaly& task, Model& model, const std::function<AnomalyAnswers()>& validation);

/// The score, and whether it is above the threshold, after every inference.
BoardAnswer board_answer(const Anomaly& task, const Model& model, const Inference& inference);
Listened listened(const Anomaly& task, const Model& model, const std::vector<Heard>& heard, const Readings& readings);
BoardAnswer explanation(const Anomaly& task, const Model& model);  // the threshold

}  // namespace dragonet
