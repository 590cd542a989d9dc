// The main of every test program. It is Catch's, and one thing more: it tells CTest what cases it holds.
//   test_ops --ctest FILE NAME LABEL FOLDER
// writes FILE, a part of CTest's script: each case a test of its own, called "NAME.<file>: <the case>" and run in
// FOLDER. A case's tags [fast], [board], [train] and [slow] are its labels; without one of them it has its program's,
// LABEL. [serial] is for what measures time: nothing else runs beside it. [together] is for the cases of a file that
// share what takes long to make (a trained model): they are one test, in one process, so that it is made once.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <fstream>
#include <map>

#include "made_cases.h"

namespace {

using Catch::TestCase;

/// "tests/lstm_test.cpp" -> "lstm_test", as Catch's option -# has it.
std::string stem_of(const TestCase& test) {
  std::string name = test.lineInfo.file;
  name = name.substr(name.find_last_of('/') + 1);
  return name.substr(0, name.find_last_of('.'));
}

bool has_tag(const TestCase& test, const std::string& tag) {
  return std::find(test.lcaseTags.begin(), test.lcaseTags.end(), tag) != test.lcaseTags.end();
}

/// What Catch's filters would take for their own.
std::string escaped(const std::string& name) {
  std::string text;
  for (const char c : name) {
    if (std::string("\\,[]\"*~").find(c) != std::string::npos) text += '\\';
    text += c;
  }
  return text;
}

class CTestScript {
 public:
  CTestScript(char** arguments)
      : file_(arguments[2]), program_(arguments[0]), name_(arguments[3]), label_(arguments[4]), folder_(arguments[5]) {}

  void add(const TestCase& test) {
    if (!has_tag(test, "together")) return write(stem_of(test) + ": " + test.name, escaped(test.name), test);
    if (!together_[stem_of(test)]++) write(stem_of(test), "[together][#" + stem_of(test) + "]", test);
  }

 private:
  void write(const std::string& name, const std::string& filter, const TestCase& test) {
    std::string labels;
    for (const char* label : {"fast", "board", "train", "slow"})
      if (has_tag(test, label)) labels += (labels.empty() ? "" : ";") + std::string(label);
    const std::string whole = quoted(name_ + "." + name);
    file_ << "add_test(" << whole << " " << quoted(program_) << " \"-#\" -w NoTests " << quoted(filter) << ")\n"
          << "set_tests_properties(" << whole << " PROPERTIES WORKING_DIRECTORY " << quoted(folder_) << " LABELS "
          << quoted(labels.empty() ? label_ : labels) << " TIMEOUT 1500"
          << (has_tag(test, "serial") ? " RUN_SERIAL ON" : "") << ")\n";
  }

  static std::string quoted(const std::string& text) { return "[==[" + text + "]==]"; }

  std::ofstream file_;
  std::string program_, name_, label_, folder_;
  std::map<std::string, int> together_;
};

}  // namespace

int main(int count, char** arguments) {
  for (const auto& make : dragonet::testing::made_cases()) make();
  Catch::Session session;
  if (count != 6 || std::string(arguments[1]) != "--ctest") return session.run(count, arguments);
  CTestScript script(arguments);
  for (const TestCase& test : Catch::getRegistryHub().getTestCaseRegistry().getAllTests()) script.add(test);
}
