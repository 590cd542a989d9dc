// From a model as its file has it to the same model in the forms that everything else here knows. Each function takes a
// model of which the reader has checked indices, shapes, scales and buffers, and leaves a remark of what the giver of
// the file should know.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/model.h"

namespace dragonet {

/// A resource variable's name in the file.
struct Handle {
  std::string container, name;
};

/// One graph of a file as it stands there: VAR_HANDLE, CALL_ONCE, READ_VARIABLE and ASSIGN_VARIABLE are nodes like
/// others.
struct FileGraph {
  Model model;
  std::vector<bool> is_free;      // per tensor: the file leaves a side of its shape open
  std::map<int, Handle> handles;  // tensors that stand for variables
};

struct FileGraphs {
  FileGraph main;
  std::vector<FileGraph> initializers;  // what it calls once, before the first inference
};

/// The main graph with a variable tensor for each resource variable, which begins with what the initializers assign; is
/// left are nodes that read and assign them. Throws Error where a first value cannot be worked out.
[[nodiscard]] Model with_variables(const FileGraphs& graphs);

/// Is this an operator that with_variables understands, though it may not be among those that run?
bool is_of_variables(const std::string& op);

/// Weights in half precision become float32, whether a node widens them (DEQUANTIZE, CAST) or an operator takes them as
/// they are. Throws Error where the model computes in half precision.
[[nodiscard]] Model with_halves_widened(Model model);

/// Dynamic-range quantization: integer weights of nodes that compute in float32 become float32.
[[nodiscard]] Model with_float_weights(Model model);

/// Quantization of TensorFlow 1: what is uint8 becomes int8, exactly, 128 lower. The model's own inputs and outputs
/// stay uint8: a node turns them.
[[nodiscard]] Model with_int8_for_uint8(Model model);

/// What depends on shapes and constants alone becomes a constant: SHAPE, and what is worked out from it for RESHAPE,
/// TRANSPOSE_CONV and others. `is_free`: per tensor, true where the file leaves a side of its shape open.
[[nodiscard]] Model with_shapes_folded(Model model, const std::vector<bool>& is_free);

/// Is this an operator that with_shapes_folded works out, though it may not run on a chip?
bool is_folded(const std::string& op);

/// Long names of layers become what tells them apart.
[[nodiscard]] Model with_short_names(Model model);

/// Without tensors that nothing names.
[[nodiscard]] Model without_unused_tensors(Model model);

/// Takes out the nodes for which `is_done` holds, and numbers the others anew.
void erase_nodes(Model& model, const std::vector<bool>& is_done);

}  // namespace dragonet
