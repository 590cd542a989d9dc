#pragma once

#include "ops/emit.h"

namespace dragonet {

// Operators whose output is the input's bytes under another shape. Nothing runs; the planner gives both the same place.

inline Rows all_rows(const Model& model, const Node& node, int, int) {
  return {0, rows_of(model.input(node, 0)).count};
}

inline void copy_bytes(const Model&, const Node& node, TensorBytes& bytes) {
  bytes[node.outputs[0]] = bytes[node.inputs[0]];
}

inline Emitted nothing_runs(const Model&, const Node&) { return {}; }

inline Operator same_bytes(const char* name, const char* options, Problems (*check)(const Model&, const Node&),
                           Shape (*shape)(const Model&, const Node&)) {
  return {.name = name,
          .options = options,
          .version = 1,
          .dtypes = "any",
          .check = check,
          .shape = shape,
          .rows = all_rows,
          .reference = copy_bytes,
          .emit = nothing_runs,
          .quantization = {.output_as_input = true},
          .in_place = true};
}

}  // namespace dragonet
