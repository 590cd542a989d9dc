#include "data/sound.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "base/error.h"

using namespace dragonet;

namespace {

void add(Bytes& file, const char* text) { file.insert(file.end(), text, text + 4); }

void add(Bytes& file, std::uint32_t number, int bytes = 4) {
  for (int i = 0; i < bytes; ++i) file.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

/// RIFF, of one channel at 16000 Hz. `format` 1: whole numbers; 3: floats.
Bytes wav(const Bytes& samples, int format, int bits, std::uint32_t length, std::uint32_t riff) {
  Bytes file;
  add(file, "RIFF"), add(file, riff), add(file, "WAVE"), add(file, "fmt "), add(file, 16);
  add(file, static_cast<std::uint32_t>(format), 2), add(file, 1, 2), add(file, 16000);
  add(file, static_cast<std::uint32_t>(16000 * bits / 8)), add(file, static_cast<std::uint32_t>(bits / 8), 2);
  add(file, static_cast<std::uint32_t>(bits), 2), add(file, "data"), add(file, length);
  file.insert(file.end(), samples.begin(), samples.end());
  return file;
}

Bytes whole_numbers(int count) {
  Bytes samples;
  for (int i = 0; i < count; ++i) add(samples, static_cast<std::uint16_t>(std::lrint(9000 * std::sin(i * 0.1))), 2);
  return samples;
}

template <typename Number>
Sound of_floats(const std::vector<Number>& numbers) {
  Bytes samples(numbers.size() * sizeof(Number));
  std::memcpy(samples.data(), numbers.data(), samples.size());
  const auto length = static_cast<std::uint32_t>(samples.size());
  return decode_sound(wav(samples, 3, 8 * sizeof(Number), length, length + 36), "a.wav");
}

template <typename Number = float>
std::vector<Number> sine(double peak) {
  std::vector<Number> numbers;
  for (int i = 0; i < 4000; ++i) numbers.push_back(static_cast<Number>(peak * std::sin(i * 0.1)));
  return numbers;
}

float peak_of(const Sound& sound) {
  float peak = 0;
  for (const float x : sound.samples) peak = std::max(peak, std::abs(x));
  return peak;
}

std::string notes_of(const Sound& sound) {
  std::string all;
  for (const std::string& note : sound.notes) all += note + "\n";
  return all;
}

}  // namespace

TEST_CASE("floats in the range of 16, 24 or 32 bits are scaled down, and said to be") {
  const Sound sixteen = of_floats(sine(16383)), of_24_bits = of_floats(sine(6e6)), of_32_bits = of_floats(sine(1.5e9));
  CHECK(peak_of(sixteen) == Approx(0.5).margin(0.001));
  CHECK(peak_of(of_24_bits) == Approx(6e6 / 8388608).margin(0.001));
  CHECK(peak_of(of_32_bits) == Approx(1.5e9 / 2147483648.0).margin(0.001));
  CHECK(peak_of(of_floats(sine<double>(30000))) == Approx(30000.0 / 32768).margin(0.001));
  CHECK_THAT(notes_of(sixteen), Catch::Contains("16 bits and divided by 32768"));
  CHECK_THAT(notes_of(of_24_bits), Catch::Contains("24 bits and divided by 8388608"));
  std::vector<float> quiet = sine(9);
  for (float& x : quiet) x = std::round(x);
  CHECK(peak_of(of_floats(quiet)) == Approx(9.0 / 32768));
}

TEST_CASE("floats that go to 1, or a little beyond, are what they are; one that is far off flattens nothing") {
  CHECK(of_floats(sine(1)).notes.empty());
  CHECK(of_floats(sine(0.001)).notes.empty());
  const Sound loud = of_floats(sine(1.5));
  CHECK(peak_of(loud) == Approx(1.5).margin(0.01));
  CHECK_THAT(notes_of(loud), Catch::Contains("beyond -1 and 1 are cut"));
  std::vector<float> spiked = sine(0.5);
  spiked[100] = 1e38f;
  const Sound sound = of_floats(spiked);
  CHECK(sound.samples[15] == Approx(spiked[15]));
  CHECK_THAT(notes_of(sound), Catch::Contains("beyond -1 and 1 are cut"));
  CHECK_THROWS_WITH(of_floats(sine(1e12)), Catch::Contains("a.wav: goes up to 1e+12"));
}

TEST_CASE("the samples of a stream, whose header gives no length, are read to the end, with a note") {
  const Bytes samples = whole_numbers(8000);
  for (const auto& [length, riff] : {std::pair{0u, 0u}, std::pair{0u, 36u}, std::pair{0xffffffffu, 0xffffffffu},
                                     std::pair{0x7ffff000u, 0x7ffff024u}, std::pair{0xfffffff0u, 0u}}) {
    INFO(length);
    const Sound sound = decode_sound(wav(samples, 1, 16, length, riff), "a.wav");
    CHECK(sound.samples.size() == 8000);
    CHECK(sound.samples[15] == Approx(9000 * std::sin(1.5) / 32768).margin(1e-4));
    CHECK_THAT(notes_of(sound), Catch::Contains("gives no length"));
  }
  CHECK_THROWS_WITH(decode_sound(wav({}, 1, 16, 0, 36), "a.wav"), Catch::Contains("holds no samples"));
}

TEST_CASE("a WAV file that is cut off, or holds more than it says, is read with a note") {
  const Bytes samples = whole_numbers(8000);
  CHECK(decode_sound(wav(samples, 1, 16, 16000, 16036), "a.wav").notes.empty());
  const Sound cut = decode_sound(wav(samples, 1, 16, 32000, 32036), "a.wav");
  CHECK(cut.samples.size() == 8000);
  CHECK_THAT(notes_of(cut), Catch::Contains("it is cut off"));
  const Sound more = decode_sound(wav(samples, 1, 16, 8000, 8036), "a.wav");
  CHECK(more.samples.size() == 4000);
  CHECK_THAT(notes_of(more), Catch::Contains("more follows than its header says"));
}

TEST_CASE("a cut FLAC file is noted, and one that unfolds into too much is refused before it takes the memory") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a.flac";
  Sound sound{.rate_hz = 16000};
  for (int i = 0; i < 40000; ++i) sound.samples.push_back(0.3f * std::sin(float(i) * float(i) * 1e-5f));
  write_sound(path, sound);
  Bytes file = read_bytes(path);
  CHECK(decode_sound(file, path).notes.empty());
  CHECK_THAT(notes_of(decode_sound({file.begin(), file.begin() + std::ssize(file) / 2}, path)),
             Catch::Contains("cut off or damaged"));
  // The number of samples is in the last 36 bits of the 8 bytes at 18 (RFC 9639, section 8.2), the rate in the
  // first 20.
  file[21] |= 0x0f, file[22] = 0xff;
  CHECK_THROWS_WITH(decode_sound(file, path), Catch::Contains("longer than an hour"));
}

TEST_CASE("a file of gigabytes is refused before it is read") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "long.wav";
  write_file(path, std::string_view("RIFF"));
  fs::resize_file(path, std::uintmax_t{4} << 30);  // holes take no disk
  CHECK_THROWS_WITH(read_sound(path), Catch::Contains("it has 4096 MB, and up to 600 MB are read"));
}
