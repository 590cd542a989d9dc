#include "features/settings.h"

namespace dragonet {

/// What a kind says of itself, or `none` where there is no kind.
template <typename Value, typename Ask>
static Value asked(const FeatureSettings& settings, Value none, Ask ask) {
  return std::visit(
      [&](const auto& of_kind) -> Value {
        if constexpr (std::is_same_v<decltype(of_kind), const std::monostate&>)
          return none;
        else
          return ask(of_kind);
      },
      settings);
}

FeatureShape shape_of(const FeatureSettings& settings) {
  return asked(settings, FeatureShape{}, [](const auto& of_kind) { return of_kind.shape(); });
}

FeatureScale scale_of(const FeatureSettings& settings) {
  return asked(settings, FeatureScale{}, [](const auto& of_kind) { return of_kind.scale(); });
}

SensorReadings readings_of(const FeatureSettings& settings) {
  return asked(settings, SensorReadings{}, [](const auto& of_kind) { return of_kind.readings(); });
}

double rate_of(const FeatureSettings& settings) { return readings_of(settings).rate_hz; }
int readings_a_row(const FeatureSettings& settings) { return readings_of(settings).a_row; }

std::size_t window_values(const FeatureSettings& settings) {
  const SensorReadings readings = readings_of(settings);
  return static_cast<std::size_t>(readings.axes) * static_cast<std::size_t>(readings.window);
}

std::string kind_name(const FeatureSettings& settings) {
  return asked(settings, std::string(), [](const auto& of_kind) { return std::string(of_kind.name); });
}

}  // namespace dragonet
