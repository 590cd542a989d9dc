#include "ops/ranges.h"

#include <algorithm>
#include <cmath>

#include "ops/operator.h"

namespace dragonet {

void RealInterval::widen(std::initializer_list<float> values) { widen(std::span(values.begin(), values.end())); }
void RealInterval::widen(std::span<const float> values) {
  for (const float value : values) min = std::min(min, value), max = std::max(max, value);
}

static constexpr float least_scale = 1e-18f;

float scale_of(float range, int steps) { return range > 0 ? std::max(range / steps, least_scale) : 1; }

Quantization affine(RealInterval interval) {
  const float scale = scale_of(interval.max - interval.min, 255);
  const auto zero_point = static_cast<std::int32_t>(std::lround(-128 - interval.min / scale));
  return {{scale}, {std::clamp(zero_point, -128, 127)}, 0};
}

std::vector<bool> passed_on(const Model& model) {
  std::vector<bool> passed_on(model.tensors.size());
  for (const Node& node : model.nodes)
    for (const int t : node.outputs) {
      const QuantizationRule& rule = find_operator(node.op)->quantization;
      passed_on[t] = rule.output_as_input && !rule.one_scale;
    }
  return passed_on;
}

/// As int8 are: one step more below 0 than above.
static void make_symmetric(RealInterval& interval) {
  const float most = std::max(interval.max, -interval.min);
  interval = {-most * 128 / 127, most};
}

Ranges united(const Model& model, const SharedScales& scales, const Ranges& ranges) {
  const std::vector<bool> skipped = passed_on(model);
  Ranges groups(model.tensors.size());
  for (int t = 0; t < static_cast<int>(ranges.size()); ++t)
    if (!skipped[t]) groups[scales.group_of(t)].widen({ranges[t].min, ranges[t].max});
  for (const Node& node : model.nodes)
    if (find_operator(node.op)->quantization.symmetric_output) make_symmetric(groups[scales.group_of(node.outputs[0])]);
  return groups;
}

}  // namespace dragonet
