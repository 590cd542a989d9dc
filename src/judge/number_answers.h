#pragma once

#include <functional>

#include "data/dataset.h"
#include "features/features.h"
#include "judge/inference.h"
#include "judge/number_errors.h"
#include "judge/score_words.h"
#include "model/model.h"

namespace dragonet {

struct Heard;

/// A regression's answers to some samples.
struct NumberAnswers {
  std::vector<Estimate> estimates;
};

NumberAnswers no_answers(const Regression& task, const Model& model);
void add(NumberAnswers& answers, const Model& model, const Sample& sample, const Inference& inference,
         const std::vector<float>& given);
void append(NumberAnswers& all, const NumberAnswers& part);
NumberScore score_of(const NumberAnswers& answers, const Dataset& dataset);
std::vector<Json> answers_json(const NumberAnswers& answers, const Dataset& dataset);  // {"truth": [], "answer": []}
ScoreWords words_of(const NumberScore& score);
std::vector<Measure> measures_of(const NumberScore& score);  // of one number alone

/// Nothing is to be found out once the model is trained.
void calibrate(const Regression& task, Model& model, const std::function<NumberAnswers()>& validation);

/// Every number by its name, after every inference.
BoardAnswer board_answer(const Regression& task, const Model& model, const Inference& inference);
Listened listened(const Regression& task, const Model& model, const std::vector<Heard>& heard,
                  const Readings& readings);
BoardAnswer explanation(const Regression& task, const Model& model);  // none is needed

}  // namespace dragonet
