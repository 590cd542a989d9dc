#include "project/feature_cache.h"

#include <catch2/catch.hpp>

#include "data/sound.h"
#include "project/samples.h"

using namespace dragonet;

namespace {

const SoundFeatureSettings tiny_windows{.sample_rate_hz = 8000,
                                        .window_samples = 400,
                                        .frame_samples = 128,
                                        .hop_samples = 64,
                                        .bands = 8,
                                        .high_hz = 3800,
                                        .stride_samples = 400};

/// Two labels of two sounds, of two windows each.
void make_sounds(const fs::path& folder) {
  for (const char* name : {"a/1.wav", "a/2.wav", "b/1.wav", "b/2.wav"}) {
    Sound sound{8000, std::vector<float>(800)};
    for (std::size_t i = 0; i < 800; ++i) sound.samples[i] = static_cast<float>((i * (name[0] + name[2])) % 97) / 200;
    write_sound(folder / name, sound);
  }
}

Samples load(const fs::path& home, const FeatureSettings& settings = tiny_windows, bool cached = true) {
  return load_samples(home / "samples", {}, settings, cached ? home / "cache" : fs::path());
}

std::vector<std::int8_t> features(const Samples& samples) { return {samples.features.begin(), samples.features.end()}; }

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

}  // namespace

TEST_CASE("features from the cache are those that were computed, windows and hashes too") {
  const TemporaryFolder home;
  make_sounds(home.path() / "samples");
  const Samples in_memory = load(home.path(), tiny_windows, false), first = load(home.path()),
                second = load(home.path());
  CHECK(in_memory.dataset.samples.size() == 8);
  for (const Samples* samples : {&first, &second}) {
    CHECK(features(*samples) == features(in_memory));
    CHECK(samples->hash == in_memory.hash);
    CHECK(samples->dataset.samples.back().window == 1);
  }
  CHECK(files_in(home.path() / "cache") == 2);
}

TEST_CASE("a file that was not written to since is taken from the cache, one that was is read") {
  const TemporaryFolder home;
  make_sounds(home.path() / "samples");
  const fs::path file = home.path() / "samples/a/1.wav";
  load(home.path());
  const auto written = fs::last_write_time(file);
  Bytes bytes = read_bytes(file);
  for (std::size_t i = 44; i < bytes.size(); ++i) bytes[i] = 0;
  write_file(file, bytes);
  fs::last_write_time(file, written);  // so that nobody sees it: proves that it was not read
  const std::vector<std::int8_t> before = features(load(home.path()));
  CHECK(before != features(load(home.path(), tiny_windows, false)));
  fs::last_write_time(file, written + std::chrono::seconds(1));
  CHECK(features(load(home.path())) == features(load(home.path(), tiny_windows, false)));
}

TEST_CASE("other settings, and damage of any kind, make the cache anew") {
  const TemporaryFolder home;
  make_sounds(home.path() / "samples");
  SoundFeatureSettings other = tiny_windows;
  other.low_db = -60;
  load(home.path());
  CHECK(features(load(home.path(), other)) == features(load(home.path(), other, false)));
  const std::vector<std::int8_t> right = features(load(home.path()));
  const std::string index = read_text(home.path() / "cache/index");
  for (const std::string& damaged : {std::string(), std::string("x"), index.substr(0, index.size() / 2),
                                     index + "7 7 hash 9999999 0 0 a/9.wav\n", index + "-1\n"}) {
    write_file(home.path() / "cache/index", damaged);
    CHECK(features(load(home.path())) == right);
  }
  for (const auto& entry : fs::directory_iterator(home.path() / "cache"))
    if (entry.path().filename() != "index") fs::resize_file(entry.path(), 10);
  CHECK(features(load(home.path())) == right);
}

TEST_CASE("features that somebody wrote over are computed anew") {
  const TemporaryFolder home;
  make_sounds(home.path() / "samples");
  const std::vector<std::int8_t> computed = features(load(home.path()));
  for (const auto& entry : fs::directory_iterator(home.path() / "cache"))
    if (entry.path().filename().string().starts_with("features-")) {
      const Bytes zeros(fs::file_size(entry.path()));
      write_file(entry.path(), zeros);
    }
  CHECK(features(load(home.path())) == computed);
}

static fs::path features_file(const fs::path& cache) {
  for (const auto& entry : fs::directory_iterator(cache))
    if (entry.path().filename().string().starts_with("features-")) return entry.path();
  return {};
}

// As a disk that forgets does: neither size nor time is another.
TEST_CASE("one byte of the cached features that is another is found, and only that file is read again") {
  const TemporaryFolder home;
  make_sounds(home.path() / "samples");
  const std::vector<std::int8_t> computed = features(load(home.path()));
  const fs::path file = features_file(home.path() / "cache");
  const auto written = fs::last_write_time(file);
  Bytes bytes = read_bytes(file);
  bytes[bytes.size() / 2] ^= 1;
  write_file(file, bytes);
  fs::last_write_time(file, written);
  CHECK(features(load(home.path())) == computed);
}

TEST_CASE("a changed line of the index is no line of it") {
  const TemporaryFolder home;
  make_sounds(home.path() / "samples");
  const Samples first = load(home.path());
  std::string index = read_text(home.path() / "cache/index");
  index[index.find("a/1.wav") - 8] ^= 1;
  write_file(home.path() / "cache/index", index);
  const Samples second = load(home.path());
  CHECK(features(second) == features(first));
  CHECK(second.hash == first.hash);
}

// Root may write into a folder that nobody may, so times tell.
TEST_CASE("a cache that holds all samples already is not written again, and fewer or more samples are") {
  const TemporaryFolder home;
  make_sounds(home.path() / "samples");
  const fs::path cache = home.path() / "cache";
  load(home.path());
  const fs::path file = features_file(cache);
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
  fs::last_write_time(file, long_ago);
  fs::last_write_time(cache / "index", long_ago);
  const Samples again = load(home.path());
  CHECK(features_file(cache) == file);
  CHECK(fs::last_write_time(cache / "index") == long_ago);

  fs::remove(home.path() / "samples/b/2.wav");
  CHECK(features(load(home.path())) == features(load(home.path(), tiny_windows, false)));
  CHECK(features_file(cache) != file);
  write_sound(home.path() / "samples/a/3.wav", {8000, std::vector<float>(800, 0.25f)});
  CHECK(features(load(home.path())) == features(load(home.path(), tiny_windows, false)));
  CHECK(features(load(home.path())) == features(load(home.path(), tiny_windows, false)));
}

TEST_CASE("where only a file's time is another, the index is written and the features stay") {
  const TemporaryFolder home;
  make_sounds(home.path() / "samples");
  load(home.path());
  const fs::path cache = home.path() / "cache", file = features_file(cache), sample = home.path() / "samples/a/1.wav";
  const std::string before = read_text(cache / "index");
  fs::last_write_time(sample, fs::last_write_time(sample) + std::chrono::seconds(5));
  load(home.path());
  CHECK(features_file(cache) == file);
  CHECK(read_text(cache / "index") != before);
}
