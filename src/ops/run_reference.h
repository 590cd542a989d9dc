#pragma once

#include <span>

#include "ops/operator.h"

namespace dragonet {

/// Runs a model's nodes one after another with their references. `input` is the bytes of all input tensors, back to
/// back, each in its own dtype; the model must have passed check_supported. Returns the bytes of every tensor.
TensorBytes run_reference(const Model& model, std::span<const std::uint8_t> input);

/// The same, and of that only the first output's bytes.
std::vector<std::uint8_t> reference_output(const Model& model, std::span<const std::uint8_t> input);

}  // namespace dragonet
