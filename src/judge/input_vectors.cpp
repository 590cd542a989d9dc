#include "judge/input_vectors.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

#include "judge/reals.h"

namespace dragonet {

static std::size_t input_bytes(const Model& model) {
  std::size_t bytes = 0;
  for (const int t : model.inputs) bytes += model.tensors[t].bytes();
  return bytes;
}

static bool takes_floats(const Model& model) {
  return std::ranges::all_of(model.inputs, [&](int t) { return model.tensors[t].dtype == DType::float32; });
}

/// Integers read as floats have any exponent.
static bool are_plausible_floats(std::span<const std::uint8_t> bytes) {
  std::size_t odd = 0, count = bytes.size() / sizeof(float);
  for (std::size_t i = 0; i < count; ++i) {
    float value = 0;
    std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
    const float size = std::abs(value);
    odd += !(size == 0 || (size > 1e-12f && size < 1e9f));
  }
  return odd * 20 < count + 1;
}

bool are_of_other(const Model& a, const Model& b, std::span<const std::uint8_t> bytes) {
  const std::size_t bytes_a = input_bytes(a), bytes_b = input_bytes(b);
  if (bytes_a == bytes_b || bytes.empty() || bytes.size() % bytes_b != 0) return false;
  return bytes.size() % bytes_a != 0 || (takes_floats(a) && !are_plausible_floats(bytes));
}

std::vector<Bytes> inputs_as(const Model& from, const Model& to, const std::vector<Bytes>& inputs) {
  std::vector<Bytes> result;
  for (const Bytes& input : inputs) {
    Bytes& all = result.emplace_back();
    std::span<const std::uint8_t> rest = input;
    for (std::size_t i = 0; i < from.inputs.size() && i < to.inputs.size(); ++i) {
      const Tensor &source = from.tensors[from.inputs[i]], &target = to.tensors[to.inputs[i]];
      const auto part = rest.first(source.bytes());
      const Bytes bytes = is_same_grid(source, target) ? Bytes(part.begin(), part.end())
                                                       : bytes_of_reals(target, reals_of(source, part));
      all.insert(all.end(), bytes.begin(), bytes.end());
      rest = rest.subspan(source.bytes());
    }
  }
  return result;
}

static void append_random(Bytes& bytes, const Tensor& tensor, std::mt19937& random) {
  if (tensor.dtype == DType::float32) {
    std::uniform_real_distribution<float> real(0, 1);
    std::vector<float> values(element_count(tensor.shape));
    for (float& value : values) value = real(random);
    const auto* first = reinterpret_cast<const std::uint8_t*>(values.data());
    bytes.insert(bytes.end(), first, first + values.size() * sizeof(float));
    return;
  }
  for (std::size_t i = 0; i < tensor.bytes(); ++i) bytes.push_back(static_cast<std::uint8_t>(random() >> 24));
}

std::vector<Bytes> random_inputs(const Model& model, std::size_t count) {
  std::mt19937 random(1);
  std::vector<Bytes> inputs(count);
  for (Bytes& input : inputs)
    for (const int t : model.inputs) append_random(input, model.tensors[t], random);
  return inputs;
}

Bytes input_of_features(const Model& model, std::span<const std::int8_t> features, const FeatureSettings& settings) {
  const Tensor& input = model.tensors[model.inputs[0]];
  if (input.dtype == DType::int8) return {features.begin(), features.end()};
  const auto [zero_point, steps] = scale_of(settings);
  const Tensor known{.dtype = DType::int8, .shape = input.shape, .quantization = {{1 / steps}, {zero_point}, 0}};
  return bytes_of_reals(input,
                        reals_of(known, {reinterpret_cast<const std::uint8_t*>(features.data()), features.size()}));
}

std::vector<std::vector<float>> reals_of_inputs(const std::vector<Bytes>& inputs) {
  std::vector<std::vector<float>> all;
  for (const Bytes& input : inputs) {
    std::vector<float>& reals = all.emplace_back(input.size() / sizeof(float));
    std::memcpy(reals.data(), input.data(), reals.size() * sizeof(float));
  }
  return all;
}

std::vector<std::size_t> spread(std::size_t count, std::size_t most) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < std::min(count, most); ++i) chosen.push_back(i * count / std::min(count, most));
  return chosen;
}

}  // namespace dragonet
