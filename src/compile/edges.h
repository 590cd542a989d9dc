#pragma once

#include <span>

#include "model/model.h"

namespace dragonet {

// Other people's models often take float32 or uint8 and begin by quantizing it to int8, and end with the reverse. The
// chip has no use for either: its input and output are int8, and the header says their scales. The host converts.

/// Without the quantize node that its input goes into, and the quantize or dequantize node that its output comes from.
Model without_edges(const Model& model);

/// Between the bytes of the file's own input and output and those of without_edges(model).
std::vector<std::uint8_t> inner_input(const Model& model, std::span<const std::uint8_t> input);
std::vector<std::uint8_t> outer_output(const Model& model, std::span<const std::uint8_t> output);

}  // namespace dragonet
