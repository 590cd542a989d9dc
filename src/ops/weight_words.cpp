#include "ops/weight_words.h"

#include "ops/quantized.h"

namespace dragonet {

Constant words_of_weights(std::span<const std::int8_t> weights, int taps, int together) {
  const int channels = static_cast<int>(weights.size()) / taps;
  std::vector<std::uint32_t> words;
  for (int c = 0; c < channels; c += together)
    for (int tap = 0; tap < taps; tap += 4)
      for (int channel = c; channel < c + together; ++channel) {
        std::uint32_t word = 0;
        for (int i = 0; i < 4 && channel < channels && tap + i < taps; ++i)
          word |= std::uint32_t{static_cast<std::uint8_t>(weights[channel * taps + tap + i])} << 8 * i;
        words.push_back(word);
      }
  return {"weights", "uint32_t", comma_separated(words), words.size() * 4};
}

/// The first of the two taps in a word of a row; the second is behind it, or behind the next.
static int first_tap(const PatchRows& patch, int word) {
  return patch.are_in_fours ? word / 2 * 4 + word % 2 : 2 * word;
}

/// One channel's weight, and 256 times the other's.
static std::uint32_t half_of(int one, int other) { return static_cast<std::uint16_t>(one + 256 * other); }

static std::vector<std::uint32_t> words_of_pair(const std::int8_t* one, const std::int8_t* other,
                                                const PatchRows& patch) {
  std::vector<std::uint32_t> words;
  for (int row = 0; row < patch.rows; ++row) {
    const auto half = [&](int tap) {
      if (tap >= patch.taps) return 0u;
      const int at = row * patch.taps + tap;
      return half_of(one[at], other ? other[at] : 0);
    };
    for (int word = 0; word < patch.words_of_row(); ++word) {
      const int tap = first_tap(patch, word);
      words.push_back(half(tap) | half(tap + (patch.are_in_fours ? 2 : 1)) << 16);
    }
  }
  words.resize(patch.words());
  return words;
}

static bool fits_24_bits(std::span<const std::int8_t> weights, std::int64_t bias) {
  std::int64_t most = std::abs(bias);
  for (const std::int8_t weight : weights) most += 128 * std::abs(int{weight});
  return most < 1 << 23;
}

bool can_share_words(std::span<const std::int8_t> weights, std::span<const std::int64_t> bias) {
  const std::size_t taps = weights.size() / bias.size();
  for (std::size_t c = 1; c < bias.size(); c += 2) {
    const auto one = weights.subspan((c - 1) * taps, taps), other = weights.subspan(c * taps, taps);
    if (!fits_24_bits(other, bias[c])) return false;
    for (std::size_t tap = 0; tap < taps; ++tap)
      if (other[tap] == -128 && one[tap] < 0) return false;
  }
  return true;
}

Constant words_of_channel_pairs(std::span<const std::int8_t> weights, const PatchRows& patch) {
  const int of_channel = patch.rows * patch.taps, channels = static_cast<int>(weights.size()) / of_channel;
  std::vector<std::uint32_t> words;
  for (int c = 0; c < channels; c += 2) {
    const std::int8_t* const one = weights.data() + c * of_channel;
    const auto pair = words_of_pair(one, c + 1 < channels ? one + of_channel : nullptr, patch);
    words.insert(words.end(), pair.begin(), pair.end());
  }
  return {"weights", "uint32_t", comma_separated(words), words.size() * 4};
}

}  // namespace dragonet
