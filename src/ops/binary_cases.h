// Random models of one operator of two tensors, whose shapes are broadcast to one.
#pragma once

#include "ops/op_cases.h"
#include "ops/quantized.h"

namespace dragonet::testing {

/// Two shapes that make `whole`: leading dimensions left out, others 1, in one of the two only.
inline std::pair<Shape, Shape> parts_of(RandomModels& random, const Shape& whole) {
  Shape first = whole, second = whole;
  if (random.one_in(3)) return {first, second};
  for (std::size_t axis = 0; axis < whole.size(); ++axis)
    if (random.one_in(2)) (random.one_in(3) ? first : second)[axis] = 1;
  Shape& lower = random.one_in(3) ? first : second;
  while (lower.size() > 1 && lower[0] == 1 && random.one_in(2)) lower.erase(lower.begin());
  return {first, second};
}

/// The output quantized as `out` says of both inputs; one of them is a constant one time in three.
template <typename Out>
Model random_pairs(RandomModels& random, const std::string& op, DType type, const Shape& whole, Out out,
                   const Attributes& attributes = {}) {
  const auto [first, second] = parts_of(random, whole);
  std::vector<Tensor> inputs{random.tensor(type, first), random.tensor(type, second)};
  inputs[0].name = "first", inputs[1].name = "second";
  const Quantization quantization = is_quantized(type) ? out(inputs[0], inputs[1]) : Quantization{};
  if (random.one_in(3)) {
    Tensor& constant = inputs[random.one_in(3) ? 0 : 1];
    constant = random.with_values(constant);
  }
  return one_node(op, inputs, attributes, {{.name = "out", .dtype = type, .quantization = quantization}});
}

inline Attributes activation(std::int64_t number) { return {{"fused_activation_function", number}}; }

/// op(a, b) of int8, one value each, with scales of their own.
inline int of_two(const std::string& op, int a, const Quantization& first, int b, const Quantization& second,
                  const Quantization& out, const Attributes& attributes = {}) {
  const auto tensor = [](const Quantization& q) { return Tensor{"t", DType::int8, {1, 1}, q, {}}; };
  return run(one_node(op, {tensor(first), tensor(second)}, attributes, {tensor(out)}), {a, b})[0];
}

/// op of integers of those shapes and type, each as its real value; the inputs back to back.
template <typename T>
std::vector<T> of_plain(const std::string& op, DType dtype, const Shape& first, const Shape& second,
                        const std::vector<T>& in, const Quantization& quantization = plain) {
  const auto tensor = [&](const Shape& shape) { return Tensor{"t", dtype, shape, quantization, {}}; };
  const Model model = one_node(op, {tensor(first), tensor(second)}, {}, {tensor({})});
  check_supported(model);
  Tensor bytes;
  set_values<T>(bytes, in);
  Tensor out;
  out.data = reference_output(model, bytes.data);
  return {values<T>(out).begin(), values<T>(out).end()};
}

}  // namespace dragonet::testing
