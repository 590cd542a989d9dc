#include "learn/conversion.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "learn/raw_inputs.h"
#include "learn/training.h"
#include "model/codec.h"
#include "model/model_info.h"
#include "ops/check.h"
#include "quantize/quantize.h"
#include "tflite/tflite.h"

namespace dragonet {

FeatureSettings features_of(const Model& model) {
  if (const FeatureSettings features = info_of(model).features; has_kind(features)) return features;
  const Shape& shape = model.tensors[model.inputs[0]].shape;
  if (shape.size() != 4 || shape[0] != 1 || (shape[3] != 1 && shape[3] != 3))
    throw Error({model.source, fmt::format("its input is {}, which is no picture", text_of(shape)),
                 "give raw float32 tensors of that shape with --inputs FILE"});
  return ImageFeatureSettings{.height = shape[1], .width = shape[2], .channels = shape[3]};
}

static void require_float(const Model& model) {
  const Tensor& input = model.tensors[model.inputs[0]];
  if (input.dtype != DType::float32)
    throw Error({model.source, fmt::format("its input is {} already", name_of(input.dtype)),
                 "`dragonet compile` takes it as it is"});
}

static Model read_float_model(const fs::path& file) {
  Model model = read_tflite(file);
  check_supported(model);
  require_float(model);
  check_features(model);
  return model;
}

static Converted save_converted(Model int8, ModelInfo info, std::size_t samples, const fs::path& out) {
  info.model_hash = weights_hash(int8);
  set_info(int8, info);
  const Bytes bytes = serialize_tflite(int8);
  write_file(out, bytes);
  return {bytes.size(), samples};
}

Converted convert_with_pictures(const fs::path& file, const fs::path& pictures, const fs::path& out,
                                const Observer& observer) {
  const Model model = read_float_model(file);
  ModelInfo info = info_of(model);
  info.features = features_of(model);
  const Samples samples = load_samples(pictures, {}, info.features, {}, observer);
  Indices all(samples.dataset.samples.size());
  std::iota(all.begin(), all.end(), 0);
  return save_converted(quantize_for_features(model, samples, all, "converting", observer), info, all.size(), out);
}

Converted convert_with_inputs(const fs::path& file, const fs::path& inputs, const fs::path& out) {
  const Model model = read_float_model(file);
  std::vector<std::vector<float>> samples;
  for (const Bytes& raw : read_raw_inputs(inputs, model)) {
    const std::vector<float>& reals = samples.emplace_back(floats_in(raw));
    if (!std::ranges::all_of(reals, [](float real) { return std::isfinite(real); }))
      throw Error({inputs.string(), fmt::format("tensor {} holds what is no number", samples.size() - 1),
                   "give the raw float32 tensors that the model takes"});
  }
  return save_converted(quantize(model, samples, {}, {}, true), info_of(model), samples.size(), out);
}

}  // namespace dragonet
