#pragma once

#include <span>
#include <vector>

#include "base/files.h"
#include "model/model.h"

namespace dragonet {

/// Do these bytes look like raw inputs of B rather than of A? Their number decides. Where both are possible and A takes
/// float32, they are B's if, read as floats, they are values that nobody measures.
bool are_of_other(const Model& a, const Model& b, std::span<const std::uint8_t> bytes);

/// Input vectors of one model in another's types.
std::vector<Bytes> inputs_as(const Model& from, const Model& to, const std::vector<Bytes>& inputs);

/// Random values, the same in every call: all values of an integer type are equally likely; floats lie between 0 and 1.
std::vector<Bytes> random_inputs(const Model& model, std::size_t count);

/// Features of a sample, as the chip computes them, as the model's input.
Bytes input_of_features(const Model& model, std::span<const std::int8_t> features, const FeatureSettings& settings);

/// Of float32 inputs.
std::vector<std::vector<float>> reals_of_inputs(const std::vector<Bytes>& inputs);

/// At most `most` of 0 to count - 1, spread evenly.
std::vector<std::size_t> spread(std::size_t count, std::size_t most);

}  // namespace dragonet
