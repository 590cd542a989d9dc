// The two lists of nodes are aligned as texts are (Needleman and Wunsch 1970): the alignment with the greatest sum of
// weights, where a node may also stay alone. So a quantize node at one end, or an operator that a converter split,
// shifts nothing.
#include "judge/match_layers.h"

#include <algorithm>

namespace dragonet {

static int weight_of(const Model& a, const Node& in_a, const Model& b, const Node& in_b) {
  const Tensor &out_a = a.output(in_a), &out_b = b.output(in_b);
  if (element_count(out_a.shape) != element_count(out_b.shape)) return 0;
  const bool same_name = !out_a.name.empty() && out_a.name == out_b.name, same_op = in_a.op == in_b.op;
  if (!same_name && !same_op) return 0;
  return 4 * same_name + 2 * same_op + (out_a.shape == out_b.shape);
}

std::vector<int> match_layers(const Model& a, const Model& b) {
  const std::size_t rows = b.nodes.size(), columns = a.nodes.size();
  std::vector<std::vector<int>> best(rows + 1, std::vector<int>(columns + 1));  // of the nodes from here to the ends
  const auto matched = [&](std::size_t i, std::size_t j) {
    const int weight = weight_of(a, a.nodes[j], b, b.nodes[i]);
    return weight == 0 ? -1 : weight + best[i + 1][j + 1];
  };
  for (std::size_t i = rows; i-- > 0;)
    for (std::size_t j = columns; j-- > 0;) best[i][j] = std::max({best[i + 1][j], best[i][j + 1], matched(i, j)});
  std::vector<int> match(rows, -1);
  for (std::size_t i = 0, j = 0; i < rows && j < columns;) {
    if (best[i][j] == matched(i, j))
      match[i++] = static_cast<int>(j++);
    else
      best[i][j] == best[i + 1][j] ? ++i : ++j;
  }
  return match;
}

}  // namespace dragonet
