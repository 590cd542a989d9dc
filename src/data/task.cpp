#include "data/task.h"

#include <algorithm>
#include <type_traits>

namespace dragonet {

template <typename... Tasks>
static std::vector<Task> listed(std::type_identity<std::variant<Tasks...>>) {
  return {Tasks{}...};
}

const std::vector<Task>& all_tasks() {
  static const std::vector<Task> tasks = listed(std::type_identity<Task>());
  return tasks;
}

static std::vector<std::string> words_of(const std::vector<Task>& tasks) {
  std::vector<std::string> words;
  for (const Task& task : tasks) words.push_back(word_of(task));
  return words;
}

const std::vector<std::string>& task_words() {
  static const std::vector<std::string> words = words_of(all_tasks());
  return words;
}

std::string word_of(const Task& task) {
  return std::visit([](const auto& of_task) { return of_task.word; }, task);
}

std::optional<Task> task_named(const std::string& word) {
  const auto found = std::ranges::find(task_words(), word);
  if (found == task_words().end()) return std::nullopt;
  return all_tasks()[static_cast<std::size_t>(found - task_words().begin())];
}

bool is_same_task(const Task& a, const Task& b) { return a.index() == b.index(); }

std::string answer_of(const Task& task) {
  return std::visit([](const auto& of_task) { return of_task.answer; }, task);
}

std::string comment_of(const Task& task) {
  return std::visit([](const auto& of_task) { return of_task.comment; }, task);
}

bool has_labels(const Task& task) {
  return std::visit([](const auto& of_task) { return of_task.has_labels; }, task);
}

bool has_numbers(const Task& task) {
  return std::visit([](const auto& of_task) { return of_task.has_numbers; }, task);
}

bool measures_distance(const Task& task) {
  return std::visit([](const auto& of_task) { return of_task.measures_distance; }, task);
}

bool trains_with_normal_only(const Task& task) {
  return std::visit([](const auto& of_task) { return of_task.trains_with_normal_only; }, task);
}

bool gentle_augmentation(const Task& task) {
  return std::visit([](const auto& of_task) { return of_task.gentle_augmentation; }, task);
}

std::vector<std::string> first_names(const Task& task) {
  return std::visit([](const auto& of_task) { return of_task.first_names(); }, task);
}

}  // namespace dragonet
