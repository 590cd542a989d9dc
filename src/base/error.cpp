#include "base/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace dragonet {

Error::Error(std::vector<Problem> found) : problems(std::move(found)) {
  for (const Problem& problem : problems) {
    if (!text_.empty()) text_ += '\n';
    text_ += sentence(problem);
  }
}

Error::Error(Problem problem) : Error(std::vector{std::move(problem)}) {}

std::string sentence(const Problem& problem) {
  return fmt::format("{}: {}; {}", problem.where, problem.what, problem.next);
}

// Levenshtein distance, a row of the table at a time.
static std::size_t letters_between(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

/// A letter in three, and two that changed places.
static std::size_t most_letters(const std::string& word) { return (word.size() + 1) / 3; }

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  const auto found = std::min_element(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
    return letters_between(word, a) < letters_between(word, b);
  });
  const bool is_near = found != candidates.end() && letters_between(word, *found) <= most_letters(word);
  return is_near ? *found : "";
}

std::string choice_of(const std::string& word, const std::vector<std::string>& candidates, const std::string& shown) {
  std::vector<std::string> all;
  for (const std::string& candidate : candidates) all.push_back(fmt::format(fmt::runtime(shown), candidate));
  const std::string found = nearest(word, candidates), list = fmt::format("{}", fmt::join(all, ", "));
  if (found.empty()) return "there are " + list;
  return fmt::format("did you mean {}? There are {}", fmt::format(fmt::runtime(shown), found), list);
}

}  // namespace dragonet
