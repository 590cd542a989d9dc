#include "judge/board_answers.h"

#include <fmt/format.h>

#include "judge/task_score.h"
#include "model/codec.h"
#include "model/model_info.h"

namespace dragonet {

BoardAnswer board_answer(const Model& model, std::span<const std::uint8_t> output,
                         std::span<const std::int8_t> features) {
  const Inference inference{features, output, floats_of(model.tensors[model.outputs[0]], output)};
  return std::visit([&](const auto& task) { return board_answer(task, model, inference); }, info_of(model).task);
}

std::string line_at(double seconds, const std::string& text) {
  return fmt::format("  {:>9}  {}\n", fmt::format("{:.2f} s", seconds), text);
}

/// What the model was given, each time, as the chip made it of the readings. The first answer is given as soon as there
/// are rows enough.
static std::vector<std::span<const std::int8_t>> inputs_of(const std::vector<Heard>& heard,
                                                           std::span<const std::int8_t> rows,
                                                           const FeatureSettings& settings) {
  const FeatureShape shape = shape_of(settings);
  const std::size_t row_bytes = shape.bytes() / shape.height;
  std::vector<std::span<const std::int8_t>> inputs;
  for (const Heard& answer : heard) {
    const std::size_t first = (answer.readings - heard[0].readings) / readings_a_row(settings);
    inputs.push_back(rows.subspan(first * row_bytes, shape.bytes()));
  }
  return inputs;
}

Listened every_answer(const Model& model, const std::vector<Heard>& heard, const Readings& readings) {
  const FeatureSettings settings = info_of(model).features;
  const std::vector<std::int8_t> rows = listened_features(readings, settings);
  const auto inputs = inputs_of(heard, rows, settings);
  Listened result{.text = "", .json = {{"answers", Json::array()}}};
  for (std::size_t i = 0; i < heard.size(); ++i) {
    BoardAnswer answer = board_answer(model, heard[i].outputs, inputs[i]);
    const double seconds = heard[i].readings / rate_of(settings);
    answer.json["seconds"] = seconds;
    result.json["answers"].push_back(std::move(answer.json));
    result.text += line_at(seconds, answer.text);
  }
  return result;
}

Listened listened(const Model& model, const std::vector<Heard>& heard, const Readings& readings) {
  return std::visit([&](const auto& task) { return listened(task, model, heard, readings); }, info_of(model).task);
}

BoardAnswer explanation(const Model& model) {
  return std::visit([&](const auto& task) { return explanation(task, model); }, info_of(model).task);
}

}  // namespace dragonet
