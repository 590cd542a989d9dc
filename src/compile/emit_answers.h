#pragma once

#include <set>
#include <string>

#include "data/task.h"
#include "model/model.h"

namespace dragonet {

/// What a listening chip does after each inference: statements and declarations in the emitted Listener. Empty where a
/// task needs none.
struct AnswerCode {
  std::set<std::string> headers;      // of firmware/
  std::string enums;                  // ",\n  average = 2": more of the header's numbers
  std::string state;                  // members of the Listener
  std::string function;               // int answer(const Listener&): a label's number, -1 where there is none
  std::string rules;                  // definitions, in flash
  std::string begin, take;            // statements: when listening begins, and after each inference
  std::string use = "output(model)";  // how a caller gets at the answer
};

/// For each task (data/task.h) its own, in a file of its own.
AnswerCode answer_code(const Classification& task, const Model& model);  // debounced: one label of many inferences
AnswerCode answer_code(const Regression& task, const Model& model);      // every output stands for itself
AnswerCode answer_code(const Anomaly& task, const Model& model);         // the score, and whether it is an anomaly's

}  // namespace dragonet
