// Sound features in integers against the same in floating point by NumPy and SciPy (tests/sound_reference.py).
#include "features/sound_features.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <numbers>
#include <optional>
#include <random>

#include "base/files.h"
#include "base/process.h"
#include "features/sound_tables.h"

using namespace dragonet;

namespace {

using Samples = std::vector<std::int16_t>;
using Settings = SoundFeatureSettings;

const Settings usual{.sample_rate_hz = 16000};

// ---- sounds ----

std::int16_t clipped(double x) { return static_cast<std::int16_t>(std::lround(std::clamp(x, -32768.0, 32767.0))); }

/// One window of a function of the sample's number.
Samples sound_of(const Settings& settings, const std::function<double(int)>& value) {
  Samples samples;
  for (int i = 0; i < settings.window_samples; ++i) samples.push_back(clipped(value(i)));
  return samples;
}

Samples sine(const Settings& settings, double hz, double amplitude) {
  const double step = 2 * std::numbers::pi * hz / settings.sample_rate_hz;
  return sound_of(settings, [&](int i) { return amplitude * std::sin(step * i); });
}

Samples chirp(const Settings& settings, double amplitude) {  // from 0 to half the rate
  const double step = std::numbers::pi / 2 / settings.window_samples;
  return sound_of(settings, [&](int i) { return amplitude * std::sin(step * i * i); });
}

Samples noise(const Settings& settings, double deviation) {
  std::mt19937 random(5);
  std::normal_distribution<double> normal(0, deviation);
  return sound_of(settings, [&](int) { return normal(random); });
}

Samples squares(const Settings& settings, int half_period) {
  return sound_of(settings, [&](int i) { return i / half_period % 2 ? -32768 : 32767; });
}

Samples clicks(const Settings& settings) {
  return sound_of(settings, [&](int i) { return i % 1234 == 600 ? 30000 : 0; });
}

Samples constant(const Settings& settings, double value) {
  return sound_of(settings, [&](int) { return value; });
}

Samples sum(Samples a, const Samples& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = clipped(a[i] + b[i]);
  return a;
}

std::vector<Samples> sounds(const Settings& s) {
  const double rate = s.sample_rate_hz;
  return {sine(s, rate / 16, 32767),
          sine(s, rate * 0.0273, 300),
          sum(sine(s, rate * 0.0273, 25000), noise(s, 8)),
          sum(constant(s, 9000), noise(s, 30)),
          chirp(s, 32767),
          chirp(s, 20),
          noise(s, 6000),
          noise(s, 1),
          noise(s, 0.3),
          squares(s, 37),
          squares(s, 500),
          clicks(s)};
}

// ---- the judge ----

bool has_reference() {
  static const bool has = run_process({"/usr/bin/python3", "-c", "import numpy, scipy"}).status == 0;
  if (!has)
    std::fprintf(stderr,
                 "SKIPPED: sound features are compared with nothing: no python3-numpy and python3-scipy here\n");
  return has;
}

nlohmann::json json_of(const Settings& s) {
  const char* const kinds[] = {"log_mel", "mfcc", "pcen"};
  return {{"kind", kinds[s.kind]},
          {"sample_rate_hz", s.sample_rate_hz},
          {"frame_samples", s.frame_samples},
          {"hop_samples", s.hop_samples},
          {"bands", s.bands},
          {"low_hz", s.low_hz},
          {"high_hz", s.high_hz},
          {"coefficients", s.coefficients},
          {"low_db", s.low_db},
          {"high_db", s.high_db},
          {"window_samples", s.window_samples}};
}

/// [recordings, rows, columns], each recording of one window.
std::vector<double> reference(const Settings& settings, const std::vector<Samples>& recordings) {
  const TemporaryFolder folder;
  const fs::path json = folder.path() / "settings.json", in = folder.path() / "samples", out = folder.path() / "out";
  Bytes bytes;
  for (const Samples& samples : recordings) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(samples.data());
    bytes.insert(bytes.end(), first, first + 2 * samples.size());
  }
  write_file(json, json_of(settings).dump());
  write_file(in, bytes);
  const ProcessResult ran = run_process({"/usr/bin/python3", "tests/sound_reference.py", json, in, out});
  INFO(ran.output);
  REQUIRE(ran.status == 0);
  const Bytes written = read_bytes(out);
  std::vector<double> values(written.size() / sizeof(double));
  std::memcpy(values.data(), written.data(), written.size());
  return values;
}

// ---- levels, before they become int8 ----

/// [rows, bands] in dB, by the chip's functions.
std::vector<double> levels_db(const Samples& samples, const Settings& settings) {
  const SoundNumbers numbers = sound_numbers(settings);
  const SoundTables tables = tables_of(numbers);
  Samples history(settings.frame_samples);
  std::vector<Complex> spectrum(tables.fft.points / 2);
  SoundState state{history.data(), spectrum.data(), nullptr, nullptr, 0, true};
  std::vector<double> levels;
  for (int row = 0; row < settings.rows(); ++row) {
    std::copy_n(samples.begin() + row * settings.hop_samples, settings.frame_samples, history.begin());
    const int exponent = transform_frame(tables, state);
    const std::int16_t* weights = tables.mel.weights;
    for (const MelBand& band : numbers.bands) {
      levels.push_back(band_level(tables.mel, spectrum.data(), exponent, band, weights) / 65536.0 * 10 * std::log10(2));
      weights += band.bins;
    }
  }
  return levels;
}

struct LevelErrors {
  double near = 0, far = 0;  // the largest in dB, of bands up to 70 dB below their frame's loudness, and up to 90 dB
};

/// The level of its loudest sample: that is what the frame is scaled by, be it in a band, outside of all, or at the
/// edge.
double loudness_db(std::span<const std::int16_t> frame) {
  double peak = 1;
  for (const std::int16_t x : frame) peak = std::max(peak, std::abs(double(x)));
  return 20 * std::log10(peak / 32768);
}

void take_errors(LevelErrors& errors, double loudness, std::span<const double> ours, std::span<const double> theirs) {
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double error = std::abs(ours[i] - theirs[i]);
    if (theirs[i] > loudness - 70) errors.near = std::max(errors.near, error);
    if (theirs[i] > loudness - 90) errors.far = std::max(errors.far, error);
  }
}

LevelErrors level_errors(const Settings& settings, const std::vector<Samples>& recordings) {
  const std::vector<double> theirs = reference(settings, recordings);
  const std::size_t bands = settings.bands;
  LevelErrors errors;
  auto expected = theirs.begin();
  for (const Samples& samples : recordings) {
    const std::vector<double> ours = levels_db(samples, settings);
    for (int row = 0; row < settings.rows(); ++row, expected += settings.bands) {
      const auto frame = std::span(samples).subspan(row * settings.hop_samples, settings.frame_samples);
      take_errors(errors, loudness_db(frame), std::span(ours).subspan(row * bands, bands), {expected, bands});
    }
    if (getenv("VERBOSE")) std::printf("   %.4f %.4f\n", errors.near, errors.far);
  }
  return errors;
}

}  // namespace

TEST_CASE("levels of bands within 70 dB of the loudest are those of floating point within 0.1 dB") {
  if (!has_reference()) return;
  for (const Settings& settings :
       {usual,
        Settings{.sample_rate_hz = 8000,
        .window_samples = 8000,
        .frame_samples = 256,
        .hop_samples = 160,
        .bands = 20,
        .high_hz = 3800},
        Settings{.sample_rate_hz = 44100,
        .window_samples = 44100,
        .frame_samples = 1024,
        .hop_samples = 441,
        .bands = 64,
        .high_hz = 20000},
        Settings{.sample_rate_hz = 16000, .frame_samples = 400, .hop_samples = 160},
        Settings{.sample_rate_hz = 16000, .frame_samples = 2048, .hop_samples = 2048, .bands = 128},
        Settings{.sample_rate_hz = 16000,
        .frame_samples = 33,
        .hop_samples = 33,
        .bands = 10,
        .low_hz = 0,
        .high_hz = 8000}}) {
    const LevelErrors errors = level_errors(settings, sounds(settings));
    std::printf("log-mel at %d Hz, frames of %d: within 70 dB of the loudest %.3f dB off, within 90 dB %.3f dB\n",
                settings.sample_rate_hz, settings.frame_samples, errors.near, errors.far);
    CHECK(errors.near <= 0.1);
  }
}
