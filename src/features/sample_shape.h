#pragma once

#include <cstddef>

namespace dragonet {

/// What one sample becomes: rows of the model's input, which the chip makes one by one.
struct FeatureShape {
  int height = 0, width = 0, channels = 0;
  std::size_t bytes() const { return static_cast<std::size_t>(height) * width * channels; }
  bool operator==(const FeatureShape&) const = default;
};

/// real = (q - zero_point) / steps: pictures and sounds are 0..1, movement and tables are -1..1.
struct FeatureScale {
  int zero_point = -128;
  float steps = 255;
};

/// How a sensor gives the readings that rows are made of. Of pictures, which come whole, all 0.
struct SensorReadings {
  double rate_hz = 0;  // 0: readings come when they come
  int axes = 0;        // int16 values in a reading
  int window = 0;      // readings that one answer is about
  int a_row = 0;       // how many further the sensor is when the next row is made
};

}  // namespace dragonet
