// The ranges of a float model's tensors, as they become scales of int8. Conversion and the training that prepares for
// it share them, so that what was trained with is what runs.
#pragma once

#include <initializer_list>
#include <span>
#include <vector>

#include "model/model.h"
#include "ops/shared_scales.h"

namespace dragonet {

struct RealInterval {
  float min = 0, max = 0;  // holds 0 always: padding and ReLU need it exact
  void widen(std::initializer_list<float> values);
  void widen(std::span<const float> values);
};

/// One for each of a model's tensors; constants' are not looked at.
using Ranges = std::vector<RealInterval>;

/// The scale for a range of `steps` steps. A tensor that is always 0 may have any; none is so small that a bias's
/// scale, which is the product of two, is no normal float.
float scale_of(float range, int steps);

/// Of int8 activations. Source: TensorFlow Lite 8-bit quantization specification.
Quantization affine(RealInterval interval);

/// Per tensor: true if its operator only passes values on. These lie in the input's range, and a value that it pads
/// with is cut off there.
std::vector<bool> passed_on(const Model& model);

/// By group: what its tensors reach together, but for those that are passed on. With an output that has to be symmetric
/// among them as much below 0 as above, so that `affine` gives it the zero point 0.
Ranges united(const Model& model, const SharedScales& scales, const Ranges& ranges);

}  // namespace dragonet
