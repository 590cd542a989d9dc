#pragma once

#include <functional>
#include <map>
#include <span>

#include "ops/operator.h"

namespace dragonet {

/// The bytes of a model's variables, by tensor: what it keeps from one inference to the next.
using ModelState = std::map<int, std::vector<std::uint8_t>>;

/// As it is before the first inference and after a reset: what the file says, or zeros, of int8 what stands for zero.
/// Empty: it keeps nothing.
ModelState initial_state(const Model& model);
std::vector<std::uint8_t> initial_value(const Tensor& variable);
bool keeps_state(const Model& model);

/// Runs a model's nodes one after another with their references. `input` is the bytes of all input tensors, back to
/// back, each in its own dtype; the model must have passed check_supported. Returns the bytes of every tensor. It
/// begins anew, or goes on from `state` and leaves there what the next inference goes on from.
TensorBytes run_reference(const Model& model, std::span<const std::uint8_t> input);
TensorBytes run_reference(const Model& model, std::span<const std::uint8_t> input, ModelState& state);

/// The same, and of that only the first output's bytes.
std::vector<std::uint8_t> reference_output(const Model& model, std::span<const std::uint8_t> input);
std::vector<std::uint8_t> reference_output(const Model& model, std::span<const std::uint8_t> input, ModelState& state);

/// All inputs as a chip is given them, the state going on from one to the next: work(i, bytes of every tensor), from
/// several threads where nothing is kept.
void run_references(const Model& model, std::span<const std::vector<std::uint8_t>> inputs,
                    const std::function<void(std::size_t, TensorBytes&&)>& work);

}  // namespace dragonet
