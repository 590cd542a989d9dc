#include "features/sound_tables.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>

namespace dragonet {
namespace {

constexpr double pi = std::numbers::pi;

int fft_points(const SoundFeatureSettings& settings) {
  return static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::max(64, settings.frame_samples))));
}

std::vector<std::int32_t> quarter_cosine(int points) {
  std::vector<std::int32_t> cosines;
  for (int i = 0; i <= points / 4; ++i)
    cosines.push_back(static_cast<std::int32_t>(std::lround((1 << twiddle_bits) * std::cos(2 * pi * i / points))));
  return cosines;
}

// Hann's, periodic.
std::vector<std::int16_t> hann_window(int frame) {
  std::vector<std::int16_t> window;
  for (int i = 0; i < frame; ++i)
    window.push_back(static_cast<std::int16_t>(std::lround(32767 * (0.5 - 0.5 * std::cos(2 * pi * i / frame)))));
  return window;
}

// Of the sum of |x|, with room for rounding.
int sample_bits(const std::vector<std::int16_t>& window) {
  const double sum = std::accumulate(window.begin(), window.end(), 0.0) / 32768;
  return static_cast<int>(std::floor(fft_bits - 1 - std::log2(sum + 1)));
}

// O'Shaughnessy 1987, as in HTK (The HTK Book 3.4, section 5.4) and TensorFlow's linear_to_mel_weight_matrix.
double mel_of(double hz) { return 1127 * std::log1p(hz / 700); }

// From bin 1: neither 0 Hz nor half the rate is inside a triangle.
std::vector<double> mel_of_bins(int points, double bin_hz) {
  std::vector<double> mels;
  for (int bin = 1; bin < points / 2; ++bin) mels.push_back(mel_of(bin * bin_hz));
  return mels;
}

struct Triangle {
  double left, centre, right;  // in mel
};

// Of height 1, straight in mel.
double height_at(double mel, const Triangle& t) {
  return std::max(0.0, std::min((mel - t.left) / (t.centre - t.left), (t.right - mel) / (t.right - t.centre)));
}

std::size_t nearest_to(double mel, const std::vector<double>& mels) {
  const auto distance = [&](double a, double b) { return std::abs(a - mel) < std::abs(b - mel); };
  return std::ranges::min_element(mels, distance) - mels.begin();
}

void add_band(SoundNumbers& numbers, const Triangle& triangle, const std::vector<double>& mels) {
  MelBand band{0, 0};
  for (std::size_t i = 0; i < mels.size(); ++i) {
    const auto weight = static_cast<std::int16_t>(std::lround(32767 * height_at(mels[i], triangle)));
    if (weight == 0) continue;
    if (band.bins++ == 0) band.first_bin = static_cast<std::uint16_t>(i + 1);
    numbers.weights.push_back(weight);
  }
  if (band.bins == 0) {  // it lies between two bins
    band = {static_cast<std::uint16_t>(nearest_to(triangle.centre, mels) + 1), 1};
    numbers.weights.push_back(32767);
  }
  numbers.bands.push_back(band);
}

void add_bands(SoundNumbers& numbers, const SoundFeatureSettings& settings) {
  const int points = numbers.tables.fft.points;
  const std::vector<double> mels = mel_of_bins(points, double(settings.sample_rate_hz) / points);
  const double low = mel_of(settings.low_hz), step = (mel_of(settings.high_hz) - low) / (settings.bands + 1);
  for (int b = 0; b < settings.bands; ++b)
    add_band(numbers, {low + b * step, low + (b + 1) * step, low + (b + 2) * step}, mels);
}

// By Parseval, of twice the transform of a sine of 32768, in one half of the spectrum.
double full_scale_power(const std::vector<std::int16_t>& window, int points) {
  const double squares = std::inner_product(window.begin(), window.end(), window.begin(), 0.0);
  return 32768.0 * 32768.0 * points * squares;
}

void add_level_scale(Mel& mel, const SoundFeatureSettings& settings) {
  const double range_db = settings.high_db - settings.low_db, octave_db = 10 * std::log10(2);
  mel.unit_scale = static_cast<std::int32_t>(std::lround(octave_db / range_db * (1 << 24)));
  mel.unit_low = static_cast<std::int32_t>(std::lround(settings.low_db / range_db * 65536));
}

// firmware/features/mfcc.h
std::vector<std::int16_t> cosine_transform(int coefficients, int bands) {
  std::vector<std::int16_t> factors;
  for (int k = 0; k < coefficients; ++k)
    for (int b = 0; b < bands; ++b) {
      const double factor = k == 0 ? 1.0 / bands : std::sqrt(2.0 / bands) / 2 * std::cos(pi * k * (b + 0.5) / bands);
      factors.push_back(static_cast<std::int16_t>(std::lround(factor * 65536)));
    }
  return factors;
}

// firmware/features/pcen.h
std::uint16_t smoothing(const SoundFeatureSettings& settings) {
  const double seconds = double(settings.hop_samples) / settings.sample_rate_hz;
  return static_cast<std::uint16_t>(std::lround(65535 * (1 - std::exp(-seconds / 0.4))));
}

}  // namespace

SoundNumbers sound_numbers(const SoundFeatureSettings& settings) {
  const int points = fft_points(settings), frame = settings.frame_samples;
  SoundNumbers numbers{.cosines = quarter_cosine(points), .window = hann_window(frame), .tables = {}};
  SoundTables& tables = numbers.tables;
  tables.frame_samples = static_cast<std::uint16_t>(frame);
  tables.hop_samples = static_cast<std::uint16_t>(settings.hop_samples);
  tables.columns = static_cast<std::uint16_t>(settings.columns());
  tables.fft.points = static_cast<std::uint16_t>(points);
  tables.sample_bits = static_cast<std::int16_t>(sample_bits(numbers.window));
  tables.mel.bands = static_cast<std::uint16_t>(settings.bands);
  tables.mel.full_scale_q16 =
      static_cast<std::int32_t>(std::lround(65536 * std::log2(full_scale_power(numbers.window, points))));
  add_bands(numbers, settings);
  add_level_scale(tables.mel, settings);
  if (settings.kind == SoundFeatureSettings::mfcc)
    numbers.cosine_transform = cosine_transform(settings.coefficients, settings.bands);
  if (settings.kind == SoundFeatureSettings::pcen) tables.smoothing = smoothing(settings);
  return numbers;
}

SoundTables tables_of(const SoundNumbers& numbers) {
  SoundTables tables = numbers.tables;
  tables.fft.cosines = numbers.cosines.data();
  tables.window = numbers.window.data();
  tables.mel.places = numbers.bands.data();
  tables.mel.weights = numbers.weights.data();
  tables.cosine_transform = numbers.cosine_transform.data();
  return tables;
}

SoundBuffers sound_buffers(const SoundFeatureSettings& settings) {
  const auto bands = static_cast<std::size_t>(settings.bands);
  return {.history = static_cast<std::size_t>(settings.frame_samples),
          .spectrum = static_cast<std::size_t>(fft_points(settings) / 2),
          .levels = settings.kind == SoundFeatureSettings::mfcc ? bands : 0,
          .smoothed = settings.kind == SoundFeatureSettings::pcen ? bands : 0};
}

}  // namespace dragonet
