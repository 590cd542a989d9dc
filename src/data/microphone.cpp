#include "data/microphone.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/chance.h"

namespace dragonet {
namespace {

using Samples = std::vector<float>;

/// As ears hear frequencies: an octave is as likely as another.
double octaves_between(double least, double most, std::mt19937& random) {
  return std::exp(between(std::log(least), std::log(most), random));
}

double decibels(double level) { return std::pow(10, level / 20); }

double rms_of(const Samples& samples) {
  double sum = 0;
  for (const float x : samples) sum += double(x) * x;
  return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(samples.size(), 1)));
}

void scale(Samples& samples, double factor) {
  for (float& x : samples) x = static_cast<float>(x * factor);
}

void scale_to(Samples& samples, double rms) {
  if (const double now = rms_of(samples); now > 0) scale(samples, rms / now);
}

void add(Samples& samples, const Samples& others, double factor) {
  for (std::size_t i = 0; i < std::min(samples.size(), others.size()); ++i)
    samples[i] += static_cast<float>(factor * others[i]);
}

// --- Filters

/// y = (b0 + b1/z + b2/z^2) / (1 + a1/z + a2/z^2) x. Source: Bristow-Johnson, "Cookbook formulae for audio EQ biquad
/// filter coefficients".
struct Biquad {
  double b0, b1, b2, a1, a2;
};

struct Angle {
  Angle(double hz, double q, int rate_hz)
      : cosine(std::cos(2 * std::numbers::pi * hz / rate_hz)),
        alpha(std::sin(2 * std::numbers::pi * hz / rate_hz) / (2 * q)) {}
  double cosine, alpha;
};

Biquad low_pass(double hz, double q, int rate_hz) {
  const auto [c, alpha] = Angle(hz, q, rate_hz);
  const double a0 = 1 + alpha, b = (1 - c) / a0;
  return {b / 2, b, b / 2, -2 * c / a0, (1 - alpha) / a0};
}

Biquad high_pass(double hz, double q, int rate_hz) {
  const auto [c, alpha] = Angle(hz, q, rate_hz);
  const double a0 = 1 + alpha, b = (1 + c) / a0;
  return {b / 2, -b, b / 2, -2 * c / a0, (1 - alpha) / a0};
}

Biquad band_pass(double hz, double q, int rate_hz) {
  const auto [c, alpha] = Angle(hz, q, rate_hz);
  const double a0 = 1 + alpha;
  return {alpha / a0, 0, -alpha / a0, -2 * c / a0, (1 - alpha) / a0};
}

Biquad peak(double hz, double q, double gain_db, int rate_hz) {
  const auto [c, alpha] = Angle(hz, q, rate_hz);
  const double a = std::sqrt(decibels(gain_db)), a0 = 1 + alpha / a;
  return {(1 + alpha * a) / a0, -2 * c / a0, (1 - alpha * a) / a0, -2 * c / a0, (1 - alpha / a) / a0};
}

void filter(Samples& samples, const Biquad& f) {
  double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
  for (float& x : samples) {
    const double y = f.b0 * x + f.b1 * x1 + f.b2 * x2 - f.a1 * y1 - f.a2 * y2;
    x2 = x1, x1 = x, y2 = y1, y1 = y;
    x = static_cast<float>(y);
  }
}

/// No filter may lie at half the rate, or above.
double within(double hz, int rate_hz) { return std::min(hz, 0.45 * rate_hz); }

// --- Noises

Samples white_noise(std::size_t count, std::mt19937& random) {
  std::normal_distribution<double> normal;
  Samples noise(count);
  for (float& x : noise) x = static_cast<float>(normal(random));
  return noise;
}

/// Loudness comes and goes.
void swell(Samples& noise, std::mt19937& random) {
  const double turns = between(0.2, 6, random), depth = between(0, 0.9, random), phase = between(0, 6.3, random);
  for (std::size_t i = 0; i < noise.size(); ++i) {
    const double angle = 2 * std::numbers::pi * turns * static_cast<double>(i) / static_cast<double>(noise.size());
    noise[i] *= static_cast<float>(1 + depth * std::sin(angle + phase));
  }
}

/// White noise through one pole: 0 stays white, near 1 it rumbles.
Samples coloured_noise(std::size_t count, int, std::mt19937& random) {
  const double pole = 1 - octaves_between(0.02, 1, random);
  Samples noise = white_noise(count, random);
  double state = 0;
  for (float& x : noise) x = static_cast<float>(state = pole * state + x);
  swell(noise, random);
  return noise;
}

/// Water, wind, a fan: a range of frequencies.
Samples band_noise(std::size_t count, int rate_hz, std::mt19937& random) {
  Samples noise = white_noise(count, random);
  filter(noise, band_pass(within(octaves_between(100, 6000, random), rate_hz), between(0.4, 3, random), rate_hz));
  swell(noise, random);
  return noise;
}

/// The mains and motors: a tone with many harmonics.
Samples hum(std::size_t count, int rate_hz, std::mt19937& random) {
  const double mains = happens(0.5, random) ? 50 : 60;
  const double hz = happens(0.6, random) ? mains : octaves_between(30, 500, random), fall_db = between(0, 6, random);
  Samples noise(count, 0);
  for (int harmonic = 1; harmonic <= 15 && harmonic * hz < 0.45 * rate_hz; ++harmonic) {
    const double gain = decibels(-fall_db * harmonic - between(0, 20, random)), phase = between(0, 6.3, random);
    const double step = 2 * std::numbers::pi * hz * harmonic / rate_hz;
    for (std::size_t i = 0; i < count; ++i)
      noise[i] += static_cast<float>(gain * std::sin(step * static_cast<double>(i) + phase));
  }
  return noise;
}

/// Dishes, keys, doors: things that ring for some milliseconds.
Samples clatter(std::size_t count, int rate_hz, std::mt19937& random) {
  Samples noise(count, 0);
  const int hits = 1 + static_cast<int>(random() % 12);
  const double most_ring_s = octaves_between(0.002, 0.1, random);
  for (int hit = 0; hit < hits; ++hit) {
    const auto first = static_cast<std::size_t>(between(0, 1, random) * static_cast<double>(count));
    const double gain = decibels(between(-20, 0, random)), ring_s = most_ring_s * between(0.3, 1, random);
    const double hz = octaves_between(200, 6000, random), hiss = between(0, 1, random);
    for (std::size_t i = first; i < count; ++i) {
      const double t = static_cast<double>(i - first) / rate_hz;
      if (t > 7 * ring_s) break;
      const double tone = std::sin(2 * std::numbers::pi * hz * t), noisy = between(-1, 1, random);
      noise[i] += static_cast<float>(gain * std::exp(-t / ring_s) * ((1 - hiss) * tone + hiss * noisy));
    }
  }
  return noise;
}

/// Music, whistles, animals: tones that glide, begin and end.
Samples glides(std::size_t count, int rate_hz, std::mt19937& random) {
  Samples noise(count, 0);
  const int tones = 1 + static_cast<int>(random() % 4);
  for (int tone = 0; tone < tones; ++tone) {
    const double from_hz = octaves_between(100, 3000, random), octaves = between(-1, 1, random) * between(0, 1, random);
    const double first = between(-0.3, 0.9, random), length = between(0.1, 1.2, random);
    const double second = between(0, 0.7, random), third = between(0, 0.4, random);
    double phase = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double place = (static_cast<double>(i) / static_cast<double>(count) - first) / length;
      if (place < 0 || place > 1) continue;
      phase += 2 * std::numbers::pi * within(from_hz * std::exp2(octaves * place), rate_hz) / rate_hz;
      const double envelope = std::sin(std::numbers::pi * place);
      noise[i] +=
          static_cast<float>(envelope * (std::sin(phase) + second * std::sin(2 * phase) + third * std::sin(3 * phase)));
    }
  }
  return noise;
}

using MakeNoise = Samples (*)(std::size_t count, int rate_hz, std::mt19937&);

/// One kind of noise with up to two others. Steady ones are more frequent, as in rooms.
Samples any_noise(std::size_t count, int rate_hz, std::mt19937& random) {
  static constexpr MakeNoise kinds[]{coloured_noise, coloured_noise, band_noise, band_noise, hum, clatter, glides};
  const auto one = [&] {
    Samples noise = kinds[random() % std::size(kinds)](count, rate_hz, random);
    scale_to(noise, 1);
    return noise;
  };
  Samples noise = coloured_noise(count, rate_hz, random);  // no room is without
  scale_to(noise, decibels(between(-40, 0, random)));
  for (int others = 1 + static_cast<int>(random() % 2); others > 0; --others)
    add(noise, one(), decibels(between(-15, 0, random)));
  return noise;
}

// --- Rooms and microphones

/// Echoes that die away: a few strong ones, then ever weaker and duller ones in thousands. Source: velvet noise of
/// Karjalainen and Jarvelainen 2007, "Reverberation modeling using velvet noise".
void add_echoes(Samples& samples, int rate_hz, std::mt19937& random) {
  const double seconds = octaves_between(0.05, 0.6, random), per_second = 1000;  // until 60 dB are gone
  const double level = decibels(between(-30, -3, random));
  const auto count = static_cast<std::size_t>(seconds * per_second);
  Samples echoes(samples.size(), 0);
  for (std::size_t echo = 0; echo < count; ++echo) {
    const double delay_s = 0.002 + (static_cast<double>(echo) + between(0, 1, random)) / per_second;
    const double gain = (random() & 1 ? 1 : -1) * decibels(-60 * delay_s / seconds);
    const auto delay = static_cast<std::size_t>(delay_s * rate_hz);
    for (std::size_t i = delay; i < samples.size(); ++i) echoes[i] += static_cast<float>(gain * samples[i - delay]);
  }
  filter(echoes, low_pass(within(octaves_between(1500, 7000, random), rate_hz), 0.7, rate_hz));
  if (const double echo_rms = rms_of(echoes); echo_rms > 0) add(samples, echoes, level * rms_of(samples) / echo_rms);
}

/// An exponent below 0 makes quiet parts of a word louder, or, above 0, quieter: how strong an n is beside its vowel is
/// each speaker's own, and automatic gain changes it again.
void compress(Samples& samples, double exponent, int rate_hz) {
  const double keep = std::exp(-1.0 / (0.02 * rate_hz));
  double power = 0, most = 0;
  Samples powers;
  for (const float x : samples)
    most = std::max(most, power = keep * power + (1 - keep) * x * x), powers.push_back(static_cast<float>(power));
  const auto ahead = static_cast<std::size_t>(0.02 * rate_hz);  // by which the power lags
  for (std::size_t i = 0; most > 0 && i < samples.size(); ++i) {
    const double share = std::max(powers[std::min(i + ahead, samples.size() - 1)] / most, 1e-4);
    samples[i] *= static_cast<float>(std::pow(share, exponent / 2));
  }
}

/// A cheap one hears no bass, perhaps no treble, and some frequencies better than others.
void respond(Samples& samples, int rate_hz, std::mt19937& random) {
  filter(samples, high_pass(octaves_between(20, 300, random), 0.7, rate_hz));
  for (int bump = 0; bump < 3; ++bump) {
    const double hz = within(octaves_between(100, 7000, random), rate_hz), q = octaves_between(0.3, 2, random);
    filter(samples, peak(hz, q, between(-8, 8, random), rate_hz));
  }
  if (happens(0.4, random))
    filter(samples, low_pass(within(octaves_between(3000, 7500, random), rate_hz), 0.7, rate_hz));
}

/// Louder than the microphone can tell.
void overdrive(Samples& samples, std::mt19937& random) {
  float loudest = 0;
  for (const float x : samples) loudest = std::max(loudest, std::abs(x));
  const float limit = static_cast<float>(loudest * between(0.2, 0.8, random));
  for (float& x : samples) x = std::clamp(x, -limit, limit);
}

/// Where a word begins: within the recording, if it fits, or partly before or after it.
std::ptrdiff_t place_of(std::size_t word, std::size_t count, std::mt19937& random) {
  const double free = static_cast<double>(count) - static_cast<double>(word), cut = 0.15 * static_cast<double>(word);
  const double least = std::min(0.0, free), most = std::max(0.0, free), place = between(0, 1, random);
  if (!happens(1.0 / 7, random)) return static_cast<std::ptrdiff_t>(least + place * (most - least));
  return static_cast<std::ptrdiff_t>(place < 0.5 ? least - 2 * place * cut : most + 2 * (place - 0.5) * cut);
}

Samples placed(const Samples& word, std::size_t count, std::mt19937& random) {
  Samples samples(count, 0);
  const std::ptrdiff_t first = place_of(word.size(), count, random);
  for (std::ptrdiff_t i = 0; i < std::ssize(word); ++i)
    if (first + i >= 0 && first + i < std::ssize(samples)) samples[first + i] = word[i];
  return samples;
}

std::size_t count_of(double seconds, int rate_hz) { return static_cast<std::size_t>(seconds * rate_hz); }

}  // namespace

Sound mixed(const std::vector<Sound>& sounds, double seconds, int rate_hz, std::mt19937& random) {
  Sound mix{rate_hz, Samples(count_of(seconds, rate_hz), 0)};
  for (const Sound& sound : sounds) {
    const Samples samples = resampled(sound, rate_hz).samples;
    const std::size_t first = random(), gap = static_cast<std::size_t>(rate_hz) / 8;
    const double gain = decibels(between(-10, 0, random)) / std::max(1e-6, rms_of(samples));
    for (std::size_t i = 0; i < mix.samples.size(); ++i)
      if (const std::size_t at = (first + i) % (samples.size() + gap); at < samples.size())
        mix.samples[i] += static_cast<float>(gain * samples[at]);
  }
  return mix;
}

Sound room_noise(double seconds, int rate_hz, std::mt19937& random) {
  Sound noise{rate_hz, any_noise(count_of(seconds, rate_hz), rate_hz, random)};
  respond(noise.samples, rate_hz, random);
  if (happens(0.05, random)) overdrive(noise.samples, random);
  scale_to(noise.samples, decibels(happens(0.15, random) ? between(-95, -60, random) : between(-60, -12, random)));
  return noise;
}

Sound heard_in_a_room(const Sound& word, const Sound& background, double seconds, int rate_hz, std::mt19937& random) {
  const std::size_t count = count_of(seconds, rate_hz);
  Samples said = resampled(word, rate_hz).samples;
  compress(said, between(-0.4, 0.3, random), rate_hz);
  Sound heard{rate_hz, placed(said, count, random)};
  if (happens(0.7, random)) add_echoes(heard.samples, rate_hz, random);
  scale_to(heard.samples, 1);
  Samples noise = background.samples.empty() ? any_noise(count, rate_hz, random) : background.samples;
  scale_to(noise, decibels(-between(least_word_snr_db, most_word_snr_db, random)));
  add(heard.samples, noise, 1);
  respond(heard.samples, rate_hz, random);
  if (happens(0.1, random)) overdrive(heard.samples, random);
  scale_to(heard.samples, decibels(between(-36, -12, random)));
  return heard;
}

}  // namespace dragonet
