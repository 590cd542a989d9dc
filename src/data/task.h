#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "data/anomaly.h"
#include "data/classification.h"
#include "data/regression.h"

namespace dragonet {

/// What a model answers. Each task is a file of its own, with its settings; docs/add-a-task.md adds another. The first
/// is what dragonet.toml and models without a task mean.
using Task = std::variant<Classification, Regression, Anomaly>;

/// Every task once, with its default settings.
const std::vector<Task>& all_tasks();

/// As dragonet.toml, --task and a model's metadata say them, in that order.
const std::vector<std::string>& task_words();
std::string word_of(const Task& task);
std::optional<Task> task_named(const std::string& word);

bool is_same_task(const Task& a, const Task& b);  // whatever their settings

std::string answer_of(const Task& task);   // in --help: "a label", "numbers"
std::string comment_of(const Task& task);  // in dragonet.toml

/// Each sample has one of several labels, and the network a score in 0..1 for each, out of a softmax.
bool has_labels(const Task& task);

/// Each sample has numbers, Sample::targets, and the network one output for each, out of a Dense.
bool has_numbers(const Task& task);

/// The network's output has no scores: its distance from the input, or from what is normal, is the answer.
bool measures_distance(const Task& task);

/// Samples are normal_label or anomaly_label, and those of the second only test.
bool trains_with_normal_only(const Task& task);

/// By default augmentation leaves alone what may be the answer itself: strength, speed, direction.
bool gentle_augmentation(const Task& task);

/// What the network's outputs, or the answers, are called while there are no samples yet that say it.
std::vector<std::string> first_names(const Task& task);

/// `visit(name, value, least, most, comment)` for each setting in the task's own section of dragonet.toml, [<word>].
/// Values are `double&`.
template <typename Visit>
void for_each_setting(Task& task, Visit visit) {
  std::visit([&](auto& of_task) { of_task.for_each_setting(of_task, visit); }, task);
}

}  // namespace dragonet
