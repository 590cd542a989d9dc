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

// Levenshtein distance in which two neighbours that changed places count once; three rows of the table are kept.
static std::size_t letters_between(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before, above(b.size() + 1), row;
  std::iota(above.begin(), above.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row.assign(1, i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
      row.push_back(std::min({replaced, above[j] + 1, row[j - 1] + 1}));
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(above, row);
  }
  return above.back();
}

/// A letter in three.
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
