#pragma once

namespace dragonet {

/// How a chip that listens all the time makes one answer of many: compiled into the firmware (features/answers.h
/// there).
struct AnswerSettings {
  int every_samples = 0;   // readings between inferences; 0: a window of sound, a quarter of a window of movement
  int average = 2;         // inferences whose scores are averaged
  double threshold = 0.6;  // a mean score below it gives no answer
  int debounce = 2;        // a new answer must be the best so many times in a row
  bool operator==(const AnswerSettings&) const = default;
};

}  // namespace dragonet
