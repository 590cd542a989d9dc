#pragma once

#include <exception>
#include <string>
#include <vector>

namespace dragonet {

/// What went wrong, for a person: where (file, node, setting), what, and what to do next. All three, always.
struct Problem {
  std::string where, what, next;
};

/// Thrown on the host for whatever a user, a file or a board can cause; our own mistakes are `assert`.
class Error : public std::exception {
 public:
  explicit Error(std::vector<Problem> found);
  explicit Error(Problem problem);
  const char* what() const noexcept override { return text_.c_str(); }

  std::vector<Problem> problems;

 private:
  std::string text_;  // every problem, a line each
};

/// What was asked for was done, and the answer is no: it does not fit. Exit status 1 rather than 2.
class Refusal : public Error {
 public:
  using Error::Error;
};

/// "where: what; next", as the command line prints a problem.
std::string sentence(const Problem& problem);

/// The candidate that differs from `word` in the fewest letters (Levenshtein); "" where none differs in so few that it
/// may be meant.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

/// What next, where a word is not known: "did you mean NEAREST? There are A, B", or "there are A, B". `shown` says how
/// a candidate is written: "[{}]".
std::string choice_of(const std::string& word, const std::vector<std::string>& candidates,
                      const std::string& shown = "{}");

}  // namespace dragonet
