// One test case for each operator whose test file gives random layers, so that they run side by side, or one of them
// alone.
#pragma once

#include <fmt/format.h>

#include "made_cases.h"
#include "ops/op_cases.h"

namespace dragonet::testing {

/// `static const CasePerOperator each("{} does ..", "[slow]", check);` in a test file.
struct CasePerOperator {
  CasePerOperator(std::string name, std::string tags, void (*check)(const OperatorCases&),
                  const char* file = __builtin_FILE(), std::size_t line = __builtin_LINE()) {
    made_cases().push_back([=] {
      for (const OperatorCases& cases : operator_cases())
        make_case(
            fmt::format(fmt::runtime(name), cases.op), tags, [&cases, check] { check(cases); }, file, line);
    });
  }
};

}  // namespace dragonet::testing
