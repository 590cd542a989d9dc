#pragma once

#include "ops/emit.h"
#include "ops/indices.h"

namespace dragonet {

// Operators that make one value of many along some dimensions, which stay as 1 (keep_dims) or go. Their second operand
// is those dimensions.

/// What is wrong with the axes and rows, in words. Input and output have been checked.
Problems check_axes(const Model& model, const Node& node);
Shape reduced_shape(const Model& model, const Node& node);
Rows reduction_rows(const Model& model, const Node& node, int input, int y);

/// How many values go into one.
std::int64_t reduced_count(const Model& model, const Node& node);

/// For each value of the input, in their order, which value of the output it goes into.
std::vector<std::int64_t> reduced_places(const Model& model, const Node& node);

/// The reference: of each output value, what `with` makes of `begin` and its input values in their order.
template <typename Value, typename Sum, typename With>
std::vector<Sum> reduced(const Model& model, const Node& node, TensorBytes& bytes, Sum begin, With with) {
  std::vector<Sum> sums(element_count(model.output(node).shape), begin);
  const auto* in = reinterpret_cast<const Value*>(bytes[node.inputs[0]].data());
  for (const std::int64_t place : reduced_places(model, node)) sums[place] = with(sums[place], *in++);
  return sums;
}

/// The call of firmware/kernels/reduce.h with one of its kinds, and that kind's own numbers.
///   stored  the type of what is kept while rows come one after another; "": they are not taken so
Emitted emit_reduction(const Model& model, const Node& node, const std::string& kind, const std::string& numbers,
                       const std::string& stored, std::size_t stored_bytes);

}  // namespace dragonet
