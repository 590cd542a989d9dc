#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "compile/emit_answers.h"
#include "model/model_info.h"

namespace dragonet {

static constexpr const char* label_state = R"(
  dragonet::Answers answers;
  int8_t recent_scores[average * output_count];
  int16_t score_sums[output_count];)";

static constexpr const char* label_function =
    "inline int answer(const Listener& listener) { return listener.answers.answer; }  // index into labels; -1: none "
    "yet";

static constexpr const char* begin_labels = R"(
  listener.answers.recent = listener.recent_scores;
  listener.answers.sums = listener.score_sums;
  dragonet::begin_answers(answer_rules, listener.answers, output_count);)";

static constexpr const char* take_labels = R"(
  dragonet::take_scores(answer_rules, listener.answers, output(model), output_count);)";

/// In the output's own numbers, which stand for 0..1 after a softmax.
static int threshold_of(const Model& model, double threshold) {
  const Quantization& output = model.tensors[model.outputs[0]].quantization;
  const double q = threshold / output.scale.at(0) + output.zero_point.at(0);
  return static_cast<int>(std::clamp(std::round(q), -128.0, 127.0));
}

AnswerCode answer_code(const Classification&, const Model& model) {
  const AnswerSettings answers = info_of(model).answers;
  return {.headers = {"features/answers.h"},
          .enums = fmt::format(",\n  average = {}  // inferences whose mean scores make an answer", answers.average),
          .state = label_state,
          .function = label_function,
          .rules = fmt::format("static const dragonet::AnswerRules answer_rules = {{average, {}, {}}};\n",
                               answers.debounce, threshold_of(model, answers.threshold)),
          .begin = begin_labels,
          .take = take_labels,
          .use = "answer(listener)"};
}

}  // namespace dragonet
