#include "train/augment.h"

namespace dragonet {

at::Tensor augment(const at::Tensor& samples, const Augmentation& augmentation, const at::Generator& random,
                   const at::Tensor& noise) {
  const auto change = [&](const auto& kind) {
    return is_off(kind) ? samples : augmented(samples.contiguous(), kind, random, noise);
  };
  return std::visit(change, augmentation);
}

}  // namespace dragonet
