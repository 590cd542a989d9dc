#pragma once

#include "project/samples.h"

namespace dragonet {

struct Converted {
  std::size_t bytes = 0, samples = 0;
};

/// The features that a model's metadata name, or else those that its input's shape asks for.
FeatureSettings features_of(const Model& model);

/// Reads a float32 model, quantizes it with samples of what it will see, writes an int8 .tflite.
/// Throws Error if the model is not supported or is int8 already.
///   pictures   a folder of <label>/<picture>; a model without features of its own takes them at its input's size, as
///              reals 0..1
Converted convert_with_pictures(const fs::path& file, const fs::path& pictures, const fs::path& out,
                                const Observer& observer = {});
///   inputs     a file of raw float32 input tensors, back to back
Converted convert_with_inputs(const fs::path& file, const fs::path& inputs, const fs::path& out);

}  // namespace dragonet
