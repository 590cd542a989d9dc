#pragma once

#include <ATen/ATen.h>

#include "train/train.h"

namespace dragonet {

/// The images, each moved, mirrored, brightened and disturbed anew; what moves in from outside repeats the border.
///   images, returned  [batch, channels, height, width]    float32, 0..1
/// Draws from torch's generator, always the same number of times.
at::Tensor augment(const at::Tensor& images, const Augmentation& augmentation);

}  // namespace dragonet
