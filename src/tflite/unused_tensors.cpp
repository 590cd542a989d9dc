#include <utility>

#include "tflite/known_forms.h"

namespace dragonet {

void erase_nodes(Model& model, const std::vector<bool>& is_done) {
  std::vector<Node> left;
  for (Node& node : model.nodes) {
    if (is_done[node.index]) continue;
    const int index = static_cast<int>(left.size());
    left.push_back(std::move(node));
    left.back().index = index;
  }
  model.nodes = std::move(left);
}

/// Calls `visit` with every place where the model names a tensor.
template <typename Visit>
static void for_each_name(Model& model, Visit visit) {
  for (int& t : model.inputs) visit(t);
  for (int& t : model.outputs) visit(t);
  for (Node& node : model.nodes) {
    for (int& t : node.inputs) visit(t);
    for (int& t : node.outputs) visit(t);
    if (const auto found = node.attributes.find("intermediates"); found != node.attributes.end())
      for (std::int64_t& t : std::get<std::vector<std::int64_t>>(found->second)) visit(t);
  }
}

Model without_unused_tensors(Model model) {
  std::vector<int> number(model.tensors.size(), -1);
  for_each_name(model, [&](auto t) {
    if (t >= 0) number[t] = 0;
  });
  std::vector<Tensor> used;
  for (std::size_t t = 0; t < number.size(); ++t) {
    if (number[t] < 0) continue;
    number[t] = static_cast<int>(used.size());
    used.push_back(std::move(model.tensors[t]));
  }
  model.tensors = std::move(used);
  for_each_name(model, [&](auto& t) {
    if (t >= 0) t = number[t];
  });
  return model;
}

}  // namespace dragonet
