#pragma once

#include <functional>

#include "data/dataset.h"
#include "features/features.h"
#include "judge/inference.h"
#include "judge/metrics.h"
#include "judge/score_words.h"
#include "model/model.h"

namespace dragonet {

struct Heard;

/// A classification's answers to some samples.
struct ClassAnswers {
  std::vector<Answer> answers;
  std::vector<double> confidences;  // of the answer given, 0..1
};

/// The label of the largest score.
ClassAnswers no_answers(const Classification& task, const Model& model);
void add(ClassAnswers& answers, const Model& model, const Sample& sample, const Inference& inference,
         const std::vector<float>& given);
void append(ClassAnswers& all, const ClassAnswers& part);

/// Places of the wrong ones, of every kind of mistake in turn, and of each kind the surest first: so what is seen first
/// is the worst, and no kind hides the others.
std::vector<std::size_t> mistakes_in(const ClassAnswers& answers);

Score score_of(const ClassAnswers& answers, const Dataset& dataset);
std::vector<Json> answers_json(const ClassAnswers& answers, const Dataset& dataset);  // {"truth", "answer", "score"}
ScoreWords words_of(const Score& score);
std::vector<Measure> measures_of(const Score& score);

/// Nothing is to be found out once the model is trained.
void calibrate(const Classification& task, Model& model, const std::function<ClassAnswers()>& validation);

/// The label with its score; of a chip that listens, where its debounced label changes, or why it has none. What is too
/// short for a debounced answer gets the model's own, of the mean scores.
BoardAnswer board_answer(const Classification& task, const Model& model, const Inference& inference);
Listened listened(const Classification& task, const Model& model, const std::vector<Heard>& heard,
                  const Readings& readings);
BoardAnswer explanation(const Classification& task, const Model& model);  // none is needed

}  // namespace dragonet
