// The chip's motion features are the host's, byte for byte; what they take of its time and memory. A bare program of
// the emitted tables and the feature's source is fed readings that lie in flash, and prints rows and cycles.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <sstream>

#include "board/bare_image.h"
#include "board/feature_program.h"
#include "features/motion_features.h"
#include "features/motion_tables.h"

using namespace dragonet;

namespace {

constexpr const char* motion_main = R"code(
static int16_t history[motion_history_values];
static dragonet::Complex spectrum[motion_spectrum_values];
static dragonet::MotionState state = {{history, spectrum, 0}};

__attribute__((noinline)) static bool feed(const int16_t* reading, int8_t* row) {{
  return dragonet::feed_motion(motion_tables, state, reading, row);
}}

int main() {{
  static int8_t row[{columns}];
  dragonet::begin_motion(motion_tables, state);
  for (uint32_t i = 0; i < sizeof readings / sizeof *readings; i += {axes}) {{
    const uint32_t began = elapsed();
    const bool complete = feed(readings + i, row);
    const uint32_t cycles = elapsed() - began;
    if (complete) print_row(cycles, row, {columns});
  }}
  leave();
  return 0;
}}
)code";

std::string motion_program(const MotionFeatureSettings& settings, const MotionReadings& readings) {
  using fmt::arg;
  return "#include \"features/motion_rows.h\"\n" + motion_tables_code(settings) + readings_code(readings) +
         feature_program_text +
         fmt::format(motion_main, arg("columns", settings.columns()), arg("axes", settings.axes.size()));
}

struct BoardMotion {
  std::vector<std::int8_t> features;
  std::uint64_t row_cycles = 0;                // the most that a reading took which completed a row, with wait states
  std::size_t flash_bytes = 0, ram_bytes = 0;  // of the features: code and tables; history and spectrum
  std::uint32_t stack_bytes = 0;
};

std::size_t motion_ram(const MotionFeatureSettings& settings) {
  const MotionNumbers numbers(settings);
  return sizeof(Complex) * (numbers.tables.fft.points / 2) +
         (settings.kind == MotionFeatureSettings::raw ? 0 : 2 * settings.window_samples * settings.axes.size());
}

BoardMotion run_motion(const MotionFeatureSettings& settings, const MotionReadings& readings, const std::string& id) {
  const Board& board = find_board(id);
  const Elf elf = link_feature_program(motion_program(settings, readings), board);
  const BareRun run = run_bare(elf, board);
  BoardMotion motion{
      .flash_bytes = feature_flash(elf, board), .ram_bytes = motion_ram(settings), .stack_bytes = run.stack_used};
  std::istringstream lines(run.printed);
  for (std::string line; std::getline(lines, line);) {
    const PrintedRow row = printed_row(line);
    motion.row_cycles = std::max(motion.row_cycles, row.cycles);
    motion.features.insert(motion.features.end(), row.values.begin(), row.values.end());
  }
  return motion;
}

/// Rest, a swing that quickens, noise, a shake of full scale; each axis in its own measure.
MotionReadings varied_motion(int count, int axes) {
  std::mt19937 random(9);
  MotionReadings readings;
  for (int i = 0; i < count; ++i)
    for (int a = 0; a < axes; ++a) {
      const double place = double(i) / count;
      double value = 9000 * std::sin((40 + 7 * a) * place * place) + (int(random() % 401) - 200) / (a + 1.0);
      if (place < 0.2) value = 8000 / (a + 1.0);
      if (place > 0.8) value = i / (3 + a) % 2 ? 32767 : -32768;
      readings.push_back(static_cast<std::int16_t>(value));
    }
  return readings;
}

MotionFeatureSettings of_axes(MotionFeatureSettings settings, int axes) {
  for (int a = 0; a < axes; ++a) {
    settings.axes.push_back("a" + std::to_string(a));
    settings.full_scale.push_back(1);
  }
  return settings;
}

struct MotionLimits {
  std::uint64_t row_cycles = UINT64_MAX;
  std::size_t flash_bytes = SIZE_MAX, ram_bytes = SIZE_MAX;
};

void check_motion(const MotionFeatureSettings& settings, const std::string& id, const MotionLimits& limits = {}) {
  const int axes = static_cast<int>(settings.axes.size());
  const MotionReadings readings = varied_motion(5 * settings.window_samples, axes);
  std::vector<std::int8_t> expected;
  if (settings.kind == MotionFeatureSettings::raw)
    for (std::size_t at = 0; at < readings.size(); at += axes * settings.window_samples)
      std::ranges::copy(motion_features({&readings[at], std::size_t(axes * settings.window_samples)}, settings),
                        std::back_inserter(expected));
  else
    for (const MotionReadings& window : motion_windows(readings, settings))
      std::ranges::copy(motion_features(window, settings), std::back_inserter(expected));
  const BoardMotion motion = run_motion(settings, readings, id);
  const std::string what =
      fmt::format("{} motion features on {}, {} axes, window {}",
                  settings.kind == MotionFeatureSettings::raw ? "raw" : "spectral", id, axes, settings.window_samples);
  INFO(what);
  CHECK((motion.features == expected));
  fmt::print("{}: {} cycles a row ({:.2f} ms); flash {}, RAM {}, stack {} bytes\n", what, motion.row_cycles,
             1e3 * double(motion.row_cycles) / find_board(id).clock_hz, motion.flash_bytes, motion.ram_bytes,
             motion.stack_bytes);
  CHECK(motion.row_cycles <= limits.row_cycles);
  CHECK(motion.flash_bytes <= limits.flash_bytes);
  CHECK(motion.ram_bytes <= limits.ram_bytes);
}

const MotionFeatureSettings raw_motion{.rate_hz = 119, .window_samples = 119};
const MotionFeatureSettings spectral_motion{
    .kind = MotionFeatureSettings::spectral, .rate_hz = 119, .window_samples = 119};

}  // namespace

TEST_CASE("raw motion features on the virtual boards are the host's, byte for byte, and next to nothing") {
  check_motion(of_axes(raw_motion, 6), "mkrzero", {.row_cycles = 150, .flash_bytes = 64, .ram_bytes = 0});
  check_motion(of_axes(raw_motion, 1), "virtual-m4f");
}

TEST_CASE("spectral motion features on the virtual boards are the host's, byte for byte") {
  check_motion(of_axes(spectral_motion, 6), "mkrzero",
               {.row_cycles = 415'000, .flash_bytes = 5'250, .ram_bytes = 1'940});
  check_motion(of_axes(spectral_motion, 6), "virtual-m4f", {.row_cycles = 193'000});
}

TEST_CASE("spectral motion features of other windows, strides and filters are the host's, byte for byte") {
  for (const char* id : {"mkrzero", "virtual-m4f"})
    for (const int window : {2, 50, 128, 333}) {
      MotionFeatureSettings settings = spectral_motion;
      settings.window_samples = window;
      settings.stride_samples = window == 50 ? 13 : 0;
      settings.filter = window == 333 ? MotionFeatureSettings::low_pass : MotionFeatureSettings::high_pass;
      settings.cutoff_hz = window == 333 ? 20 : 1;
      settings.bands = window == 128 ? 20 : 5;
      settings.peaks = window == 50 ? 0 : 3;
      check_motion(of_axes(settings, window == 333 ? 2 : 3), id);
    }
}
