#include "base/error.h"

#include <fmt/format.h>

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

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  const auto found = std::min_element(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
    return letters_between(word, a) < letters_between(word, b);
  });
  return found == candidates.end() ? "" : *found;
}

}  // namespace dragonet
