#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "ops/check.h"
#include "ops/operator.h"

namespace dragonet {

// To add an operator: its file here, its test beside it, its kernel in firmware/kernels, its name below.
extern const Operator add, average_pool_2d, conv_2d, depthwise_conv_2d, dequantize, fully_connected, max_pool_2d,
    quantize_op, relu, relu6, reshape, softmax;

const std::vector<const Operator*>& operators() {
  static const std::vector<const Operator*> table{&add,        &average_pool_2d, &conv_2d,     &depthwise_conv_2d,
                                                  &dequantize, &fully_connected, &max_pool_2d, &quantize_op,
                                                  &relu,       &relu6,           &reshape,     &softmax};
  return table;
}

const Operator* find_operator(const std::string& name) {
  const auto found = std::ranges::find(operators(), name, [](const Operator* op) { return std::string(op->name); });
  return found == operators().end() ? nullptr : *found;
}

static std::vector<std::string> check_node(const Model& model, const Node& node) {
  const Operator* op = find_operator(node.op);
  if (!op) return {"this operator is not supported"};
  if (!model.has_input(node, 0)) return {"its input is missing"};
  if (model.input(node, 0).is_constant()) return {"its input is a constant, and so is all that follows from it"};
  if (node.outputs.size() != 1) return {fmt::format("it has {} outputs, not 1", node.outputs.size())};
  std::vector<std::string> wrong = op->check(model, node);
  if (wrong.empty() && op->shape(model, node) != model.output(node).shape)
    wrong.push_back("its output should be " + text_of(op->shape(model, node)) + ", and the file says " +
                    text_of(model.output(node).shape));
  return wrong;
}

void check_supported(const Model& model) {
  std::vector<Problem> found;
  for (const Node& node : model.nodes)
    for (const std::string& what : check_node(model, node))
      found.push_back({describe(model, node), what, "`dragonet ops` lists what is supported"});
  if (!found.empty()) throw Error(std::move(found));
}

}  // namespace dragonet
