#include "readers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "base/error.h"
#include "base/hash.h"
#include "data/edge_impulse.h"
#include "data/image.h"
#include "data/live_readings.h"
#include "data/motion.h"
#include "data/number_table.h"
#include "data/numbers.h"
#include "data/regression.h"
#include "data/serial.h"
#include "data/sound.h"
#include "learn/training_start.h"
#include "project/feature_cache.h"
#include "project/label_file.h"
#include "project/project.h"
#include "project/run_summary.h"
#include "protocol_reader.h"
#include "tflite/tflite.h"

namespace dragonet::testing {
namespace {

void read_recording(const fs::path& file) { read_motion(file, {.rate_hz = 100}); }
void read_labelled_rows(const fs::path& file) { read_number_table(file), labelled_rows(file, 1); }
void read_label_list(const fs::path& file) { read_motion_labels(file); }
/// Of two recordings.
void read_numbers(const fs::path& file) {
  for (const char* name : {"a.csv", "b.csv"}) write_file(file.parent_path() / name, std::string("x,y\n1,2\n"));
  number_ranges(samples_in(Regression{}, file.parent_path(), {}));
}
void read_model_source(const fs::path& file) { read_tflite(file); }
std::string model_source_seed() {
  const Model model{.name = "small",
                    .source = "seed",
                    .tensors = {{.name = "in", .shape = {1, 4}}, {.name = "out", .shape = {1, 4}}},
                    .nodes = {{.op = "relu", .inputs = {0}, .outputs = {1}}},
                    .inputs = {0},
                    .outputs = {1}};
  return fmt::format("const unsigned char model[] = {{0x{:02x}}};\n", fmt::join(serialize_tflite(model), ", 0x"));
}

void read_toml(const fs::path& file) { project_text(read_project(file)); }
void read_names(const fs::path& file) { read_labels(file); }

Run run_of(const fs::path& file) { return {.number = 1, .folder = file.parent_path()}; }
void read_run(const fs::path& file) {
  const RunRecord record = read_record(run_of(file));
  indices_of({}, record.test), require_whole(run_of(file));
}
/// As `dragonet runs` does, which lists what it cannot understand too.
void read_summary(const fs::path& file) { summary_json(summary_of(run_of(file))); }

/// Of a project with no samples and all settings as they come.
void resume(const fs::path& folder) { resume_training({.number = 1, .folder = folder}, {}, {}); }
std::string begun_seed() {
  return json_text(
      {{"settings", project_text({})}, {"samples", Json::object()}, {"from", {{"model", "a"}, {"hash", "b"}}}});
}
std::string checkpoint_seed() {
  const Bytes state(100, 7);
  return std::string(state.begin(), state.end()) + sha256_of(state);
}
void read_begun(const fs::path& file) {
  write_file(file.parent_path() / "checkpoint", checkpoint_seed());
  resume(file.parent_path());
}
void read_checkpoint(const fs::path& file) {
  write_file(file.parent_path() / "begun.json", begun_seed());
  resume(file.parent_path());
}

// The cache of two pictures: four windows of 256 bytes.
const ImageFeatureSettings cached{.height = 16, .width = 16, .channels = 1};
constexpr std::array cached_samples{"a/1.png", "a/2.png"};

void write_cache(const fs::path& folder) {
  const FeatureCache none;
  FeatureWriter writer(folder, cached, none);
  for (int i = 0; i < 2; ++i) {
    const std::vector<std::int8_t> features(static_cast<std::size_t>(256 * (1 + 2 * i)), 5);
    CachedSample made;
    made.file = {.path = cached_samples[i], .stamp = {.bytes = 77, .written = {}}, .hash = "5"};
    made.windows = 1 + 2 * i, made.features = features, made.features_hash = hash_of(features);
    writer.add({.path = cached_samples[i]}, made);
  }
  writer.finish();
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().filename().string().starts_with("features-")) fs::rename(entry.path(), folder / "features-1");
}

/// The index without the hash that it ends with: then damage gets further.
std::string cache_seed() {
  const TemporaryFolder folder;
  write_cache(folder.path());
  const std::string index = read_text(folder.path() / "index");
  const std::size_t name = index.find('\n') + 1, samples = index.find('\n', name),
                    seal = index.rfind('\n', index.size() - 2);
  return index.substr(0, name) + "features-1" + index.substr(samples, seal + 1 - samples);
}

void read_cache(const fs::path& file) {
  const std::string index = read_text(file);
  write_cache(file.parent_path());
  write_file(file, index + sha256_of(Bytes(index.begin(), index.end())) + "\n");
  const FeatureCache cache(file.parent_path(), cached);
  for (const char* path : cached_samples)
    if (const auto found = cache.find({.path = path}, {.bytes = 77, .written = {}}))
      if (found->features.size() % 256 != 0) throw std::logic_error("not whole windows");
}

/// What comes over a serial port, in parts of 37 bytes.
void read_serial(const fs::path& file) {
  LineAssembler lines;
  LiveReadings readings;
  const std::string text = read_text(file);
  for (std::size_t at = 0; at < text.size(); at += 37)
    for (const std::string& line : lines.take(std::string_view(text).substr(at, 37)))
      readings.take(line, static_cast<double>(at) / 1e4);
  for (const double rate_hz : {0.0, 100.0})
    if (readings.readings() > 0) readings.table(rate_hz);
}

void require_whole_sentences(const Error& error) {
  const auto is_whole = [](const Problem& p) { return !p.where.empty() && !p.what.empty() && !p.next.empty(); };
  if (error.problems.empty() || !std::ranges::all_of(error.problems, is_whole))
    throw std::logic_error("a refusal does not say where, what and what next");
}

}  // namespace

const std::vector<FileReader>& readers() {
  static const std::vector<FileReader> table{
      {"c_array", "model.cc", read_model_source, model_source_seed},
      {"toml", "dragonet.toml", read_toml},
      {"csv", "recording.csv", read_recording},
      {"tsv", "recording.tsv", read_recording},
      {"table", "table.csv", read_labelled_rows},
      {"json", "recording.json", read_recording},
      {"cbor", "recording.cbor", read_recording},
      {"motion_labels", "labels.csv", read_label_list},
      {"number_labels", "labels.csv", read_numbers},
      {"label_names", "labels.txt", read_names},
      {"sound", "sound.wav", [](const fs::path& file) { read_sound(file); }},
      {"image", "image.png", [](const fs::path& file) { read_image(file); }},
      {"run", "run.json", read_run},
      {"summary", "summary.json", read_summary},
      {"begun", "begun.json", read_begun, begun_seed},
      {"checkpoint", "checkpoint", read_checkpoint, checkpoint_seed},
      {"cache", "index", read_cache, cache_seed},
      {"serial", "serial", read_serial},
      {"protocol", "commands", [](const fs::path& file) { serve_protocol(read_bytes(file)); }},
  };
  return table;
}

const FileReader& find_reader(const std::string& name) {
  for (const FileReader& reader : readers())
    if (reader.name == name) return reader;
  throw Error({name, "is no reader", "tests/hostile/readers.cpp lists them"});
}

std::vector<Bytes> seeds_of(const FileReader& reader) {
  if (reader.seed) {
    const std::string seed = reader.seed();
    return {Bytes(seed.begin(), seed.end())};
  }
  std::vector<Bytes> seeds;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path("tests/hostile/seeds") / reader.name))
    files.push_back(entry.path());
  std::ranges::sort(files);
  for (const fs::path& file : files) seeds.push_back(read_bytes(file));
  return seeds;
}

std::string refusal_by(const FileReader& reader, const fs::path& folder, std::span<const std::uint8_t> bytes) try {
  const fs::path file = folder / reader.file;
  write_file(file, bytes);
  reader.read(file);
  return "";
} catch (const Error& error) {
  require_whole_sentences(error);
  return error.what();
}

}  // namespace dragonet::testing
