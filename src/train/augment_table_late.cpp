#include "train/augment.h"

namespace dragonet {

bool is_off(const TableAugmentation& a) { return a.noise == 0; }

at::Tensor augmented(const at::Tensor& rows, const TableAugmentation& a, const at::Generator& random,
                     const at::Tensor&) {
  return rows + at::randn(rows.sizes(), random) * a.noise;
}

}  // namespace dragonet
