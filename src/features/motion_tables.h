#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "features/motion_rows.h"
#include "features/motion_settings.h"

namespace dragonet {

/// The chip's constants, with what they point to. Points into itself: neither copied nor moved. Throws Error for
/// settings that the chip's features cannot have (problems_of).
struct MotionNumbers {
  explicit MotionNumbers(const MotionFeatureSettings& settings);
  MotionNumbers(const MotionNumbers&) = delete;
  MotionNumbers& operator=(const MotionNumbers&) = delete;

  std::vector<std::int32_t> cosines;
  std::vector<std::uint16_t> hann, edges;
  MotionTables tables{};
};

/// C++11 text for the emitted model: `motion_tables`, and how much RAM its MotionState points to, in
/// `motion_history_values` and `motion_spectrum_values` (1 where it needs none).
std::string motion_tables_code(const MotionFeatureSettings& settings);

}  // namespace dragonet
