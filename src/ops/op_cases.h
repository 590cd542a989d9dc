// Random models of one operator, which its own test file gives; tests/operators/ compares what they answer as emitted
// code, on virtual boards and in TensorFlow Lite.
#pragma once

#include <functional>

#include "ops/op_test.h"

namespace dragonet::testing {

struct OperatorCases {
  std::string op;
  std::vector<DType> types;  // of the values; for each, make() is asked for many models
  std::function<Model(RandomModels&, DType)> make;
  /// How far TensorFlow Lite's answers in int8 may be from ours: 1 in the last place, where its kernels for WebAssembly
  /// round otherwise than its reference; -1: it cannot be asked, and the comment beside says why.
  int judged_within = 1;
  /// Types that its version here does not take; int16 it never does.
  std::vector<DType> unjudged{};
  /// So many operators have one kernel and one emitter, and each needs so many times fewer models.
  int share = 1;
};

std::vector<OperatorCases>& operator_cases();

/// `static const Cases pad_cases{{.op = "pad", ..}};` in a test file makes them known.
struct Cases {
  Cases(const OperatorCases& cases);
};

inline const std::vector<DType> int8_and_float{DType::int8, DType::float32};
inline const std::vector<DType> numeric{DType::int8, DType::int16, DType::int32, DType::float32};
inline const std::vector<DType> int8_int16_float{DType::int8, DType::int16, DType::float32};

/// The type for which RandomModels::node makes all that an operator's cases need.
Cases node_cases(const std::string& op, const std::vector<DType>& types);

}  // namespace dragonet::testing
