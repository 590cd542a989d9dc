#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/files.h"
#include "judge/deviation.h"
#include "model/model.h"

namespace dragonet {

/// The least and the greatest value seen.
struct Extent {
  double low = 1e300, high = -1e300;
  void add(double value) { low = value < low ? value : low, high = value > high ? value : high; }
  void add(const Extent& more) { add(more.low), add(more.high); }
  bool is_empty() const { return low > high; }
};

/// An input or a layer of model B beside what model A has in its place, over all input vectors. Deviations are per
/// channel, the last dimension.
///   whole    B from its input on: what earlier layers did wrong is in it
///   alone    B's layer on A's values of its inputs, as far as B's types hold them, against A's layer on the same: what
///            this layer adds. Of an input: its conversion to B's type.
///   healthy  what an int8 conversion of A, its ranges measured on these inputs, has instead of `alone`; empty where A
///            cannot be converted
struct Place {
  int input = -1, node_a = -1, node_b = -1;  // it is an input where that is not -1
  int tensor_a = -1, tensor_b = -1;          // tensor_a -1: A has nothing in its place, and nothing is measured
  std::vector<Deviation> whole, alone, healthy;
  std::vector<Extent> extent_a, extent_b;  // from end to end
  double clip_noise = 0;                   // of `alone`: squares of what lies beyond B's range
  std::size_t saturated = 0, count = 0;    // values of B at an end of its range that A exceeds, of how many
  bool equal = true, alone_equal = true;   // byte for byte; false where bytes stand for different values
  bool is_measured() const { return tensor_a >= 0; }
};

/// Two models on the same recordings.
struct SideBySide {
  Model a, b;
  std::vector<Bytes> inputs_a, inputs_b;  // per vector all input tensors, back to back
  bool has_own_inputs = false;            // B's were given, not made of A's
  std::vector<Place> places;              // B's inputs, then its nodes
  bool has_healthy = false;
};

/// Runs both. `inputs_b`: what B was given; empty: A's inputs in B's type. Both models have passed check_supported, and
/// have inputs of as many values. Throws Error if they have not.
SideBySide run_side_by_side(const Model& a, const Model& b, std::vector<Bytes> inputs_a, std::vector<Bytes> inputs_b,
                            const std::function<void(std::size_t)>& on_vector = {});

/// Of the place's tensor in B.
const Tensor& tensor_of(const SideBySide& both, const Place& place);

/// What a node of B makes of reals as its inputs, one list per input of the node; lists of constants stay empty.
std::vector<double> run_alone(const Model& model, const Node& node, std::span<const std::vector<double>> inputs);

}  // namespace dragonet
