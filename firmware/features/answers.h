// From the scores of one inference after another to one steady answer: the mean of the latest scores, a threshold, and
// a debounce, which takes a new answer only once it has been the best for some inferences in a row.
#pragma once

#include <stdint.h>

namespace dragonet {

struct AnswerRules {
  uint8_t average;    // inferences in the mean, 1 to 16
  uint8_t debounce;   // inferences in a row, 1 or more
  int16_t threshold;  // of the mean score, -128 to 127, in the scale of the model's output
};

/// The caller owns the buffers and sets the pointers before begin_answers().
struct Answers {
  int8_t* recent;       // [average, labels], the scores of the latest inferences, a ring
  int16_t* sums;        // [labels], of these scores
  uint8_t next, count;  // place of the oldest inference in recent, and how many are there
  uint8_t times;        // how many times in a row the candidate was the best, up to debounce
  int16_t candidate;    // the best label's number now; -1: none reaches the threshold
  int16_t answer;       // the candidate that has lasted; -1: none
};

/// Before the first scores. labels: scores of an inference.
inline void begin_answers(const AnswerRules& rules, Answers& answers, int16_t labels) {
  for (int16_t i = 0; i < labels; ++i) answers.sums[i] = 0;
  for (int16_t i = 0; i < (int16_t)(rules.average * labels); ++i) answers.recent[i] = 0;
  answers.next = answers.count = answers.times = 0;
  answers.candidate = answers.answer = -1;
}

/// scores [labels] take the place of the oldest ones in the mean.
inline void add_scores(const AnswerRules& rules, Answers& answers, const int8_t* scores, int16_t labels) {
  int8_t* const oldest = answers.recent + answers.next * labels;
  for (int16_t i = 0; i < labels; ++i) {
    answers.sums[i] = (int16_t)(answers.sums[i] + scores[i] - oldest[i]);
    oldest[i] = scores[i];
  }
  if (++answers.next == rules.average) answers.next = 0;
  if (answers.count < rules.average) ++answers.count;
}

/// The number of the label with the highest mean score, or -1 if that is below the threshold.
inline int16_t best_answer(const AnswerRules& rules, const Answers& answers, int16_t labels) {
  int16_t best = 0;
  for (int16_t i = 1; i < labels; ++i)
    if (answers.sums[i] > answers.sums[best]) best = i;
  return answers.sums[best] >= (int32_t)rules.threshold * answers.count ? best : (int16_t)-1;
}

/// Takes the scores of an inference, [labels]. True: answers.answer has changed.
inline bool take_scores(const AnswerRules& rules, Answers& answers, const int8_t* scores, int16_t labels) {
  add_scores(rules, answers, scores, labels);
  const int16_t best = best_answer(rules, answers, labels);
  if (best != answers.candidate) answers.times = 0;
  if (answers.times < rules.debounce) ++answers.times;
  answers.candidate = best;
  if (answers.times < rules.debounce || best == answers.answer) return false;
  answers.answer = best;
  return true;
}

}  // namespace dragonet
