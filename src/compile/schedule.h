#pragma once

#include "compile/row_graph.h"

namespace dragonet {

/// What happens in one step: a node's step `y`, or, where node is -1 - i, row y of the model's input i arrives.
struct Step {
  int node, y;
  bool operator==(const Step&) const = default;
};

/// A band: nodes first to last - 1, whose rows are made in turns. What they read from outside is whole before it
/// begins; what they make for others is whole when it ends. A band that begins with node 0 takes the rows of the inputs
/// as they come, one input after another.
struct Band {
  int first, last;
  bool operator==(const Band&) const = default;
};

/// True if a stored tensor is made by one of the band's nodes, or arrives from outside during the band.
bool is_made_in(const RowGraph& graph, Band band, int tensor);

/// Two orders in which a band's rows can be made, neither of them always the better.
///   eager   the deepest node that can go on does: an input row is used up as soon as it is there
///   lazy    a row is made only when the next row of the band's last node waits for it
enum class Order { eager, lazy };

std::vector<Step> schedule(const RowGraph& graph, Band band, Order order);

}  // namespace dragonet
