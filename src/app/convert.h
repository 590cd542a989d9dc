#pragma once

#include "app/samples.h"

namespace dragonet {

struct Converted {
  std::size_t bytes = 0, samples = 0;
};

/// Reads a float32 model, quantizes it with pictures of `samples` as its input, writes an int8 .tflite.
/// A model without features of its own takes pictures of its input's size, as reals 0..1.
/// Throws Error if the model is not supported, is int8 already, or does not take pictures.
Converted convert_file(const fs::path& model, const fs::path& samples, const fs::path& out);

}  // namespace dragonet
