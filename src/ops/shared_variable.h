#pragma once

#include "ops/emit.h"
#include "ops/run_reference.h"

namespace dragonet {

// READ_VARIABLE and ASSIGN_VARIABLE: memory that several nodes share, which they read and write in their order. The
// bytes are copied as they are, whatever the scale.

/// Input 0 of both.
inline Problems check_variable(const Model& model, const Node& node, const Tensor& values) {
  if (!model.has_input(node, 0) || !model.input(node, 0).is_variable) return {"its input 0 is not a variable"};
  const Tensor& variable = model.input(node, 0);
  if (variable.dtype == values.dtype && variable.shape == values.shape) return {};
  return {fmt::format("its variable {} is {} {}, and its values are {} {}", variable.name, name_of(variable.dtype),
                      text_of(variable.shape), name_of(values.dtype), text_of(values.shape))};
}

/// Conversion to int8 gives the variable the type and scale of what is read from it, and what is assigned the same.
inline constexpr StateRule as_the_output[] = {{.operand = 0}};

/// The chip's memory begins as zeros: it holds the bytes exclusive-or'ed with those that the variable begins with.
inline Emitted emit_variable(const Model& model, const Node& node, const std::string& row) {
  const Tensor& variable = model.input(node, 0);
  const std::vector<std::uint8_t> initial = initial_value(variable);
  const bool is_even = std::ranges::all_of(initial, [&](std::uint8_t byte) { return byte == initial[0]; });
  Emitted code{.header = "variable.h"};
  if (!is_even) {
    const auto* first = reinterpret_cast<const std::int8_t*>(initial.data());
    code.constants = {{"initial", "int8_t", comma_separated(std::vector<std::int8_t>(first, first + initial.size())),
                       initial.size()}};
  }
  code.parameters = fmt::format("Variable $ = {{{}, {}, {}}}", rows_of(variable).bytes, is_even ? "0" : "$_initial",
                                is_even ? static_cast<std::int8_t>(initial[0]) : 0);
  code.row = row;
  code.kept_bytes = variable.bytes();
  code.variable = node.inputs[0];
  return code;
}

}  // namespace dragonet
