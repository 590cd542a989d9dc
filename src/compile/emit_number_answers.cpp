#include "compile/emit_answers.h"

namespace dragonet {

static constexpr const char* numbers_function =
    "inline int answer(const Listener&) { return -1; }  // there are no labels: take output(model)";

AnswerCode answer_code(const Regression&, const Model&) { return {.function = numbers_function}; }

}  // namespace dragonet
