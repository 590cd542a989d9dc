#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compile/emit_answers.h"
#include "model/anomaly_distance.h"

namespace dragonet {

static constexpr const char* anomaly_state = R"(
  uint64_t anomaly_score;  // of the last inference: how far it was from what is normal
  int16_t anomalous;       // 1: the score was above the threshold; -1: no inference yet)";

static constexpr const char* anomaly_function =
    "inline int answer(const Listener& listener) { return listener.anomalous; }  // 1: an anomaly; 0: normal; -1: none "
    "yet";

static constexpr const char* given_back_code = R"(
static const dragonet::GivenBackRules anomaly_rules = {{{ratio}, {input_zero}, {output_zero}, {threshold}ULL}};

// Of all rows of the ring, the oldest first, and what the model gave back for them.
static uint64_t anomaly_score_of(const Listener& listener, const Model& model) {{
  const Input* row = listener.rows + listener.next_row * input_row_bytes;
  const int8_t* back = output(model);
  uint64_t sum = 0;
  for (uint16_t i = input_rows; i > 0; --i, row += input_row_bytes, back += input_row_bytes) {{
    if (row == listener.rows + input_bytes) row = listener.rows;
    sum += dragonet::squared_differences(anomaly_rules, row, back, input_row_bytes);
  }}
  return sum;
}}
)";

static constexpr const char* centre_code = R"(
static const int16_t anomaly_centres[] = {{{centres}}};
static const dragonet::CentreRules anomaly_rules = {{anomaly_centres, {values}, {count}, {output_zero}, {threshold}ULL}};

static uint64_t anomaly_score_of(const Listener&, const Model& model) {{
  return dragonet::squared_distance(anomaly_rules, output(model));
}}
)";

static constexpr const char* begin_anomaly = R"(
  listener.anomaly_score = 0;
  listener.anomalous = -1;)";

static constexpr const char* take_anomaly = R"(
  listener.anomaly_score = anomaly_score_of(listener, model);
  listener.anomalous = listener.anomaly_score > anomaly_rules.threshold;)";

static std::string given_back_text(const Model& model) {
  const GivenBackRules rules = given_back_rules(model);
  return fmt::format(given_back_code, fmt::arg("ratio", rules.ratio), fmt::arg("input_zero", rules.input_zero),
                     fmt::arg("output_zero", rules.output_zero), fmt::arg("threshold", rules.threshold));
}

static std::string centre_text(const Model& model, const std::vector<std::int16_t>& centres) {
  const CentreRules rules = centre_rules(model, centres);
  return fmt::format(centre_code, fmt::arg("centres", fmt::join(centres, ", ")), fmt::arg("values", rules.values),
                     fmt::arg("count", rules.count), fmt::arg("output_zero", rules.output_zero),
                     fmt::arg("threshold", rules.threshold));
}

AnswerCode answer_code(const Anomaly&, const Model& model) {
  const std::vector<std::int16_t> centres = centres_on_chip(model);
  return {.headers = {"features/anomaly_score.h"},
          .state = anomaly_state,
          .function = anomaly_function,
          .rules = centres.empty() ? given_back_text(model) : centre_text(model, centres),
          .begin = begin_anomaly,
          .take = take_anomaly,
          .use = "answer(listener)"};
}

}  // namespace dragonet
