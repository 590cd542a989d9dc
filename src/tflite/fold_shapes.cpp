// A layer like Keras' Flatten, in a model whose batch is free, becomes a chain: SHAPE of the input, STRIDED_SLICE takes
// the batch out of it, PACK puts it beside -1, and RESHAPE goes by that. Here the batch is 1 and every shape is known,
// so the chain is worked out once, node by node. What an operator's own reference can work out from constants is, too:
// weights behind a TRANSPOSE are weights.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.h"
#include "model/codec.h"
#include "ops/check.h"
#include "ops/operands.h"
#include "tflite/known_forms.h"
#include "tflite/number_nodes.h"

namespace dragonet {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 24;  // of all that is folded: no chip's flash holds more
constexpr std::int64_t most_work = 1'000'000'000;         // bytes and multiplications: references are slow on purpose

class Folder {
 public:
  Folder(Model model, const std::vector<bool>& is_free) : model_(std::move(model)), is_free_(is_free) {}

  Model fold() && {
    std::vector<bool> is_done;
    for (const Node& node : model_.nodes) is_done.push_back(fold_node(node));
    erase_nodes(model_, is_done);
    return std::move(model_);
  }

 private:
  bool fold_node(const Node& node) {
    const auto is_output = [&](int t) { return std::ranges::find(model_.outputs, t) != model_.outputs.end(); };
    if (std::ranges::any_of(node.outputs, is_output)) {  // a model may not give a constant
      if (node.outputs.size() == 1) settle_shape(node);
      return false;
    }
    if (node.outputs.size() == 1 && (take_shape(node) || take_numbers(node) || take_reshaped(node))) return true;
    if (node.outputs.size() == 1) settle_shape(node);
    return take_reference(node);
  }

  bool is_constant(const Node& node) const {
    return !node.inputs.empty() &&
           std::ranges::all_of(node.inputs, [&](int t) { return t >= 0 && model_.tensors[t].is_constant(); });
  }

  bool take_shape(const Node& node) {
    if (node.inputs.size() != 1 || node.inputs[0] < 0) return false;
    const Shape& shape = model_.input(node, 0).shape;
    if (node.op == "rank") return store(node, {{}, {static_cast<double>(shape.size())}});
    if (node.op != "shape" || shape.empty()) return false;
    return store(node, {{static_cast<int>(shape.size())}, {shape.begin(), shape.end()}});
  }

  bool take_numbers(const Node& node) {
    if (node.op == "zeros_like" && node.inputs.size() == 1 && node.inputs[0] >= 0 && !is_constant(node)) {
      const Shape& shape = model_.input(node, 0).shape;
      return element_count(shape) <= most_numbers &&
             store(node, {shape, std::vector<double>(static_cast<std::size_t>(element_count(shape)))});
    }
    if (!works_on_numbers(node.op) || !is_constant(node) || node.integer("fused_activation_function")) return false;
    std::vector<Numbers> inputs;
    for (const int t : node.inputs) {
      const Tensor& tensor = model_.tensors[t];
      if (!tensor.quantization.scale.empty() || element_count(tensor.shape) > most_numbers) return false;
      inputs.push_back({tensor.shape, reals_of(tensor)});
    }
    const auto result = spend(most_numbers * std::ssize(inputs)) ? result_of(node, inputs) : std::nullopt;
    return result && store(node, *result);
  }

  static bool fits(DType dtype, double value) {
    if (dtype == DType::float32) return true;
    if (!std::isfinite(value)) return false;
    if (dtype == DType::int32) return std::abs(value) <= std::numeric_limits<std::int32_t>::max();
    return (dtype == DType::int64 && std::abs(value) < 0x1p53) || dtype == DType::boolean;
  }

  /// False where the output cannot hold it, or is of another shape than the file has fixed.
  bool store(const Node& node, Numbers numbers) {
    const int t = node.outputs[0];
    Tensor& out = model_.tensors[t];
    if (!out.quantization.scale.empty() || (out.shape != numbers.shape && !is_free(t))) return false;
    const bool is_real = out.dtype == DType::float32;
    for (double& value : numbers.values) {
      if (!fits(out.dtype, value)) return false;
      value = is_real ? value : out.dtype == DType::boolean ? value != 0 : std::trunc(value);
    }
    out.shape = numbers.shape;
    out.data = bytes_of_reals(out, numbers.values);
    return !out.data.empty() && count_bytes(out);
  }

  /// False where all that was worked out took too long already.
  bool spend(std::int64_t work) { return (work_ += work) <= most_work; }

  bool count_bytes(Tensor& out) {
    bytes_ += out.data.size();
    if (bytes_ <= most_bytes) return true;
    out.data.clear();
    return false;
  }

  bool is_free(int t) const { return t < static_cast<int>(is_free_.size()) && is_free_[t]; }

  /// Constants under another shape.
  bool take_reshaped(const Node& node) {
    const bool is_one = node.op == "reshape" || node.op == "squeeze" || node.op == "expand_dims";
    if (!is_one || !is_constant(node)) return false;
    settle_shape(node);
    const Tensor& in = model_.input(node, 0);
    Tensor& out = model_.tensors[node.outputs[0]];
    if (out.dtype != in.dtype || out.bytes() != in.bytes() || out.quantization != in.quantization) return false;
    out.data = in.data;
    return count_bytes(out);
  }

  /// A side that the file leaves open is what the operator makes it.
  void settle_shape(const Node& node) {
    const int t = node.outputs[0];
    if (!is_free(t)) return;
    std::optional<Shape> shape;
    if (node.op == "reshape")
      shape = reshaped(node);
    else if (can_be_asked(model_, node))
      shape = find_operator(node.op)->shape(model_, node);
    if (shape && count_of(*shape) >= 0 && count_of(*shape) <= most_count(node)) model_.tensors[t].shape = *shape;
  }

  /// -1: it is no shape, or one that no memory holds.
  static std::int64_t count_of(const Shape& shape) {
    constexpr std::int64_t most = 1 << 28;
    std::int64_t count = shape.size() <= 6 ? 1 : -1;
    for (const int side : shape)
      if (count < 0 || side < 1 || (count *= side) > most) return -1;
    return count;
  }

  /// More than this no shape is believed to become: of a small file's sides.
  std::int64_t most_count(const Node& node) const {
    std::int64_t most = 1 << 20;
    for (const int input : node.inputs)
      if (input >= 0) most = std::max(most, 64 * element_count(model_.tensors[input].shape));
    return most;
  }

  /// What its second input says, with -1 for one side that is worked out.
  std::optional<Shape> reshaped(const Node& node) const {
    if (!model_.has_input(node, 0) || !model_.has_input(node, 1)) return std::nullopt;
    if (!check_numbers(model_, node, 1, "shape").empty()) return std::nullopt;
    Shape shape;
    for (const std::int64_t side : numbers_of(model_, node, 1))
      shape.push_back(static_cast<int>(std::clamp<std::int64_t>(side, -2, INT32_MAX)));
    const std::int64_t count = element_count(model_.input(node, 0).shape);
    if (const auto open = std::ranges::find(shape, -1); open != shape.end()) {
      *open = 1;
      *open = static_cast<int>(count / std::max<std::int64_t>(1, count_of(shape)));
    }
    return count_of(shape) == count ? std::optional(shape) : std::nullopt;
  }

  /// By the operator's own reference.
  bool take_reference(const Node& node) {
    const bool is_known = is_constant(node) && can_be_asked(model_, node);
    if (!is_known || std::ranges::any_of(node.outputs, [&](int t) { return !is_as_asked(node, t); })) return false;
    const Operator& op = *find_operator(node.op);
    std::int64_t work = op.macs(model_, node);
    for (const int t : node.inputs) work += static_cast<std::int64_t>(model_.tensors[t].bytes());
    if (!spend(work)) return false;
    TensorBytes bytes(model_.tensors.size());
    for (const int t : node.inputs) bytes[t] = model_.tensors[t].data;
    for (const int t : node.outputs) {
      if (bytes_ += model_.tensors[t].bytes(); bytes_ > most_bytes) return false;
      bytes[t].resize(model_.tensors[t].bytes());
    }
    op.reference(model_, node, bytes);
    for (const int t : node.outputs) model_.tensors[t].data = bytes[t];
    return true;
  }

  bool is_as_asked(const Node& node, int t) const {
    return find_operator(node.op)->shape(model_, node) == model_.tensors[t].shape;
  }

  Model model_;
  const std::vector<bool>& is_free_;
  std::size_t bytes_ = 0;
  std::int64_t work_ = 0;
};

}  // namespace

bool is_folded(const std::string& op) { return op == "shape" || op == "rank" || works_on_numbers(op); }

Model with_shapes_folded(Model model, const std::vector<bool>& is_free) {
  return Folder(std::move(model), is_free).fold();
}

}  // namespace dragonet
