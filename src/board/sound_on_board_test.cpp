// The chip's sound features are the host's, byte for byte; what they take of its time and memory. A bare program of the
// emitted tables and the feature's source is fed a sound that lies in flash, and prints rows and cycles.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <sstream>

#include "base/process.h"
#include "board/bare_image.h"
#include "board/core.h"
#include "board/stack.h"
#include "features/sound_features.h"
#include "features/sound_tables.h"

using namespace dragonet;

namespace {

using Settings = SoundFeatureSettings;

constexpr const char* program_text = R"code(#include "features/sound.h"
{tables}
static const int16_t samples[] = {{{samples}}};

static uint32_t ask_host(uint32_t operation, uint32_t argument) {{
  register uint32_t r0 asm("r0") = operation;
  register uint32_t r1 asm("r1") = argument;
  asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}}
static uint32_t elapsed() {{
  static uint32_t cycles[2];
  ask_host(0x30, (uint32_t)cycles);
  return cycles[0];
}}
static void print_hex(uint32_t value, int digits) {{
  char text[9];
  text[digits] = 0;
  for (; digits--; value >>= 4) text[digits] = "0123456789abcdef"[value & 15];
  ask_host(4, (uint32_t)text);
}}

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
  print_hex(sizeof state, 8);
  uint32_t hop_began = elapsed();
  for (uint32_t i = 0; i < sizeof samples / 2; ++i) {{
    if (!feed(samples[i], row)) continue;
    ask_host(4, (uint32_t)"\n");
    print_hex(elapsed() - hop_began, 8);
    for (uint32_t c = 0; c < {columns}; ++c) print_hex((uint8_t)row[c], 2);
    hop_began = elapsed();
  }}
  ask_host(0x18, 0x20026);
  return 0;
}}
)code";

fs::path link_program(const Settings& settings, const std::vector<std::int16_t>& samples, const Board& board,
                      const fs::path& folder) {
  const SoundBuffers sizes = sound_buffers(settings);
  std::string samples_text;
  for (const std::int16_t sample : samples) samples_text += std::to_string(sample) + ',';
  using fmt::arg;
  write_file(folder / "main.cpp",
             fmt::format(program_text, arg("tables", sound_tables_code(settings)), arg("samples", samples_text),
                         arg("history", sizes.history), arg("spectrum", sizes.spectrum), arg("levels", sizes.levels),
                         arg("smoothed", sizes.smoothed), arg("columns", settings.columns()),
                         arg("kind", sound_kind_code(settings))));
  const fs::path elf = folder / "bare.elf", firmware = firmware_folder(), rooms = firmware / "boards" / board.id;
  std::vector<std::string> command{"arm-none-eabi-g++",
                                   "-mthumb",
                                   "-O2",
                                   "-std=gnu++11",
                                   "-Wall",
                                   "-Wextra",
                                   "-Werror",
                                   "-nostdlib",
                                   "-ffreestanding",
                                   "-fno-exceptions",
                                   "-fno-rtti",
                                   "-fno-threadsafe-statics",
                                   "-ffunction-sections",
                                   "-Wl,--gc-sections",
                                   "-Wl,--no-warn-rwx-segments"};
  for (const std::string& flag : core_of(board).compiler_flags) command.push_back(flag);
  for (const fs::path& argument :
       {fs::path("-I"), firmware, rooms / "start.cpp", firmware / "io" / "memory.cpp", folder / "main.cpp",
        fs::path("-T"), rooms / (board.id + ".ld"), fs::path("-lgcc"), fs::path("-o"), elf})
    command.push_back(argument.string());
  const ProcessResult linked = run_process(command);
  INFO(linked.output);
  REQUIRE(linked.status == 0);
  return elf;
}

struct BoardSound {
  std::vector<std::int8_t> features;
  std::uint64_t hop_cycles = 0;                // the most, flash's wait states among them; without the first row's
  std::size_t flash_bytes = 0, ram_bytes = 0;  // of the features: code and tables; all variables but the row
  std::uint32_t stack_bytes = 0;
};

unsigned long from_hex(const std::string& text) { return std::stoul(text, nullptr, 16); }

/// All but what the test itself brings.
std::size_t flash_bytes(const Elf& elf, const Board& board) {
  std::size_t bytes = 0;
  for (const ElfSymbol& symbol : elf.symbols) {
    const auto names = [&](const char* what) { return symbol.name.find(what) != std::string::npos; };
    if (names("main") || names("samples") || names("vectors") || names("Reset_Handler") || names("print_hex")) continue;
    if (board.flash.contains(symbol.address)) bytes += symbol.bytes;
  }
  return bytes;
}

BoardSound run_on_board(const Settings& settings, const std::vector<std::int16_t>& samples, const std::string& id) {
  const TemporaryFolder folder;
  const Board& board = find_board(id);
  const Elf elf = read_elf(link_program(settings, samples, board, folder.path()));
  const BareRun run = run_bare(elf, board);
  CHECK(run.stack_used <= deepest_stack(elf, disassembled_frames(elf), "Reset_Handler").bytes);
  std::istringstream lines(run.printed);
  std::string line;
  std::getline(lines, line);
  BoardSound sound{.flash_bytes = flash_bytes(elf, board),
                   .ram_bytes = from_hex(line) + sound_buffers(settings).bytes(),
                   .stack_bytes = run.stack_used};
  for (bool is_first = true; std::getline(lines, line); is_first = false) {
    if (!is_first) sound.hop_cycles = std::max<std::uint64_t>(sound.hop_cycles, from_hex(line.substr(0, 8)));
    for (std::size_t i = 8; i < line.size(); i += 2)
      sound.features.push_back(static_cast<std::int8_t>(from_hex(line.substr(i, 2))));
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
  check_on_board(usual_mfcc, "mkrzero", {.hop_cycles = 183'500, .flash_bytes = 6'380, .ram_bytes = 3'252});
  check_on_board(usual_pcen, "mkrzero", {.hop_cycles = 189'500, .flash_bytes = 5'950, .ram_bytes = 3'412});
}

TEST_CASE("sound features on a Cortex-M4F are the host's, byte for byte", "[sound]") {
  check_on_board(usual_sound, "virtual-m4f", {.hop_cycles = 89'500});
  check_on_board(usual_mfcc, "virtual-m4f", {.hop_cycles = 94'000});
  check_on_board(usual_pcen, "virtual-m4f", {.hop_cycles = 97'000});
}

TEST_CASE("sound features of other rates and frames on the virtual boards are the host's, byte for byte", "[sound]") {
  for (const char* id : {"mkrzero", "virtual-m4f"})
    for (const Settings::Kind kind : {Settings::log_mel, Settings::mfcc, Settings::pcen}) {
      const Settings at_8_khz{kind, 8000, 8000, 256, 160, 20, 60, 3800},
          at_44_khz{kind, 44100, 44100, 1024, 441, 64, 60, 20000}, tiny{kind, 16000, 16000, 99, 40, 13, 0, 8000};
      for (const Settings& settings : {at_8_khz, at_44_khz, tiny}) check_on_board(settings, id, {});
    }
}
