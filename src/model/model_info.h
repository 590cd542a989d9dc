#pragma once

#include <string>
#include <vector>

#include "data/task.h"
#include "features/settings.h"
#include "model/model.h"

namespace dragonet {

/// What the model knows of its own purpose, from metadata "dragonet.json"; empty in other people's models.
struct ModelInfo {
  std::vector<std::string> labels;  // of a regression: what its outputs are called
  FeatureSettings features;
  AnswerSettings answers;
  Task task = {};
  std::string data_hash, model_hash;  // SHA-256 in hex of the samples' files and of the weights
};
ModelInfo info_of(const Model& model);
void set_info(Model& model, const ModelInfo& info);

/// Metadata are anybody's, and buffers are sized by them: throws Error if their features are not what the input takes,
/// or their task not what the output gives.
void check_features(const Model& model);

/// Do the model's features run on the chip? They are int8; a float model of the same samples takes its own tensors
/// only.
bool has_features(const Model& model);

/// The scale of features, which is that of the model's input.
Quantization quantization_of(const FeatureSettings& features);

}  // namespace dragonet
