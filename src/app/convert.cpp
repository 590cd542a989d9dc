#include "app/convert.h"

#include <fmt/format.h>

#include "app/pipeline.h"
#include "ops/check.h"
#include "tflite/tflite.h"

namespace dragonet {

/// The features that a model's metadata name, or else those that its input's shape asks for.
static ImageFeatureSettings features_of(const Model& model) {
  if (const ImageFeatureSettings image = info_of(model).image; image.height > 0) return image;
  const Shape& shape = model.tensors[model.inputs[0]].shape;
  if (shape.size() != 4 || shape[0] != 1 || (shape[3] != 1 && shape[3] != 3))
    throw Error({model.source, fmt::format("its input is {}, which is no picture", text_of(shape)),
                 "only models of pictures, 1xHxWx1 or 1xHxWx3, can be converted"});
  return {.height = shape[1], .width = shape[2], .channels = shape[3]};
}

static void require_float(const Model& model) {
  const Tensor& input = model.tensors[model.inputs[0]];
  if (input.dtype != DType::float32)
    throw Error({model.source, fmt::format("its input is {} already", name_of(input.dtype)),
                 "`dragonet compile` takes it as it is"});
}

Converted convert_file(const fs::path& file, const fs::path& folder, const fs::path& out) {
  const Model model = read_tflite(file);
  require_float(model);
  check_supported(model);
  check_image(model);
  const ImageFeatureSettings image = features_of(model);
  const Samples samples = load_samples(folder, {}, image);
  Indices all;
  for (std::size_t i = 0; i < samples.dataset.samples.size(); ++i) all.push_back(static_cast<int>(i));
  Model int8 = quantize_for_pictures(model, samples, all, "converting");
  ModelInfo info = info_of(model);
  info.image = image;
  info.model_hash = weights_hash(int8);
  set_info(int8, info);
  const Bytes bytes = serialize_tflite(int8);
  write_file(out, bytes);
  return {bytes.size(), all.size()};
}

}  // namespace dragonet
