#pragma once

#include <map>
#include <vector>

#include "model/model.h"

namespace dragonet {

/// Which tensors must have one scale and zero point: a pool's input and output, all inputs of a concatenation.
struct SharedScales {
  std::vector<int> next;                   // per tensor another of its group, or itself: then it stands for the group
  std::map<int, Quantization> prescribed;  // by group, where features or the specification do
  int group_of(int tensor) const;
  const Quantization* prescription_of(int tensor) const;  // of its group; null: none
};

/// Inputs of a concatenation whose scale is prescribed stay out of the others' group, unless all have the same.
///   input  the model's input's quantization where it is known
SharedScales share_scales(const Model& model, const Quantization& input);

}  // namespace dragonet
