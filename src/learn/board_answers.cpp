#include "learn/board_answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "data/normals.h"
#include "model/anomaly_threshold.h"
#include "ops/near.h"
#include "quantize/quantize.h"

namespace dragonet {

/// Its number where the model brings no labels.
static std::string label_text(const std::vector<std::string>& labels, std::ptrdiff_t label) {
  if (label < 0) return "-";
  return label < std::ssize(labels) ? labels[label] : fmt::format("output {}", label);
}

// --- One output

static std::span<const std::int8_t> int8_values(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const std::int8_t*>(bytes.data()), bytes.size()};
}

static std::vector<float> reals_in(const Tensor& tensor, std::span<const std::uint8_t> bytes) {
  if (tensor.dtype == DType::int8) return dequantized(int8_values(bytes), tensor.quantization);
  const std::vector<double> numbers = numbers_in(tensor, bytes);
  return {numbers.begin(), numbers.end()};
}

/// The label of the largest score.
static BoardAnswer best_label(const std::vector<float>& scores, const std::vector<std::string>& labels) {
  const std::ptrdiff_t best = std::ranges::max_element(scores) - scores.begin();
  const bool has_names = labels.size() == scores.size();
  const std::string label = label_text(has_names ? labels : std::vector<std::string>{}, best);
  return {.text = label, .json = {{"label", label}}};
}

static BoardAnswer numbers(const std::vector<float>& numbers, const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    text += fmt::format("{}{} {:.4g}", i ? ", " : "", i < names.size() ? names[i] : "output", numbers[i]);
  return {.text = text, .json = {{"numbers", numbers}}};
}

static BoardAnswer anomaly(const Model& model, std::span<const std::uint8_t> output,
                           std::span<const std::int8_t> features) {
  const double score = anomaly_score(model, features, int8_values(output));
  const bool is_anomaly = score > anomaly_threshold(model);
  return {.text = fmt::format("score {:.4g}, {}", score, is_anomaly ? "an anomaly" : "normal"),
          .json = {{"score", score}, {"anomaly", is_anomaly}}};
}

BoardAnswer board_answer(const Model& model, std::span<const std::uint8_t> output,
                         std::span<const std::int8_t> features) {
  const ModelInfo info = info_of(model);
  if (info.task == Task::anomaly) return anomaly(model, output, features);
  const std::vector<float> values = reals_in(model.tensors[model.outputs[0]], output);
  if (info.task == Task::regression) return numbers(values, info.labels);
  return best_label(values, info.labels);
}

// --- A recording

static std::string line(double seconds, const std::string& text) {
  return fmt::format("  {:>9}  {}\n", fmt::format("{:.2f} s", seconds), text);
}

/// Where the chip's debounced label changes.
static Listened label_changes(const std::vector<Heard>& heard, const std::vector<std::string>& labels, double rate_hz) {
  Listened result{.text = "", .json = {{"changes", Json::array()}}};
  int label = -1;
  for (const Heard& answer : heard) {
    if (answer.label == label) continue;
    label = answer.label;
    const std::string text = label_text(labels, label);
    result.json["changes"].push_back({{"seconds", answer.readings / rate_hz}, {"label", text}});
    result.text += line(answer.readings / rate_hz, text);
  }
  if (result.text.empty()) result.text = "  no answer reached its threshold\n";
  return result;
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

static Listened every_answer(const Model& model, const std::vector<Heard>& heard, const Readings& readings) {
  const FeatureSettings settings = info_of(model).features;
  const std::vector<std::int8_t> rows = listened_features(readings, settings);
  const auto inputs = inputs_of(heard, rows, settings);
  Listened result{.text = "", .json = {{"answers", Json::array()}}};
  for (std::size_t i = 0; i < heard.size(); ++i) {
    BoardAnswer answer = board_answer(model, heard[i].outputs, inputs[i]);
    if (answer.json.contains("anomaly")) answer.json["anomaly"] = heard[i].label == anomaly_label;  // as the chip said
    const double seconds = heard[i].readings / rate_of(settings);
    answer.json["seconds"] = seconds;
    result.json["answers"].push_back(std::move(answer.json));
    result.text += line(seconds, answer.text);
  }
  return result;
}

Listened listened(const Model& model, const std::vector<Heard>& heard, const Readings& readings) {
  const ModelInfo info = info_of(model);
  if (info.task != Task::classification) return every_answer(model, heard, readings);
  return label_changes(heard, info.labels, rate_of(info.features));
}

}  // namespace dragonet
