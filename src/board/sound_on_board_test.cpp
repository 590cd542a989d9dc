// The chip's sound features are the host's, byte for byte; what they take of its time and memory. A bare program of the
// emitted tables and the feature's source is fed a sound that lies in flash, and prints rows and cycles.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <sstream>

#include "board/bare_image.h"
#include "board/feature_program.h"
#include "board/stack.h"
#include "features/sound_features.h"
#include "features/sound_tables.h"

using namespace dragonet;

namespace {

using Settings = SoundFeatureSettings;

constexpr const char* sound_main = R"code(
static int16_t history[{history}];
static dragonet::Complex spectrum[{spectrum}];
static uint32_t levels[{levels} + 1];
static uint64_t smoothed[{smoothed} + 1];
static dragonet::SoundState state = {{history, spectrum, levels, smoothed, 0, true}};

__attribute__((noinline)) static bool feed(int16_t sample, int8_t* row) {{
  return dragonet::feed_sound<{kind}>(sound_tables, state, sample, row);
}}

int main() {{
  static int8_t row[{columns}];
  dragonet::begin_sound(sound_tables, state);
  print_row(sizeof state, row, 0);
  uint32_t hop_began = elapsed();
  for (uint32_t i = 0; i < sizeof readings / 2; ++i) {{
    if (!feed(readings[i], row)) continue;
    print_row(elapsed() - hop_began, row, {columns});
    hop_began = elapsed();
  }}
  leave();
  return 0;
}}
)code";

std::string sound_program(const Settings& settings, const std::vector<std::int16_t>& samples) {
  const SoundBuffers sizes = sound_buffers(settings);
  using fmt::arg;
  return "#include \"features/sound_rows.h\"\n" + sound_tables_code(settings) + readings_code(samples) +
         feature_program_text +
         fmt::format(sound_main, arg("history", sizes.history), arg("spectrum", sizes.spectrum),
                     arg("levels", sizes.levels), arg("smoothed", sizes.smoothed), arg("columns", settings.columns()),
                     arg("kind", sound_kind_code(settings)));
}

struct BoardSound {
  std::vector<std::int8_t> features;
  std::uint64_t hop_cycles = 0;                // the most, flash's wait states among them; without the first row's
  std::size_t flash_bytes = 0, ram_bytes = 0;  // of the features: code and tables; all variables but the row
  std::uint32_t stack_bytes = 0;
};

BoardSound run_on_board(const Settings& settings, const std::vector<std::int16_t>& samples, const std::string& id) {
  const Board& board = find_board(id);
  const Elf elf = link_feature_program(sound_program(settings, samples), board);
  const BareRun run = run_bare(elf, board);
  CHECK(run.stack_used <= deepest_stack(elf, disassembled_frames(elf), "Reset_Handler").bytes);
  std::istringstream lines(run.printed);
  std::string line;
  std::getline(lines, line);
  BoardSound sound{.flash_bytes = feature_flash(elf, board),
                   .ram_bytes = printed_row(line).cycles + sound_buffers(settings).bytes(),  // the size of its state
                   .stack_bytes = run.stack_used};
  for (bool is_first = true; std::getline(lines, line); is_first = false) {
    const PrintedRow row = printed_row(line);
    if (!is_first) sound.hop_cycles = std::max(sound.hop_cycles, row.cycles);
    sound.features.insert(sound.features.end(), row.values.begin(), row.values.end());
  }
  return sound;
}

/// Silence, a rising tone in noise, clicks, and full scale.
std::vector<std::int16_t> varied_sound(int count) {
  std::mt19937 random(9);
  std::vector<std::int16_t> samples;
  for (int i = 0; i < count; ++i) {
    const double place = double(i) / count, rise = 20000 * place * std::sin(3000 * place * place);
    const int noise = int(random() % 401) - 200;
    int value = int(rise) + noise;
    if (place < 0.2) value = 0;
    if (place > 0.5 && place < 0.6) value = i % 300 == 0 ? 32767 : 0;
    if (place > 0.85) value = i / 20 % 2 ? 32767 : -32768;
    samples.push_back(static_cast<std::int16_t>(value));
  }
  return samples;
}

struct Limits {
  std::uint64_t hop_cycles = UINT64_MAX;
  std::size_t flash_bytes = SIZE_MAX, ram_bytes = SIZE_MAX;
};

void check_on_board(Settings settings, const std::string& id, const Limits& limits) {
  settings.window_samples = settings.frame_samples + 24 * settings.hop_samples;
  const std::vector<std::int16_t> samples = varied_sound(settings.window_samples);
  const BoardSound sound = run_on_board(settings, samples, id);
  const std::string what = fmt::format("{} on {}, {} Hz, frames of {}", sound_kind_code(settings), id,
                                       settings.sample_rate_hz, settings.frame_samples);
  INFO(what);
  CHECK((sound.features == sound_features(samples, settings)));
  const double hop_seconds = double(settings.hop_samples) / settings.sample_rate_hz;
  const double busy = sound.hop_cycles / (find_board(id).clock_hz * hop_seconds);
  fmt::print("{}: {} cycles a hop, {:.1f} % of real time; flash {}, RAM {}, stack {} bytes\n", what, sound.hop_cycles,
             100 * busy, sound.flash_bytes, sound.ram_bytes, sound.stack_bytes);
  CHECK(sound.hop_cycles <= limits.hop_cycles);
  CHECK(sound.flash_bytes <= limits.flash_bytes);
  CHECK(sound.ram_bytes <= limits.ram_bytes);
}

const Settings usual_sound{.sample_rate_hz = 16000};
const Settings usual_mfcc{.kind = Settings::mfcc, .sample_rate_hz = 16000};
const Settings usual_pcen{.kind = Settings::pcen, .sample_rate_hz = 16000};

}  // namespace

TEST_CASE("sound features on a Cortex-M0+ are the host's, byte for byte, in a fifth of real time and 4 KB of RAM",
          "[sound]") {
  check_on_board(usual_sound, "mkrzero", {.hop_cycles = 168'500, .flash_bytes = 5'130, .ram_bytes = 3'092});
  check_on_board(usual_mfcc, "mkrzero", {.hop_cycles = 184'500, .flash_bytes = 6'380, .ram_bytes = 3'252});
  check_on_board(usual_pcen, "mkrzero", {.hop_cycles = 190'900, .flash_bytes = 5'950, .ram_bytes = 3'412});
}

TEST_CASE("sound features on a Cortex-M4F are the host's, byte for byte", "[sound]") {
  check_on_board(usual_sound, "virtual-m4f", {.hop_cycles = 90'900});
  check_on_board(usual_mfcc, "virtual-m4f", {.hop_cycles = 95'200});
  check_on_board(usual_pcen, "virtual-m4f", {.hop_cycles = 98'200});
}

TEST_CASE("sound features of other rates and frames on the virtual boards are the host's, byte for byte", "[sound]") {
  for (const char* id : {"mkrzero", "virtual-m4f"})
    for (const Settings::Kind kind : {Settings::log_mel, Settings::mfcc, Settings::pcen}) {
      const Settings at_8_khz{kind, 8000, 8000, 256, 160, 20, 60, 3800},
          at_44_khz{kind, 44100, 44100, 1024, 441, 64, 60, 20000}, tiny{kind, 16000, 16000, 99, 40, 13, 0, 8000};
      for (const Settings& settings : {at_8_khz, at_44_khz, tiny}) check_on_board(settings, id, {});
    }
}
