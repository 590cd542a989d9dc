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

}  // namespace dragonet
