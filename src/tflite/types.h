#pragma once

#include <optional>
#include <string>

#include "model/model.h"
#include "tflite_generated.h"

namespace dragonet {

/// Between the format's names and ours.
tflite::TensorType to_tflite(DType dtype);
std::optional<DType> from_tflite(tflite::TensorType type);          // none: a type that we do not have
tflite::BuiltinOperator builtin_operator(const std::string& name);  // "conv_2d" -> CONV_2D
std::string operator_name(int code);                                // 3 -> "conv_2d"; "builtin operator 250" if unknown

}  // namespace dragonet
