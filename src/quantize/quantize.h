#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ops/ranges.h"

namespace dragonet {

/// A float32 model as int8, after training: weights symmetric (convolutions one scale per output channel), biases
/// int32, activations affine with the ranges that `samples` reach. Source: TensorFlow Lite 8-bit quantization
/// specification; Jacob et al. 2018, arXiv:1712.05877.
///   model     float32, passes check_supported
///   samples   inputs of the model, each its [elements] reals; some hundred are plenty
///   input     the input's quantization where it is known (features: 1/255 and -128); empty: measured
///   on_sample called after each sample
///   in_turn   samples follow each other, so that what the model keeps goes on from one to the next; else each begins
///   anew
Model quantize(const Model& model, std::span<const std::vector<float>> samples, const Quantization& input,
               const std::function<void(std::size_t)>& on_sample = {}, bool in_turn = false);

/// The ranges that the samples reach, as above: of each tensor of the model.
Ranges measure_ranges(const Model& model, std::span<const std::vector<float>> samples,
                      const std::function<void(std::size_t)>& on_sample = {}, bool in_turn = false);

/// The same with ranges that are known, as training with rounded values found them (train_rounded): one for each tensor
/// of the model.
Model quantize(const Model& model, const Ranges& ranges, const Quantization& input);

}  // namespace dragonet
