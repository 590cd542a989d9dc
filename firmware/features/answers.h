// From the scores of one inference after another to an answer that stays: a mean over the latest, a threshold, and a
// new answer only once it has been the best for some inferences in a row.
#pragma once

#include <stdint.h>

namespace dragonet {

struct AnswerRules {
  uint8_t average;    // inferences in the mean, at most 16
  uint8_t debounce;   // inferences in a row
  int16_t threshold;  // of one inference's score, as the model's output holds it
};

/// The buffers are the caller's: recent[average * labels], sums[labels].
struct Answers {
  int8_t* recent;
  int16_t* sums;
  uint8_t next, count;  // of the inferences in recent
  uint8_t times;        // that the candidate was the best in a row
  int16_t candidate;    // a label's number; -1: none
  int16_t answer;       // the same, once it has lasted
};

inline void begin_answers(const AnswerRules& rules, Answers& answers, int16_t labels) {
  for (int16_t i = 0; i < labels; ++i) answers.sums[i] = 0;
  for (int16_t i = 0; i < (int16_t)(rules.average * labels); ++i) answers.recent[i] = 0;
  answers.next = answers.count = answers.times = 0;
  answers.candidate = answers.answer = -1;
}

inline void add_scores(const AnswerRules& rules, Answers& answers, const int8_t* scores, int16_t labels) {
  int8_t* const oldest = answers.recent + answers.next * labels;
  for (int16_t i = 0; i < labels; ++i) {
    answers.sums[i] = (int16_t)(answers.sums[i] + scores[i] - oldest[i]);
    oldest[i] = scores[i];
  }
  if (++answers.next == rules.average) answers.next = 0;
  if (answers.count < rules.average) ++answers.count;
}

inline int16_t best_answer(const AnswerRules& rules, const Answers& answers, int16_t labels) {
  int16_t best = 0;
  for (int16_t i = 1; i < labels; ++i)
    if (answers.sums[i] > answers.sums[best]) best = i;
  return answers.sums[best] >= (int32_t)rules.threshold * answers.count ? best : (int16_t)-1;
}

/// Takes the scores of an inference, int8 [labels]. True: there is another answer than before.
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
