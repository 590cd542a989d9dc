#include "ops/weight_words.h"

#include "ops/quantized.h"

namespace dragonet {

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

bool can_share_words(std::span<const std::int8_t> weights, std::span<const std::int64_t> bias) {
  const std::size_t taps = weights.size() / bias.size();
  const auto most = most_sums(weights, static_cast<int>(bias.size()), 0);
  for (std::size_t c = 1; c < bias.size(); c += 2) {
    if (most[c] + std::abs(bias[c]) >= 1 << 23) return false;
    const auto one = weights.subspan((c - 1) * taps, taps), other = weights.subspan(c * taps, taps);
    for (std::size_t tap = 0; tap < taps; ++tap)
      if (other[tap] == -128 && one[tap] < 0) return false;
  }
  return true;
}

static void append(std::vector<std::uint32_t>& words, const ChannelRounding& rounding) {
  for (const std::int32_t number : {rounding.multiplier, rounding.offset, rounding.shift})
    words.push_back(static_cast<std::uint32_t>(number));
}

Constant channel_pairs(std::span<const std::int8_t> weights, const std::vector<ChannelRounding>& roundings,
                       const PatchRows& patch) {
  const std::size_t of_channel = weights.size() / roundings.size();
  std::vector<std::uint32_t> words;
  for (std::size_t c = 0; c < roundings.size(); c += 2) {
    const bool has_other = c + 1 < roundings.size();
    const ChannelRounding none{}, &one = roundings[c], &other = has_other ? roundings[c + 1] : none;
    const std::int8_t* const first = weights.data() + c * of_channel;
    const auto pair = words_of_pair(first, has_other ? first + of_channel : nullptr, patch);
    words.push_back(static_cast<std::uint32_t>(one.bias));
    words.push_back(static_cast<std::uint32_t>(one.bias) + 256 * static_cast<std::uint32_t>(other.bias));
    words.insert(words.end(), pair.begin(), pair.end());
    append(words, one);
    append(words, other);
  }
  return {"pairs", "uint32_t", comma_separated(words), words.size() * 4};
}

}  // namespace dragonet
