#include "model/model_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dragonet {

/// " scale 0.0039 zero -128", or of how many channels
static std::string quantization_text(const Quantization& quantization) {
  if (quantization.scale.empty()) return "";
  if (quantization.scale.size() > 1)
    return fmt::format(" {} scales along axis {}", quantization.scale.size(), quantization.axis);
  return fmt::format(" scale {:.6g} zero {}", quantization.scale[0],
                     quantization.zero_point.empty() ? 0 : quantization.zero_point[0]);
}

static std::string type_text(const Tensor& tensor) {
  return fmt::format("{} {}{}", name_of(tensor.dtype), text_of(tensor.shape), quantization_text(tensor.quantization));
}

static std::string operand_text(const Model& model, int t) {
  if (t < 0) return "none";
  const Tensor& tensor = model.tensors[t];
  if (tensor.is_constant()) return fmt::format("[{}]", type_text(tensor));
  return fmt::format("%{}", t);
}

static std::string attribute_text(const Attribute& attribute) {
  if (const auto* list = std::get_if<std::vector<std::int64_t>>(&attribute))
    return fmt::format("[{}]", fmt::join(*list, ", "));
  if (const auto* real = std::get_if<double>(&attribute)) return fmt::format("{:g}", *real);
  return fmt::format("{}", std::get<std::int64_t>(attribute));
}

static std::string tensor_line(const Model& model, const char* role, int t) {
  return fmt::format("{:<8}%{}: {}  {}\n", role, t, type_text(model.tensors[t]), model.tensors[t].name);
}

static std::string node_line(const Model& model, const Node& node) {
  std::vector<std::string> operands, results;
  for (const int t : node.inputs) operands.push_back(operand_text(model, t));
  for (const auto& [name, attribute] : node.attributes)
    operands.push_back(fmt::format("{}={}", name, attribute_text(attribute)));
  for (const int t : node.outputs)
    results.push_back(fmt::format("%{}: {}  {}", t, type_text(model.tensors[t]), model.tensors[t].name));
  return fmt::format("{:<8}{}({})\n        -> {}\n", fmt::format("node {}", node.index), node.op,
                     fmt::join(operands, ", "), fmt::join(results, ", "));
}

void tell_remarks(const Model& model, const Observer& observer) {
  for (const std::string& remark : model.remarks) observer.say(model.source + ": " + remark);
}

std::string model_text(const Model& model) {
  std::string text = fmt::format("{} ({})\n", model.name, model.source);
  for (const int t : model.inputs) text += tensor_line(model, "input", t);
  for (const Node& node : model.nodes) text += node_line(model, node);
  for (const int t : model.outputs) text += tensor_line(model, "output", t);
  return text;
}

}  // namespace dragonet
