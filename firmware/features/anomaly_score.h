// The anomaly score of an autoencoder: the squared difference of its input and its output, summed over all values.
// Both are int8, each with a scale of its own, so the output is first brought to the input's scale: differences are
// counted in sixteenths of a step of the input.
#pragma once

#include <stdint.h>

namespace dragonet {

struct AnomalyScoreRules {
  int32_t ratio;                    // 65536 * the output's scale / the input's, at most 127 * 65536
  int16_t input_zero, output_zero;  // zero points, -128 to 127
  uint64_t threshold;               // of the sum over all values: a sum above it is an anomaly
};

/// |input - output| of one value, in sixteenths of a step of the input. At most 65535, so that its square fits in 32
/// bits.
inline uint32_t sixteenths_between(const AnomalyScoreRules& rules, int8_t given, int8_t back) {
  const int32_t is = (int32_t)(given - rules.input_zero) * 16;
  const int32_t was = ((int32_t)(back - rules.output_zero) * rules.ratio + 2048) >> 12;
  const uint32_t distance = (uint32_t)(is > was ? is - was : was - is);
  return distance < 65535 ? distance : 65535;
}

/// given, back: [count], input and output of the model. Returns the sum of the squared differences, in 1/256 of a
/// squared step of the input; sums of several calls (rows) may be added.
inline uint64_t squared_differences(const AnomalyScoreRules& rules, const int8_t* given, const int8_t* back,
                                    uint16_t count) {
  uint64_t sum = 0;
  for (uint16_t i = 0; i < count; ++i) {
    const uint32_t distance = sixteenths_between(rules, given[i], back[i]);
    sum += distance * distance;
  }
  return sum;
}

}  // namespace dragonet
