#pragma once

#include <span>

#include "base/files.h"
#include "model/model.h"

namespace dragonet {

/// Reads a .tflite file, or one that a C source holds as an array (c_array.h). Nothing of it is believed before it is
/// checked: FlatBuffers' verifier first, then every index, shape, buffer and scale, and that each value is made before
/// it is used. Throws Error with everything that was wrong. Operators are named, not judged: check_supported
/// (ops/check.h) does that.
Model read_tflite(const fs::path& path);
Model parse_tflite(std::span<const std::uint8_t> file, const std::string& source);

/// The model as a .tflite file, loadable by TensorFlow Lite: schema version 3, metadata entries as they are.
Bytes serialize_tflite(const Model& model);

}  // namespace dragonet
