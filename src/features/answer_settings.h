#pragma once

#include "features/setting_info.h"

namespace dragonet {

/// How a chip that listens all the time makes one answer of many: compiled into the firmware (features/answers.h
/// there).
struct AnswerSettings {
  int every_samples = 0;   // from inference to inference; 0: a window of sound, a quarter of one of movement
  int average = 2;         // so many inferences' scores are averaged
  double threshold = 0.6;  // an average below it is no answer
  int debounce = 2;        // a new answer must be the best so many times in a row
  bool operator==(const AnswerSettings&) const = default;
};

template <SettingsOf<AnswerSettings> Settings>
void visit_settings(Settings& s, auto visit) {
  visit(
      {"every_samples", 0, 1 << 22, "from inference to inference; 0: a window of sound, a quarter of one of movement"},
      s.every_samples);
  visit({"average", 1, 16, "so many inferences' scores are averaged"}, s.average);
  visit({"threshold", 0, 1, "an average below it is no answer"}, s.threshold);
  visit({"debounce", 1, 100, "a new answer must be the best so many times in a row"}, s.debounce);
}

}  // namespace dragonet
