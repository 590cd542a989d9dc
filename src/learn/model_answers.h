#pragma once

#include "judge/task_score.h"
#include "project/samples.h"

namespace dragonet {

/// A model's answers to some of the samples.
struct Answers {
  TaskAnswers of_task;
  std::vector<Bytes> outputs;  // the output tensor's bytes, one for each sample
};

/// Float models get reals, int8 models the features as they are.
Answers answer(const Model& model, const Samples& samples, const Indices& indices);

/// How good they are, as the samples' task measures it.
TaskScore score_of(const Answers& answers, const Dataset& dataset);

/// Those of several models to different samples, put together.
void append(Answers& all, const Answers& part);

/// The answers that some other runner of the same model (host program, board) gave.
Answers answers_of(const Model& model, const Samples& samples, const Indices& indices, std::vector<Bytes> outputs);

}  // namespace dragonet
