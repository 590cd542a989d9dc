#include "model/model_info.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "features/settings_json.h"
#include "model/anomaly_distance.h"

namespace dragonet {

static constexpr const char* info_key = "dragonet.json";

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
    info.task = task_named(json.value("task", "")).value_or(Task());
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

/// The output is as large as the centres or, where there are none, as the input.
static void check_distance(const Model& model) {
  const Tensor &input = model.tensors[model.inputs[0]], &output = model.tensors[model.outputs[0]];
  if (const std::string fault = centres_fault(model); !fault.empty()) refuse_task(model, fault);
  if (anomaly_centres(model).empty() && element_count(output.shape) != element_count(input.shape))
    refuse_task(model, fmt::format("says that the model gives back its input, of {} values, and it gives {}",
                                   element_count(input.shape), element_count(output.shape)));
  if (const auto names = info_of(model).labels; names.size() != first_names(info_of(model).task).size())
    refuse_task(model, fmt::format("names {} labels, and an anomaly's model has two", names.size()));
  if (output.dtype == DType::int8 && (input.quantization.scale.empty() || output.quantization.scale.empty()))
    refuse_task(model, "says that the model measures a distance, and its input or output has no scale");
}

/// Each number has a name.
static void check_numbers(const Model& model) {
  const std::int64_t names = std::ssize(info_of(model).labels);
  const std::int64_t outputs = element_count(model.tensors[model.outputs[0]].shape);
  if (names != outputs) refuse_task(model, fmt::format("names {} numbers, and the model gives {}", names, outputs));
}

static void check_task(const Model& model) {
  const Task task = info_of(model).task;
  if (measures_distance(task)) check_distance(model);
  if (has_numbers(task)) check_numbers(model);
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
  return has_kind(info_of(model).features) && model.tensors[model.inputs[0]].dtype == DType::int8;
}

void set_info(Model& model, const ModelInfo& info) {
  nlohmann::ordered_json json{{"labels", info.labels}, {"data_hash", info.data_hash}, {"model_hash", info.model_hash}};
  json.update(features_json(info.features));
  if (info.answers != AnswerSettings()) json["answers"] = answers_json(info.answers);
  if (!is_same_task(info.task, {})) json["task"] = word_of(info.task);
  // Labels are names of folders, which need not be UTF-8; JSON must.
  model.metadata[info_key] = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Quantization quantization_of(const FeatureSettings& features) {
  const auto [zero_point, steps] = scale_of(features);
  return {{1 / steps}, {zero_point}, 0};
}

}  // namespace dragonet
