// Sound features in integers against the same in floating point by NumPy and SciPy (tests/sound_reference.py).
#include "features/sound_features.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>
#include <nlohmann/json.hpp>
#include <numbers>
#include <random>
#include <sstream>

#include "base/files.h"
#include "base/process.h"
#include "data/dataset.h"
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

const char* text_of(Settings::Kind kind) {
  const char* const names[] = {"log_mel", "mfcc", "pcen"};
  return names[kind];
}

nlohmann::json json_of(const Settings& s) {
  return {{"kind", text_of(s.kind)},
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
  }
  return errors;
}

// ---- rows of int8 ----

struct StepErrors {
  std::size_t values = 0, one_off = 0, more_off = 0;
};

StepErrors step_errors(const Settings& settings, const std::vector<Samples>& recordings) {
  std::vector<double> theirs = reference(settings, recordings);
  if (settings.kind == Settings::log_mel)
    for (double& db : theirs) db = (db - settings.low_db) / (settings.high_db - settings.low_db);
  StepErrors errors{.values = theirs.size()};
  auto expected = theirs.begin();
  for (const Samples& samples : recordings)
    for (const std::int8_t ours : sound_features(samples, settings)) {
      const auto steps = std::lround(std::clamp(*expected++, 0.0, 1.0) * 255) - (ours + 128);
      errors.one_off += std::abs(steps) == 1;
      errors.more_off += std::abs(steps) > 1;
    }
  return errors;
}

void check_steps(const Settings& settings, const std::vector<Samples>& recordings, const char* what) {
  const StepErrors errors = step_errors(settings, recordings);
  std::printf("%s of %s, %d Hz, frames of %d: %.3f %% of values one step off, %.4f %% more\n", text_of(settings.kind),
              what, settings.sample_rate_hz, settings.frame_samples, 100.0 * errors.one_off / errors.values,
              100.0 * errors.more_off / errors.values);
  CHECK(errors.one_off <= (settings.kind == Settings::pcen ? 0.04 : 0.01) * errors.values);
  CHECK(errors.more_off <= 0.0005 * errors.values);
}

const Settings at_8_khz{.sample_rate_hz = 8000,
                        .window_samples = 8000,
                        .frame_samples = 256,
                        .hop_samples = 160,
                        .bands = 20,
                        .high_hz = 3800};
const Settings at_44_khz{.sample_rate_hz = 44100,
                         .window_samples = 44100,
                         .frame_samples = 1024,
                         .hop_samples = 441,
                         .bands = 64,
                         .high_hz = 20000};
const Settings in_larger_fft{.sample_rate_hz = 16000, .frame_samples = 400, .hop_samples = 160};
const Settings largest{.sample_rate_hz = 16000, .frame_samples = 2048, .hop_samples = 2048, .bands = 128};
const Settings small_and_odd{.sample_rate_hz = 16000,
                             .frame_samples = 99,
                             .hop_samples = 99,
                             .bands = 10,
                             .low_hz = 0,
                             .high_hz = 8000,
                             .coefficients = 8};

Settings with(Settings settings, Settings::Kind kind) {
  settings.kind = kind;
  return settings;
}

// ---- real recordings ----

/// 16-bit mono PCM behind a canonical header of 44 bytes.
Samples read_canonical_wav(const fs::path& path) {
  const Bytes bytes = read_bytes(path);
  REQUIRE(bytes.size() > 44);
  Samples samples((bytes.size() - 44) / 2);
  std::memcpy(samples.data(), bytes.data() + 44, samples.size() * 2);
  return samples;
}

/// Or none, and a loud line.
std::vector<Samples> spoken_words() {
  const fs::path folder = "../shared/data/sound-speech-commands-a";
  std::vector<Samples> words;
  if (fs::exists(folder))
    for (const fs::path& file : files_below(folder))
      if (file.extension() == ".wav") words.push_back(read_canonical_wav(file));
  if (words.empty()) std::fprintf(stderr, "SKIPPED: no recordings in %s to compute features of\n", folder.c_str());
  return words;
}

bool is_constant(const std::vector<std::int8_t>& features, int value) {
  return std::ranges::all_of(features, [&](std::int8_t q) { return q == value; });
}

/// The band that is loudest in the middle row.
std::ptrdiff_t loudest_band(const Samples& samples, const Settings& settings) {
  const std::vector<std::int8_t> features = sound_features(samples, settings);
  const auto row = features.begin() + settings.rows() / 2 * settings.columns();
  return std::max_element(row, row + settings.columns()) - row;
}

std::string problems_text(const Settings& settings) {
  std::string text;
  for (const Problem& problem : problems_of(settings)) text += sentence(problem) + "\n";
  return text;
}

}  // namespace

TEST_CASE("levels of bands within 70 dB of the loudest are those of floating point within 0.1 dB, 0.12 in tiny frames",
          "[sound]") {
  if (!has_reference()) return;
  for (const Settings& settings : {usual, at_8_khz, at_44_khz, in_larger_fft, largest, small_and_odd}) {
    const LevelErrors errors = level_errors(settings, sounds(settings));
    std::printf("log-mel at %d Hz, frames of %d: within 70 dB of the loudest %.3f dB off, within 90 dB %.3f dB\n",
                settings.sample_rate_hz, settings.frame_samples, errors.near, errors.far);
    CHECK(errors.near <= (settings.frame_samples < 100 ? 0.12 : 0.1));
    CHECK(errors.far <= 1);
  }
}

TEST_CASE("rows of int8 are those of floating point, at most 1 % of values one step off (of PCEN 4 %), 0.05 % more",
          "[sound]") {
  if (!has_reference()) return;
  for (const Settings::Kind kind : {Settings::log_mel, Settings::mfcc, Settings::pcen})
    for (const Settings& settings : {usual, at_8_khz, at_44_khz, in_larger_fft, small_and_odd})
      check_steps(with(settings, kind), sounds(settings), "drawn sounds");
}

TEST_CASE("rows of spoken words are those of floating point, and quick to make", "[sound]") {
  const std::vector<Samples> words = spoken_words();
  if (words.empty()) return;
  for (const Settings::Kind kind : {Settings::log_mel, Settings::mfcc, Settings::pcen}) {
    const std::clock_t begun = std::clock();
    std::size_t clamped = 0, values = 0;
    for (const Samples& word : words)
      for (const std::int8_t q : sound_features(word, with(usual, kind))) clamped += q == -128 || q == 127, ++values;
    const double ms = 1000.0 * double(std::clock() - begun) / CLOCKS_PER_SEC / words.size();
    std::printf("%s of a second: %.2f ms; %.2f %% of values at either end\n", text_of(kind), ms,
                100.0 * clamped / values);
    CHECK(ms < 12);
    if (has_reference()) check_steps(with(usual, kind), words, "spoken words");
  }
  if (!has_reference()) return;
  const LevelErrors errors = level_errors(usual, words);
  std::printf("log-mel of spoken words: within 70 dB of the loudest %.3f dB off, within 90 dB %.3f dB\n", errors.near,
              errors.far);
  CHECK(errors.near <= 0.1);
}

TEST_CASE("a row comes for each frame that fits: the window's number of them", "[sound]") {
  for (const Settings& settings : {usual, at_8_khz, at_44_khz, in_larger_fft, largest, small_and_odd}) {
    const Samples samples = noise(settings, 100);
    const std::vector<std::int8_t> features = sound_features(samples, settings);
    CHECK(features.size() == std::size_t(settings.rows()) * settings.columns());
    const Samples shifted(samples.begin() + settings.hop_samples, samples.end());
    Settings shorter = settings;
    shorter.window_samples = static_cast<int>(shifted.size());
    if (shorter.window_samples < settings.frame_samples) continue;
    const std::vector<std::int8_t> later = sound_features(shifted, shorter);
    CHECK(std::equal(later.begin(), later.end(), features.begin() + settings.columns()));
  }
}

TEST_CASE("silence is the lowest level, and no step above usual in PCEN", "[sound]") {
  const Samples silence = constant(usual, 0);
  CHECK(is_constant(sound_features(silence, usual), -128));
  CHECK(is_constant(sound_features(silence, with(usual, Settings::pcen)), -128));
  const std::vector<std::int8_t> coefficients = sound_features(silence, with(usual, Settings::mfcc));
  CHECK(coefficients[0] == -128);
  CHECK(coefficients[1] == 0);  // half of 0..1
}

TEST_CASE("a constant is silence: the window holds nothing but its first two bins", "[sound]") {
  for (const double value : {1.0, 20000.0, -32768.0})
    CHECK(is_constant(sound_features(constant(usual, value), usual), -128));
}

TEST_CASE("a sine of full scale is at 0 dB in its band, and nothing is above it", "[sound]") {
  const Samples samples = sine(usual, 4000, 32767);
  const std::vector<double> levels = levels_db(samples, usual);
  CHECK(std::ranges::max(levels) < 0.01);
  CHECK(std::ranges::max(levels) > -3.1);  // half of it in each of two bands
}

TEST_CASE("no sound of full scale overflows: squares are at most 3 dB above a sine", "[sound]") {
  for (const Settings& settings : {usual, at_8_khz, at_44_khz, largest, small_and_odd})
    for (const int half_period : {2, 3, 8, 29}) {
      const double loudest = std::ranges::max(levels_db(squares(settings, half_period), settings));
      CHECK(loudest < 3.02);
      CHECK(loudest > -12);
    }
}

TEST_CASE("a tone is loudest in a band whose triangle it is in, also where triangles are narrower than bins",
          "[sound]") {
  const Settings narrow{.sample_rate_hz = 16000, .frame_samples = 128, .hop_samples = 128, .bands = 60, .low_hz = 0};
  std::ptrdiff_t last = -1;
  for (const double hz : {125.0, 500.0, 1000.0, 2000.0, 4000.0, 7000.0}) {
    const std::ptrdiff_t band = loudest_band(sine(narrow, hz, 20000), narrow);
    CHECK(band > last);
    last = band;
  }
  CHECK(sound_numbers(narrow).bands.size() == 60);
}

TEST_CASE("impossible settings are all told at once, with what is possible", "[sound]") {
  CHECK(problems_text(usual).empty());
  Settings wrong = usual;
  wrong.frame_samples = 4000, wrong.hop_samples = 5000, wrong.low_hz = 9000, wrong.high_hz = 8500, wrong.high_db = -110;
  const std::string text = problems_text(wrong);
  CHECK_THAT(text, Catch::Contains(": frame_samples is 4000; choose 16 to 2048\n"));
  CHECK_THAT(text, Catch::Contains("hop_samples is 5000; choose 1 to 4000\n"));
  CHECK_THAT(text, Catch::Contains("high_hz is 8500 Hz; choose 1 to 8000 Hz\n"));
  CHECK_THAT(text, Catch::Contains("low_hz is 9000 Hz; choose 0 to 8499 Hz\n"));
  CHECK_THAT(text, Catch::Contains("levels from low_db -80 to high_db -110; choose high_db at least 1 above"));
  CHECK_THAT(problems_text({.kind = Settings::pcen, .bands = 3}),
             Catch::Contains("sample_rate_hz is 0 Hz; choose 1000"));
  Settings many = with(usual, Settings::mfcc);
  many.coefficients = 41;
  CHECK_THAT(problems_text(many), Catch::Contains("coefficients is 41; choose 1 to 40"));
}
