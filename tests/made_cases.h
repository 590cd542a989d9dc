// Test cases that are made when a program starts, of what it finds then: one for each operator, say.
#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace dragonet::testing {

/// What makes them; the main of test programs calls each before it runs anything.
inline std::vector<std::function<void()>>& made_cases() {
  static std::vector<std::function<void()>> all;
  return all;
}

/// `static const MadeCases each([] { ..make_case(..) });` in a test file.
struct MadeCases {
  MadeCases(std::function<void()> make) { made_cases().push_back(std::move(make)); }
};

/// As TEST_CASE does. `file` is the caller's own.
inline void make_case(const std::string& name, const std::string& tags, std::function<void()> test,
                      const char* file = __builtin_FILE(), std::size_t line = __builtin_LINE()) {
  struct Invoker : Catch::ITestInvoker {
    Invoker(std::function<void()> of) : test(std::move(of)) {}
    void invoke() const override { test(); }
    std::function<void()> test;
  };
  Catch::AutoReg(new Invoker(std::move(test)), Catch::SourceLineInfo(file, line), Catch::StringRef(),
                 Catch::NameAndTags(name, tags));
}

}  // namespace dragonet::testing
