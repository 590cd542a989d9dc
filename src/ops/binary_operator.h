#pragma once

#include "ops/emit.h"

namespace dragonet {

// Operators of two tensors, value by value, with NumPy's broadcasting: shapes are aligned at their last dimension, and
// where one has 1 or none, its values are repeated.

/// Two inputs of one type whose shapes go together. In words.
Problems check_pair(const Model& model, const Node& node);

/// The same, of the output's type, and with one scale each where that has scales.
Problems check_binary(const Model& model, const Node& node, std::initializer_list<DType> types);
Shape broadcast_shape(const Model& model, const Node& node);
Rows broadcast_rows(const Model& model, const Node& node, int input, int y);

/// For each value of the output, where in the inputs its operands are.
struct Pair {
  std::size_t first, second;
};
std::vector<Pair> pairs_of(const Model& model, const Node& node);

/// The reference: each output value is of(a, b).
template <typename T, typename Out = T, typename Function>
void run_pairs(const Model& model, const Node& node, TensorBytes& bytes, Function of) {
  const auto *first = data_of<T>(bytes, node.inputs[0]), *second = data_of<T>(bytes, node.inputs[1]);
  auto* out = data_of<Out>(bytes, node.outputs[0]);
  for (const Pair& pair : pairs_of(model, node)) *out++ = static_cast<Out>(of(first[pair.first], second[pair.second]));
}

/// Of int32, which is its own value and wraps around, clamped to the node's activation. of(a, b) is of uint32.
template <typename Function>
void run_plain_pairs(const Model& model, const Node& node, TensorBytes& bytes, Function of) {
  const auto [min, max] = plain_activation_range(node);
  run_pairs<std::int32_t>(model, node, bytes, [&, min = min, max = max](std::uint32_t a, std::uint32_t b) {
    return std::clamp(static_cast<std::int32_t>(of(a, b)), min, max);
  });
}

/// The call of firmware/kernels/binary.h with a function of `header`, made of those numbers.
Emitted emit_binary(const Model& model, const Node& node, const std::string& header, const std::string& function,
                    const std::string& numbers);

/// The numbers of a function of int32, and of one of floats, that clamps to the node's activation.
std::string plain_range_numbers(const Node& node);
std::string real_range_numbers(const Node& node);

}  // namespace dragonet
