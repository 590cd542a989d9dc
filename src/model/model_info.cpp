#include "model/model_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "features/settings_json.h"

namespace dragonet {

static constexpr const char* info_key = "dragonet.json";

static Task task_from(const std::string& word) {
  const auto found = std::ranges::find(task_words(), word);
  return found == task_words().end() ? Task::classification : static_cast<Task>(found - task_words().begin());
}

ModelInfo info_of(const Model& model) {
  const auto found = model.metadata.find(info_key);
  if (found == model.metadata.end()) return {};
  const auto json = nlohmann::json::parse(found->second, nullptr, false);
  if (!json.is_object()) return {};  // somebody else's entry of the same name
  ModelInfo info;
  try {
    info.labels = json.value("labels", info.labels);
    info.data_hash = json.value("data_hash", "");
    info.model_hash = json.value("model_hash", "");
    info.task = task_from(json.value("task", ""));
    info.features = features_from(json);
    info.answers = answers_from(json);
  } catch (const nlohmann::json::exception&) {
    return {};
  }
  return info;
}

[[noreturn]] static void refuse_task(const Model& model, const std::string& what) {
  throw Error({model.source + ", metadata dragonet.json", what, "train or convert it again"});
}

/// What gives back its input must be as large; and each number has a name.
static void check_task(const Model& model) {
  const ModelInfo info = info_of(model);
  if (info.task == Task::classification) return;
  const Tensor &input = model.tensors[model.inputs[0]], &output = model.tensors[model.outputs[0]];
  const std::int64_t outputs = element_count(output.shape);
  const bool is_int8 = output.dtype == DType::int8;
  if (info.task == Task::anomaly && outputs != element_count(input.shape))
    refuse_task(model, fmt::format("says that the model gives back its input, of {} values, and it gives {}",
                                   element_count(input.shape), outputs));
  if (info.task == Task::anomaly && info.labels.size() != 2)
    refuse_task(model, fmt::format("names {} labels, and an anomaly's model has two", info.labels.size()));
  if (info.task == Task::anomaly && is_int8 && (input.quantization.scale.empty() || output.quantization.scale.empty()))
    refuse_task(model, "says that the model gives back its input, and one of the two has no scale");
  if (info.task == Task::regression && std::ssize(info.labels) != outputs)
    refuse_task(model, fmt::format("names {} numbers, and the model gives {}", info.labels.size(), outputs));
}

void check_features(const Model& model) {
  check_task(model);
  const FeatureShape shape = shape_of(info_of(model).features);
  const Shape &input = model.tensors[model.inputs[0]].shape, expected{1, shape.height, shape.width, shape.channels};
  if (shape.height != 0 && input != expected)
    throw Error({model.source + ", metadata dragonet.json",
                 fmt::format("says that features are {}, and the input is {}", text_of(expected), text_of(input)),
                 "train or convert it again"});
}

bool has_features(const Model& model) {
  return kind_of(info_of(model).features)[0] && model.tensors[model.inputs[0]].dtype == DType::int8;
}

void set_info(Model& model, const ModelInfo& info) {
  nlohmann::ordered_json json{{"labels", info.labels}, {"data_hash", info.data_hash}, {"model_hash", info.model_hash}};
  json.update(features_json(info.features));
  if (info.answers != AnswerSettings()) json["answers"] = answers_json(info.answers);
  if (info.task != Task::classification) json["task"] = word_of(info.task);
  // Labels are names of folders, which need not be UTF-8; JSON must.
  model.metadata[info_key] = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Quantization quantization_of(const FeatureSettings& features) {
  const auto [zero_point, steps] = scale_of(features);
  return {{1 / steps}, {zero_point}, 0};
}

}  // namespace dragonet
