#include "data/sound.h"

#include <fmt/format.h>
#include <samplerate.h>
#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <optional>
#include <span>

#include "base/error.h"
#include "data/text_table.h"
#include "data/wav_length.h"

namespace dragonet {
namespace {

constexpr sf_count_t longest = 3600;                                       // seconds
constexpr sf_count_t most_samples = 100'000'000;                           // of a channel: 400 MB once they are floats
constexpr std::uintmax_t largest_sound_bytes = std::uintmax_t{600} << 20;  // those, as 24 bits of two channels

/// What libsndfile reads instead of a file.
struct Source {
  std::span<const std::uint8_t> bytes;
  std::optional<WavLength> length;  // instead of what the header says
  sf_count_t at = 0;
};

/// And what it writes to.
struct Target {
  Bytes bytes;
  sf_count_t at = 0;
};

template <typename Memory>
sf_count_t length(void* data) {
  return std::ssize(static_cast<Memory*>(data)->bytes);
}

template <typename Memory>
sf_count_t seek(sf_count_t offset, int whence, void* data) {
  Memory& memory = *static_cast<Memory*>(data);
  const sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? memory.at : length<Memory>(data);
  return memory.at = std::clamp<sf_count_t>(from + offset, 0, length<Memory>(data));
}

template <typename Memory>
sf_count_t position(void* data) {
  return static_cast<Memory*>(data)->at;
}

/// The header's length with the true one in its place.
void put_length(const WavLength& length, sf_count_t at, std::span<std::uint8_t> part) {
  for (std::size_t i = 0; i < 4; ++i) {
    const sf_count_t place = static_cast<sf_count_t>(length.at + i) - at;
    if (place >= 0 && place < std::ssize(part)) part[place] = static_cast<std::uint8_t>(length.bytes >> (8 * i));
  }
}

sf_count_t read(void* to, sf_count_t count, void* data) {
  Source& source = *static_cast<Source*>(data);
  count = std::clamp<sf_count_t>(count, 0, length<Source>(data) - source.at);
  if (count > 0) std::memcpy(to, source.bytes.data() + source.at, static_cast<std::size_t>(count));
  if (source.length)
    put_length(*source.length, source.at, {static_cast<std::uint8_t*>(to), static_cast<std::size_t>(count)});
  source.at += count;
  return count;
}

sf_count_t write(const void* from, sf_count_t count, void* data) {
  Target& target = *static_cast<Target*>(data);
  target.bytes.resize(std::max<std::size_t>(target.bytes.size(), target.at + count));
  std::memcpy(target.bytes.data() + target.at, from, static_cast<std::size_t>(count));
  target.at += count;
  return count;
}

sf_count_t no_read(void*, sf_count_t, void*) { return 0; }
sf_count_t no_write(const void*, sf_count_t, void*) { return 0; }

SF_VIRTUAL_IO reading{length<Source>, seek<Source>, read, no_write, position<Source>};
SF_VIRTUAL_IO writing{length<Target>, seek<Target>, no_read, write, position<Target>};

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
  const std::string next = "cut it, or save it at a lower rate";
  if (info.frames > longest * info.samplerate) throw Error({path.string(), "is longer than an hour", next});
  if (info.frames > most_samples) throw Error({path.string(), "has more than 100 million samples", next});
}

bool has_floats(const SF_INFO& info) {
  const int format = info.format & SF_FORMAT_SUBMASK;
  return format == SF_FORMAT_FLOAT || format == SF_FORMAT_DOUBLE;
}

/// How loud the samples of all channels are.
struct Levels {
  double peak = 0;
  std::size_t samples = 0, beyond_one = 0;
  bool is_whole = true, is_finite = true;

  void take(std::span<const float> block) {
    samples += block.size();
    for (const float x : block) {
      const double size = std::abs(x);
      is_finite &= std::isfinite(x);
      is_whole &= x == std::floor(x);
      beyond_one += size > 1;
      peak = std::max(peak, size);
    }
  }
};

/// Frame by frame, until the file ends: what its header says of its length need not be true.
Levels read_frames(SNDFILE* file, const SF_INFO& info, const fs::path& path, Sound& sound) {
  Levels levels;
  std::vector<float> block(std::size_t(4096) * info.channels);
  for (sf_count_t count; (count = sf_readf_float(file, block.data(), 4096)) > 0;) {
    levels.take(std::span(block).first(static_cast<std::size_t>(count * info.channels)));
    for (sf_count_t i = 0; i < count; ++i) {
      float sum = 0;
      for (int c = 0; c < info.channels; ++c) sum += block[i * info.channels + c];
      sound.samples.push_back(sum / static_cast<float>(info.channels));
    }
    SF_INFO read = info;
    read.frames = std::ssize(sound.samples);
    check(read, path);
  }
  return levels;
}

/// What a file of floats takes for 1, where that is not 1; 0: none of the usual.
double full_scale_of(const Levels& levels) {
  const bool few_are_loud = 1000 * levels.beyond_one <= levels.samples + 999;
  const bool may_be_whole = levels.is_whole && levels.peak <= 2147483648.0;
  if (levels.peak <= 1 || (few_are_loud && !may_be_whole) || (levels.peak <= 16 && !levels.is_whole)) return 1;
  for (const double scale : {32768.0, 8388608.0, 2147483648.0})
    if (levels.peak <= scale) return scale;
  return 0;
}

/// Floats go from -1 to 1, but programs that convert whole numbers forget to divide them.
void bring_to_one(Sound& sound, const Levels& levels, const fs::path& path) {
  const double scale = full_scale_of(levels);
  if (scale == 0) refuse(path, fmt::format("goes up to {:g}, where sounds go to 1", levels.peak));
  if (scale > 1) {
    for (float& x : sound.samples) x = static_cast<float>(x / scale);
    sound.notes.push_back(
        fmt::format("its floats are not within -1 and 1; they are taken for whole numbers of {} bits and divided by "
                    "{:.0f}; save it with values of -1 to 1 if that is wrong",
                    std::lrint(std::log2(scale)) + 1, scale));
  } else if (levels.peak > 1.1) {
    sound.notes.push_back("samples beyond -1 and 1 are cut to that; save it less loud to keep them");
  }
}

void note_cut(Sound& sound, SNDFILE* file, const SF_INFO& info) {
  const bool is_shorter = info.frames < SF_COUNT_MAX && std::ssize(sound.samples) < info.frames;
  if (sf_error(file) != SF_ERR_NO_ERROR || is_shorter)
    sound.notes.push_back("it is cut off or damaged; what could be read of it is used");
}

}  // namespace

Sound decode_sound(const Bytes& bytes, const fs::path& path) {
  Source source{.bytes = bytes, .length = wav_length(bytes)};
  SF_INFO info{};
  const SoundFile file(sf_open_virtual(&reading, SFM_READ, &info, &source));
  if (!file) refuse(path, "is no sound that libsndfile can read");
  check(info, path);
  Sound sound{.rate_hz = info.samplerate};
  const Levels levels = read_frames(file.get(), info, path, sound);
  if (sound.samples.empty()) refuse(path, "holds no samples");
  if (!levels.is_finite) refuse(path, "holds what is no number");
  if (source.length) sound.notes.push_back(source.length->note);
  if (!source.length) note_cut(sound, file.get(), info);
  if (has_floats(info)) bring_to_one(sound, levels, path);
  return sound;
}

Sound read_sound(const fs::path& path) { return decode_sound(read_at_most(path, largest_sound_bytes), path); }

Sound resampled(const Sound& sound, int rate_hz) {
  if (sound.rate_hz == rate_hz) return sound;
  const double ratio = double(rate_hz) / sound.rate_hz;
  Sound result{.rate_hz = rate_hz, .samples = {}, .notes = sound.notes};
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
  Target target;
  SoundFile file(sf_open_virtual(&writing, SFM_WRITE, &info, &target));
  if (!file) refuse(path, fmt::format("cannot be written ({})", sf_strerror(nullptr)));
  const std::vector<std::int16_t> samples = int16_samples(sound.samples);
  sf_writef_short(file.get(), samples.data(), std::ssize(samples));
  file.reset();  // writes the header's lengths
  write_file(path, target.bytes);
}

}  // namespace dragonet
