#pragma once

#include <string>
#include <vector>

namespace dragonet {

/// What a network answers: one score per label; numbers; or its own input, which it reproduces well unless that is an
/// anomaly.
enum class Task { classification, regression, anomaly };

/// As dragonet.toml and a model's metadata say them, in the order of Task.
inline const std::vector<std::string>& task_words() {
  static const std::vector<std::string> words{"classification", "regression", "anomaly"};
  return words;
}
inline const std::string& word_of(Task task) { return task_words()[static_cast<std::size_t>(task)]; }

}  // namespace dragonet
