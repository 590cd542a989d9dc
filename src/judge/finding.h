#pragma once

#include <optional>
#include <string>
#include <vector>

#include "judge/side_by_side.h"

namespace dragonet {

enum class Cause { input, attribute, weights, channel_order, bias, scale, zero_point, arithmetic, other_model };

/// What is wrong, and where: index into SideBySide::places.
struct Finding {
  int place = 0;
  Cause cause = Cause::arithmetic;
  std::string what, next;
  bool is_certain = true;  // read off the two models or their inputs; otherwise inferred from how the values deviate
  bool is_fault = true;    // otherwise worth knowing: a few values beyond the range, as other samples have them
};

/// What an int8 conversion of A reaches at this place, in dB, or what else may be expected there; and by how much the
/// place alone, or its worst channel, falls short of it.
double expected_db(const SideBySide& both, const Place& place);
double shortfall_db(const SideBySide& both, const Place& place);

/// Do equal bytes stand for equal values in all that this place reads and makes?
bool is_on_same_grids(const SideBySide& both, const Place& place);

/// The tensor that this one has its scale from: pools and reshapes pass it on.
int origin_of(const Model& model, int tensor);

// Each looks for one kind of fault, everywhere. They know nothing of each other: compare.cpp puts the likeliest first.

/// B's inputs are none of A's, or are A's after a known input transform: not divided by 255, BGR for RGB.
std::vector<Finding> find_input_faults(const SideBySide& both);
/// Operators, attributes, weights and biases, of one layer beside the other's.
std::vector<Finding> find_attribute_faults(const SideBySide& both);
std::vector<Finding> find_constant_faults(const SideBySide& both);
/// Scales and zero points that cut off values, or waste the type's steps.
std::vector<Finding> find_range_faults(const SideBySide& both);
/// What deviates more than it should, for whatever reason.
std::vector<Finding> find_noise(const SideBySide& both);

}  // namespace dragonet
