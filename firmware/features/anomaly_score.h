// How far a model's output says that a sample is from what is normal: a sum of squares, in integers.
//   a model that gives back its input: the squared difference of its input and its output, over all values
//   a model that ends with a Whitening: the squared distance of its output from the nearest of the centres of what is
//   normal
#pragma once

#include <stdint.h>

namespace dragonet {

inline uint32_t distance_between(int32_t a, int32_t b) {
  const uint32_t distance = (uint32_t)(a > b ? a - b : b - a);
  return distance < 65535 ? distance : 65535;  // so that its square fits in 32 bits
}

// Input and output are int8, each with a scale of its own, so the output is first brought to the input's scale:
// differences are counted in sixteenths of a step of the input.
struct GivenBackRules {
  int32_t ratio;                    // 65536 * the output's scale / the input's, at most 127 * 65536
  int16_t input_zero, output_zero;  // zero points, -128 to 127
  uint64_t threshold;               // of the sum over all values: a sum above it is an anomaly
};

/// |input - output| of one value, in sixteenths of a step of the input.
inline uint32_t sixteenths_between(const GivenBackRules& rules, int8_t given, int8_t back) {
  const int32_t is = (int32_t)(given - rules.input_zero) * 16;
  return distance_between(is, ((int32_t)(back - rules.output_zero) * rules.ratio + 2048) >> 12);
}

/// given, back: [count], input and output of the model. Returns the sum of the squared differences, in 1/256 of a
/// squared step of the input; sums of several calls (rows) may be added.
inline uint64_t squared_differences(const GivenBackRules& rules, const int8_t* given, const int8_t* back,
                                    uint16_t count) {
  uint64_t sum = 0;
  for (uint16_t i = 0; i < count; ++i) {
    const uint32_t distance = sixteenths_between(rules, given[i], back[i]);
    sum += distance * distance;
  }
  return sum;
}

struct CentreRules {
  const int16_t* centres;  // [count, values], in sixteenths of a step of the output, from its zero point
  uint16_t values;         // of an output
  uint8_t count;           // of centres, from 1 on
  int16_t output_zero;     // zero point, -128 to 127
  uint64_t threshold;      // of the least of the sums: a sum above it is an anomaly
};

/// output: [values]. Returns the squared distance from the nearest centre, in 1/256 of a squared step of the output.
inline uint64_t squared_distance(const CentreRules& rules, const int8_t* output) {
  uint64_t least = UINT64_MAX;
  const int16_t* centre = rules.centres;
  for (uint8_t c = 0; c < rules.count; ++c) {
    uint64_t sum = 0;
    for (uint16_t i = 0; i < rules.values; ++i) {
      const uint32_t distance = distance_between((int32_t)(output[i] - rules.output_zero) * 16, *centre++);
      sum += distance * distance;
    }
    if (sum < least) least = sum;
  }
  return least;
}

}  // namespace dragonet
