// docs/cli.md is made from --help: this test writes what the page should be, and holds the page to it.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <sstream>

#include "program.h"

using namespace dragonet;

namespace {

constexpr const char* page = "docs/cli.md";

constexpr const char* head = R"(# The command line

Every command, as `dragonet COMMAND --help` prints it. This page is made from that text, and a test holds it there:
`DRAGONET_WRITE=1 build/test_whole "*docs/cli.md*"` writes it anew.

For programs that drive Dragonet: with `--json`, stdout holds one object and nothing else. Progress and remarks go to
stderr, as does every error, a sentence each. Sizes are in bytes, `ms` are milliseconds, cycles are those of a core
without wait states, and `wait_cycles` are what the board's flash adds. A `?` marks fields that are not always there.
SCORE is how good a model is, as its task measures it:

| task | SCORE |
| --- | --- |
| classification | {accuracy, balanced_accuracy: {value, low, high}, recall: [{value, low, high} or null], confusion: [[count]]} |
| regression | {mae: {value, low, high}, rmse: {...}, r2: {...} or null}; of several numbers {outputs: {name: ...}} |
| anomaly | {false_alarms: {value, low, high}, auc, recall, threshold, normals, anomalies} |

`low` and `high` bound a 95 % interval over groups ([statistics.md](statistics.md)). Of too few groups both are null,
and `unknown` beside them says why, such as "only 2 groups". On failure every command prints
{error: {problems: [{where, what, next}]}}.
)";

/// The names below "Subcommands:" of a --help.
std::vector<std::string> subcommands_in(const std::string& help) {
  std::vector<std::string> names;
  std::istringstream lines(help);
  bool below = false;
  for (std::string line; std::getline(lines, line);) {
    if (below && line.starts_with("  ") && line.size() > 2 && line[2] != ' ')
      names.push_back(line.substr(2, line.find(' ', 2) - 2));
    else if (!line.starts_with(" "))
      below = line == "Subcommands:";
  }
  return names;
}

std::string help_of(const std::string& command) {
  const ProcessResult result = run_process({testing::program, "--help"});
  if (command.empty()) return result.output;
  std::vector<std::string> words{testing::program};
  std::istringstream stream(command);
  for (std::string word; stream >> word;) words.push_back(word);
  words.push_back("--help");
  return run_process(words).output;
}

/// Without the program's path, which differs from machine to machine, and without blanks at the ends of lines.
std::string tidy(std::string help) {
  for (std::size_t at; (at = help.find(testing::program)) != std::string::npos;)
    help.replace(at, testing::program.size(), "dragonet");
  std::istringstream lines(help);
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

void add_command(std::string& text, const std::string& command) {
  const std::string help = help_of(command);
  text += fmt::format("\n## dragonet {}\n\n```\n{}```\n", command, tidy(help));
  for (const std::string& name : subcommands_in(help)) add_command(text, command + " " + name);
}

std::string page_text() {
  std::string text = head;
  for (const std::string& command : subcommands_in(help_of(""))) add_command(text, command);
  return text;
}

}  // namespace

TEST_CASE("docs/cli.md says of every command what --help says, with its JSON fields and exit statuses") {
  const std::string text = page_text();
  if (std::getenv("DRAGONET_WRITE")) write_file(page, text);
  CHECK(read_text(page) == text);
  std::istringstream lines(text);
  int commands = 0, told = 0;
  for (std::string line; std::getline(lines, line);)
    commands += line.starts_with("## "), told += line.starts_with("With --json: ");
  CHECK(commands >= 15);
  CHECK(told == commands);
}
