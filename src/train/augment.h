#pragma once

#include <ATen/ATen.h>

#include "train/augmentation.h"

namespace dragonet {

/// The samples, each changed anew as `augmentation` says.
///   samples, returned  [batch, channels, height, width]    float32
///   noise              the same: for each sample a recording of background, of sounds; undefined: noise is made up
///   random             is drawn from, with the same settings always the same number of times; what is 0 costs nothing
at::Tensor augment(const at::Tensor& samples, const Augmentation& augmentation, const at::Generator& random,
                   const at::Tensor& noise = {});

}  // namespace dragonet
