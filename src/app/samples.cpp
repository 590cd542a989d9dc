#include "app/samples.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/recordings.h"
#include "app/sample_changes.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "data/normals.h"
#include "data/numbers.h"

namespace dragonet {

FileStamp stamp_of(const fs::path& path) {
  std::error_code none;
  const std::uintmax_t bytes = fs::file_size(path, none);
  return none ? FileStamp{} : FileStamp{bytes, fs::last_write_time(path, none)};
}

/// One file's part of the samples, or why it has none.
struct Loaded {
  std::vector<std::int8_t> features;  // of each window, back to back
  int windows = 0;
  SampleFile file;
  std::vector<Problem> problems;
};

static Loaded load_one(const fs::path& folder, const Sample& sample, const FeatureSettings& settings) {
  const fs::path path = folder / sample.path;
  Loaded loaded{.file = {.path = sample.path, .stamp = stamp_of(path)}};  // before it is read: later changes are seen
  try {
    loaded.file.hash = sha256_of(read_bytes(path));
    for (const Raw& raw : raw_samples(folder, sample, settings)) {
      const std::vector<std::int8_t> features = features_of(raw, settings);
      loaded.features.insert(loaded.features.end(), features.begin(), features.end());
      ++loaded.windows;
    }
  } catch (const Error& error) {
    loaded.problems = error.problems;
  }
  return loaded;
}

static std::vector<Loaded> load_all(const Dataset& dataset, const FeatureSettings& settings) {
  std::vector<Loaded> loaded(dataset.samples.size());
  Progress progress("reading samples", loaded.size());
  for_each_parallel(
      loaded.size(), [&](std::size_t i) { loaded[i] = load_one(dataset.folder, dataset.samples[i], settings); },
      [&](std::size_t done) { progress.update(done); });
  return loaded;
}

int outputs_of(const Dataset& dataset) {
  return static_cast<int>((dataset.task == Task::regression ? dataset.outputs : dataset.labels).size());
}

static void require_outputs(const Dataset& dataset, const std::vector<std::string>& outputs) {
  if (dataset.outputs != outputs)
    throw Error({dataset.folder,
                 fmt::format("its samples have the numbers {}, and the model gives {}",
                             fmt::join(dataset.outputs, ", "), fmt::join(outputs, ", ")),
                 "name them so, in this order, or `dragonet train` anew"});
}

void number_labels(Dataset& dataset, const std::vector<std::string>& labels) {
  if (dataset.task == Task::regression) return require_outputs(dataset, labels);
  std::vector<int> number;
  for (const std::string& label : dataset.labels) {
    const auto found = std::ranges::find(labels, label);
    if (found == labels.end())
      throw Error({dataset.folder / label, "the model does not know this label",
                   "it was trained on others: `dragonet train` anew"});
    number.push_back(static_cast<int>(found - labels.begin()));
  }
  for (Sample& sample : dataset.samples) sample.label = number[sample.label];
  dataset.labels = labels;
}

static void require_labels(const Samples& samples) {
  std::vector<int> counts(samples.dataset.labels.size());
  for (const Sample& sample : samples.dataset.samples) ++counts[sample.label];
  std::vector<Problem> problems;
  for (std::size_t label = 0; label < counts.size(); ++label)
    if (counts[label] == 0 && !(samples.dataset.task == Task::anomaly && label == anomaly_label))
      problems.push_back(
          {counts.size() == 1 ? samples.dataset.folder : samples.dataset.folder / samples.dataset.labels[label],
           "holds nothing that can be read",
           fmt::format("put {} there, or remove the folder", files_of(kind_of(samples.settings)))});
  if (problems.empty()) return;
  problems.insert(problems.end(), samples.skipped.begin(), samples.skipped.end());
  throw Error(std::move(problems));
}

/// The list of a regression's numbers counts as a file of the samples: a change of it is one of them.
static void add_list(const Dataset& found, std::vector<Loaded>& loaded) {
  const fs::path list = found.folder / number_list;
  if (found.task != Task::regression || !fs::is_regular_file(list)) return;
  const FileStamp stamp = stamp_of(list);
  loaded.push_back({.file = {.path = number_list, .stamp = stamp, .hash = sha256_of(read_bytes(list))}});
}

/// SHA-256 over the paths and hashes of what is in the dataset.
static std::string hash_of(const std::vector<Loaded>& loaded) {
  std::string all;
  for (const Loaded& one : loaded)
    if (one.problems.empty()) all += one.file.path.generic_string() + " " + one.file.hash + "\n";
  return sha256_of({reinterpret_cast<const std::uint8_t*>(all.data()), all.size()});
}

static void add(Samples& samples, const Sample& sample, const Loaded& loaded) {
  samples.files.push_back(loaded.file);
  samples.skipped.insert(samples.skipped.end(), loaded.problems.begin(), loaded.problems.end());
  if (!loaded.problems.empty()) return;
  for (int window = 0; window < loaded.windows; ++window) {
    samples.dataset.samples.push_back(sample);
    samples.dataset.samples.back().window = window;
  }
  samples.features.insert(samples.features.end(), loaded.features.begin(), loaded.features.end());
}

Samples load_samples(const fs::path& folder, const DatasetOptions& options, const FeatureSettings& settings) {
  const Dataset found = scan_samples(folder, options);
  std::vector<Loaded> loaded = load_all(found, settings);
  add_list(found, loaded);
  Samples samples{
      .dataset = {.folder = found.folder, .labels = found.labels, .task = found.task, .outputs = found.outputs},
      .feature_bytes = shape_of(settings).bytes(),
      .settings = settings,
      .hash = hash_of(loaded)};
  for (std::size_t i = 0; i < found.samples.size(); ++i) add(samples, found.samples[i], loaded[i]);
  if (loaded.size() > found.samples.size()) samples.files.push_back(loaded.back().file);
  require_unchanged(samples, "while the samples were read", "wait until nothing writes there, and try again");
  require_labels(samples);
  return samples;
}

}  // namespace dragonet
