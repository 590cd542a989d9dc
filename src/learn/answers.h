#pragma once

#include "judge/task_score.h"
#include "project/samples.h"

namespace dragonet {

/// A model's answers to some of the samples. `real` models get reals, int8 models the features as they are.
struct Answers {
  std::vector<Answer> answers;      // one per index; none of another task
  std::vector<double> confidences;  // of the answer given, 0..1
  std::vector<Estimate> estimates;  // of a regression
  std::vector<ScoredSample> scored;     // of anomalies
  double threshold = 0;             // of those, the model's own
  std::vector<Bytes> outputs;       // the output tensor's bytes
};
Answers answer(const Model& model, const Samples& samples, const Indices& indices);

/// How good they are, as the samples' task measures it.
TaskScore score_of(const Answers& answers, const Dataset& dataset, int resamples = 2000);

/// The answers that some other runner of the same model (host program, board) gave.
Answers answers_of(const Model& model, const Samples& samples, const Indices& indices, std::vector<Bytes> outputs);

}  // namespace dragonet
