#include "model/anomaly_threshold.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace dragonet {

static constexpr const char* threshold_key = "dragonet.anomaly_threshold";

double anomaly_threshold(const Model& model) {
  const auto found = model.metadata.find(threshold_key);
  if (found == model.metadata.end()) return 0;
  double threshold = 0;  // metadata are anybody's
  std::from_chars(found->second.data(), found->second.data() + found->second.size(), threshold);
  return std::isfinite(threshold) ? threshold : 0;
}

void set_anomaly_threshold(Model& model, double threshold) {
  model.metadata[threshold_key] = fmt::format("{}", threshold);
}

}  // namespace dragonet
