#pragma once

#include <string>

#include "compile/drop_channels.h"

namespace dragonet {

/// What is not computed of one layer, since it cannot matter.
struct DroppedOfLayer {
  int node = 0, tensor = 0;  // its output, with its name and its operator; as the pass drop_channels finds them
  std::string op, output;
  int channels = 0;                              // of its output
  int same_for_every_input = 0, unread = 0;      // of those, what is gone
  std::int64_t macs = 0, weights = 0;            // of the model as it was
  std::int64_t live_macs = 0, live_weights = 0;  // what is left of them
  bool lost_some() const { return live_macs < macs || live_weights < weights || same_for_every_input + unread > 0; }
};

/// Of every layer, in the model's order. `model` is the one whose live form is given.
std::vector<DroppedOfLayer> dropped_of_layers(const Model& model, const LiveModel& live);

/// The same of a model as it was read. Throws Error where its passes do.
std::vector<DroppedOfLayer> dropped_of_layers(const Model& whole);

/// MACs and weights of all.
DroppedOfLayer sum_of(const std::vector<DroppedOfLayer>& layers);

/// A line for each layer that lost something, and one for all; "" if none did.
std::string dropped_text(const std::vector<DroppedOfLayer>& layers);

}  // namespace dragonet
