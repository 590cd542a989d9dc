#pragma once

#include "ops/emit.h"

namespace dragonet {

/// An operator that makes each output value of the input value in its place. Of int8 it becomes a table of 256 answers.
struct Unary {
  std::int32_t (*integer)(const Model&, const Node&, std::int32_t q);  // the output's q
  float (*real)(const Node&, float x) = nullptr;
};
void run_unary(const Unary& unary, const Model& model, const Node& node, TensorBytes& bytes);

/// The call of firmware/kernels/lookup.h, for an input of bytes.
Emitted emit_lookup(const Unary& unary, const Model& model, const Node& node);

/// The call of firmware/kernels/unary.h with a function of another header, made of those numbers.
Emitted emit_unary(const Model& model, const Node& node, const std::string& header, const std::string& function,
                   const std::string& numbers);

/// input scale / output scale, and the numbers of the kernel's Requantize that keeps within `range`.
double scale_factor(const Model& model, const Node& node);
std::string requantize_numbers(const Model& model, const Node& node, Range range);

/// What is wrong, in words, with that factor: an input value times it must fit in 32 bits after the kernel's shift.
Problems check_rescale(const Model& model, const Node& node, double factor);

/// All that a type of integers holds; the i-th integer of a tensor's bytes, whatever its type.
Range range_of(DType dtype);
std::int32_t integer_at(DType dtype, const std::vector<std::uint8_t>& bytes, std::size_t i);
void set_integer(DType dtype, std::vector<std::uint8_t>& bytes, std::size_t i, std::int32_t value);

}  // namespace dragonet
