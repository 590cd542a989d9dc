#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/model.h"

namespace dragonet {

/// Rows of the input, counted from the top; may reach outside it, into the padding. A range of no rows has a `first`
/// all the same: an output row that needs nothing else is made when that row is there.
struct Rows {
  int first, count;
};

/// The values of a model's tensors while it runs: values[t] holds the bytes of tensor t, constants too.
using TensorBytes = std::vector<std::vector<std::uint8_t>>;

/// What an operator contributes to the emitted code. Expressions in `row` may use:
///   in0, in1..  RowsIn: the rows of its inputs, constants too      y        int: which output row
///   out, out1.. int8_t*: where row y of its outputs goes           scratch  int8_t*: `scratch_bytes`
/// All are aligned to 4; their elements are of the tensors' types, whatever the pointer's.
struct Constant {
  std::string suffix;  // the array is named <layer>_<suffix>
  std::string type;    // "int8_t", "int32_t"
  std::string values;  // comma-separated
  std::size_t bytes;
};
struct Emitted {
  std::string header;               // the kernel's file in firmware/kernels
  std::vector<Constant> constants;  // weights, biases, multipliers, tables
  std::string parameters;           // one `static const` definition; $ stands for the layer's name
  std::string row;                  // a call that makes output row y; $ likewise
  std::size_t scratch_bytes = 0;
  /// For an operator whose one output row needs all input rows: instead of them it can keep sums. A call that takes
  /// input row y, first to last, into `state`, int8_t*, aligned to 4, and makes `out` with the last.
  std::string accumulate = {};
  std::size_t state_bytes = 0;  // of `accumulate`
  /// What is kept from one inference to the next: `kept`, int8_t*, aligned to 4. All zeros is how it begins.
  std::size_t kept_bytes = 0;
  std::string kernel = {};  // the variant's name; "": the plain one
  /// The tensor whose memory `kept` is, where several nodes share it; they have it in their order. -1: the node's own.
  int variable = -1;
};

struct RealInterval;

/// By operand: products of values with constant weights are summed, on top of a constant bias. The weights are int8 and
/// symmetric, the bias is int32 with the scale of the products.
struct WeightedSum {
  int values, weights, bias;  // -1: no bias
  /// Where the values are int16, the weights are, too: the least scale of theirs with which the sums fit 32 bits. Null:
  /// they are int8.
  float (*int16_scale)(const Model&, const Node&) = nullptr;
};

/// A variable: the output of the step before, with its type and scale, or something that no float tensor ever holds.
/// That is int16, its scale a power of two.
struct StateRule {
  int operand;
  /// What it reaches in a float32 node, given the values of the node's input; null: it is the output.
  RealInterval (*reach)(const Model&, const Node&, TensorBytes&) = nullptr;
};

/// How the conversion to int8 treats an operator's tensors.
struct QuantizationRule {
  bool has_weights = false;      // one sum, of its `operands`
  int per_channel_axis = -1;     // of the weights; -1: one scale for all
  bool output_as_input = false;  // scale and zero point pass through, with one_scale those of all inputs
  bool one_scale = false;        // all inputs have the output's
  Quantization fixed_output{};   // where the specification prescribes it
  /// The output's zero point is 0: it is a state too, which some interpreters begin at the byte 0.
  bool symmetric_output = false;
  std::span<const WeightedSum> sums{};  // where they are not the one of `operands`
  std::span<const StateRule> states{};
  /// There is no such operator of int8: it goes on working in floats, between a dequantize and a quantize.
  bool in_float = false;
  int intermediates = 0;  // int8 tensors of the output's scale that the file names besides
  int activation = -1;    // the fused one that TensorFlow Lite's int8 kernel insists on, whatever it then does; -1: any
};

/// The rules of an operator that makes each output value from the input value in its place. They are the defaults.
Shape same_shape(const Model& model, const Node& node);
Rows same_row(const Model& model, const Node& node, int input, int y);
std::int64_t no_macs(const Model& model, const Node& node);

/// Whose instructions a kernel is written for.
enum class KernelCore { any, cortex_m0plus, cortex_m4 };

/// Another kernel for an operator: faster on one core, and equal to the plain one, which is the specification, bit for
/// bit wherever it `applies`.
struct Variant {
  const char* name;
  KernelCore core;
  const char* when;  // in words
  bool (*applies)(const Model&, const Node&);
  Emitted (*emit)(const Model&, const Node&);
};

/// Which of a node's inputs are its values, its weights and its bias.
struct Operands {
  int values = 0, weights = 1, bias = 2;
};

/// One operator: its rules, its reference and its code, in one file. See docs/add-an-operator.md.
struct Operator {
  const char* name;     // as in the .tflite schema, in lower case
  const char* options;  // its table in tflite.fbs, or ""
  int version;          // of the int8 form, for the file's operator code
  const char* dtypes;   // for `dragonet ops`
  /// What this node asks that is not supported, in words; empty if it can run.
  std::vector<std::string> (*check)(const Model&, const Node&);
  Shape (*shape)(const Model&, const Node&) = same_shape;
  Rows (*rows)(const Model&, const Node&, int input, int y) = same_row;  // for output row y: all that the planner asks
  std::int64_t (*macs)(const Model&, const Node&) = no_macs;
  void (*reference)(const Model&, const Node&, TensorBytes&);  // slow and obvious: the specification
  Emitted (*emit)(const Model&, const Node&);
  Operands operands{};
  QuantizationRule quantization{};
  bool in_place = false;     // the output is the input's bytes, unchanged (reshape): nothing runs
  bool elementwise = false;  // output row y may be written over input row y
  /// Rows of this node's input may be those of another shape with the same bytes.
  bool (*any_rows)(const Model&, const Node&) = nullptr;
  bool many_outputs = false;  // as many as the node says, all of one shape
  /// Where they have shapes of their own.
  Shape (*part_shape)(const Model&, const Node&, int output) = nullptr;
  std::span<const Variant> variants{};  // the best first
  bool has_variables = false;           // inputs that are its own memory; all others refuse them
};

/// True if the tensor is computed while the model runs: it is no constant, no variable, and not left out.
bool is_computed(const Model& model, int tensor);

const std::vector<const Operator*>& operators();
const Operator* find_operator(const std::string& name);

/// The operands of the node's operator; the usual ones if the operator is unknown.
Operands operands_of(const Node& node);
std::vector<WeightedSum> weighted_sums_of(const Node& node);
const Tensor& values_of(const Model& model, const Node& node);
const Tensor& weights_of(const Model& model, const Node& node);

}  // namespace dragonet
