#include "data/sound.h"

#include <fmt/format.h>
#include <samplerate.h>
#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "base/error.h"

namespace dragonet {
namespace {

constexpr sf_count_t longest = 3600;  // seconds

/// What libsndfile reads and writes instead of a file.
struct Memory {
  Bytes bytes;
  sf_count_t at = 0;
};

sf_count_t length(void* data) { return std::ssize(static_cast<Memory*>(data)->bytes); }

sf_count_t seek(sf_count_t offset, int whence, void* data) {
  Memory& memory = *static_cast<Memory*>(data);
  const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? memory.at : length(data);
  return memory.at = std::clamp<sf_count_t>(from + offset, 0, length(data));
}

sf_count_t read(void* to, sf_count_t count, void* data) {
  Memory& memory = *static_cast<Memory*>(data);
  count = std::clamp<sf_count_t>(count, 0, length(data) - memory.at);
  if (count > 0) std::memcpy(to, memory.bytes.data() + memory.at, static_cast<std::size_t>(count));
  memory.at += count;
  return count;
}

sf_count_t write(const void* from, sf_count_t count, void* data) {
  Memory& memory = *static_cast<Memory*>(data);
  memory.bytes.resize(std::max<std::size_t>(memory.bytes.size(), memory.at + count));
  std::memcpy(memory.bytes.data() + memory.at, from, static_cast<std::size_t>(count));
  memory.at += count;
  return count;
}

sf_count_t position(void* data) { return static_cast<Memory*>(data)->at; }

SF_VIRTUAL_IO memory_io{length, seek, read, write, position};

struct CloseSound {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using SoundFile = std::unique_ptr<SNDFILE, CloseSound>;

[[noreturn]] void refuse(const fs::path& path, const std::string& what) {
  throw Error({path.string(), what, "give WAV, FLAC or OGG, or remove it"});
}

void check(const SF_INFO& info, const fs::path& path) {
  if (info.channels < 1 || info.samplerate < 1000 || info.samplerate > 1'000'000)
    refuse(path, fmt::format("says it has {} channels at {} Hz", info.channels, info.samplerate));
  if (info.frames > longest * info.samplerate) refuse(path, "is longer than an hour: cut it");
}

/// Frame by frame, until the file ends: what its header says of its length need not be true.
Sound read_frames(SNDFILE* file, const SF_INFO& info) {
  Sound sound{.rate_hz = info.samplerate};
  std::vector<float> block(std::size_t(4096) * info.channels);
  for (sf_count_t count; (count = sf_readf_float(file, block.data(), 4096)) > 0;)
    for (sf_count_t i = 0; i < count; ++i) {
      float sum = 0;
      for (int c = 0; c < info.channels; ++c) sum += block[i * info.channels + c];
      sound.samples.push_back(sum / static_cast<float>(info.channels));
    }
  return sound;
}

}  // namespace

Sound decode_sound(const Bytes& bytes, const fs::path& path) {
  Memory memory{.bytes = bytes};
  SF_INFO info{};
  const SoundFile file(sf_open_virtual(&memory_io, SFM_READ, &info, &memory));
  if (!file) refuse(path, fmt::format("is no sound that libsndfile can read ({})", sf_strerror(nullptr)));
  check(info, path);
  Sound sound = read_frames(file.get(), info);
  if (sound.samples.empty()) refuse(path, "holds no samples");
  if (!std::ranges::all_of(sound.samples, [](float x) { return std::isfinite(x); }))
    refuse(path, "holds what is no number");
  return sound;
}

Sound read_sound(const fs::path& path) { return decode_sound(read_bytes(path), path); }

Sound resampled(const Sound& sound, int rate_hz) {
  if (sound.rate_hz == rate_hz) return sound;
  const double ratio = double(rate_hz) / sound.rate_hz;
  Sound result{.rate_hz = rate_hz, .samples = {}};
  result.samples.resize(static_cast<std::size_t>(std::ceil(static_cast<double>(sound.samples.size()) * ratio)) + 1);
  SRC_DATA work{};
  work.data_in = sound.samples.data();
  work.input_frames = std::ssize(sound.samples);
  work.data_out = result.samples.data();
  work.output_frames = std::ssize(result.samples);
  work.src_ratio = ratio;
  if (const int error = src_simple(&work, SRC_SINC_MEDIUM_QUALITY, 1))
    throw Error({fmt::format("a sound of {} Hz", sound.rate_hz),
                 fmt::format("cannot be made one of {} Hz ({})", rate_hz, src_strerror(error)),
                 "use rates that differ by less than 256 times"});
  result.samples.resize(static_cast<std::size_t>(work.output_frames_gen));
  return result;
}

std::vector<std::int16_t> int16_samples(const std::vector<float>& samples) {
  std::vector<std::int16_t> rounded(samples.size());
  std::ranges::transform(samples, rounded.begin(), [](float x) {
    return static_cast<std::int16_t>(std::lrint(std::clamp(x * 32768, -32768.0f, 32767.0f)));
  });
  return rounded;
}

void write_sound(const fs::path& path, const Sound& sound) {
  SF_INFO info{};
  info.samplerate = sound.rate_hz, info.channels = 1;
  info.format = (path.extension() == ".flac" ? SF_FORMAT_FLAC : SF_FORMAT_WAV) | SF_FORMAT_PCM_16;
  Memory memory;
  SoundFile file(sf_open_virtual(&memory_io, SFM_WRITE, &info, &memory));
  if (!file) refuse(path, fmt::format("cannot be written ({})", sf_strerror(nullptr)));
  const std::vector<std::int16_t> samples = int16_samples(sound.samples);
  sf_writef_short(file.get(), samples.data(), std::ssize(samples));
  file.reset();  // writes the header's lengths
  write_file(path, memory.bytes);
}

}  // namespace dragonet
