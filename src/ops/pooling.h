#pragma once

#include <algorithm>

#include "ops/emit.h"
#include "ops/sliding_window.h"

namespace dragonet {

// What average and max pooling share: everything but what they do with the cells under the window.

Window pool_window(const Model& model, const Node& node);
Problems check_pool(const Model& model, const Node& node);
Shape pool_shape(const Model& model, const Node& node);
Rows pool_rows(const Model& model, const Node& node, int, int y);
Emitted emit_pool(const Model& model, const Node& node, const std::string& kernel);

/// Calls combine(cells) with the cells inside the window, for every output, then applies the fused activation.
template <typename T, typename Combine>
void run_pool_of(const Model& model, const Node& node, TensorBytes& bytes, Combine combine, T min, T max) {
  const Window w = pool_window(model, node);
  const T* in = data_of<T>(bytes, node.inputs[0]);
  T* out = data_of<T>(bytes, node.outputs[0]);
  for (int y = 0; y < w.out_h; ++y)
    for (int x = 0; x < w.out_w; ++x)
      for (int c = 0; c < w.out_c; ++c) {
        std::vector<T> cells;
        for (int ky = 0; ky < w.kernel_h; ++ky)
          for (int kx = 0; kx < w.kernel_w; ++kx)
            if (w.is_inside(w.in_y(y, ky), w.in_x(x, kx)))
              cells.push_back(in[(w.in_y(y, ky) * w.in_w + w.in_x(x, kx)) * w.in_c + c]);
        *out++ = std::clamp(combine(cells), min, max);
      }
}

/// The same in the node's type: int8, int16 or float32.
template <typename Combine>
void run_pool(const Model& model, const Node& node, TensorBytes& bytes, Combine combine) {
  with_type(model.input(node, 0).dtype, [&](auto zero) {
    using T = decltype(zero);
    if (model.input(node, 0).dtype == DType::float32) {
      const auto [min, max] = real_activation_range(node);
      return run_pool_of<T>(model, node, bytes, combine, static_cast<T>(min), static_cast<T>(max));
    }
    const auto [min, max] = activation_range(node, model.output(node));
    run_pool_of<T>(model, node, bytes, combine, static_cast<T>(min), static_cast<T>(max));
  });
}

}  // namespace dragonet
