#include "project/samples.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "base/hash.h"
#include "base/parallel.h"
#include "data/numbers.h"
#include "project/feature_cache.h"
#include "project/kinds.h"
#include "project/raw_samples.h"
#include "project/sample_changes.h"

namespace dragonet {

/// One file's part of the samples, or why it has none.
struct Loaded {
  std::vector<std::int8_t> features;  // of each window, back to back
  int windows = 0;
  std::string features_hash;
  SampleFile file;
  std::vector<Problem> problems;
  std::vector<FileNote> notes;
};

static void compute(const fs::path& folder, const Sample& sample, const Bytes& file, const FeatureSettings& settings,
                    Loaded& loaded) {
  const RawSample raw_windows = raw_sample(folder, sample, file, settings);
  for (const std::string& note : raw_windows.notes) loaded.notes.push_back({sample.path, note});
  for (const Raw& raw : raw_windows.windows) {
    const std::vector<std::int8_t> features = features_of(raw, settings);
    loaded.features.insert(loaded.features.end(), features.begin(), features.end());
    ++loaded.windows;
  }
  loaded.features_hash = hash_of(loaded.features);
}

/// The samples of one file, which is read once for all of them, and not at all if the cache knows them.
static void load_file(const fs::path& folder, std::span<const Sample> samples, const FeatureSettings& settings,
                      const FeatureCache& cache, std::span<Loaded> loaded) {
  const FileStamp stamp = stamp_of(folder / samples[0].path);  // before it is read: what changes later is seen
  std::optional<Bytes> file;
  std::string hash;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (const auto cached = cache.find(samples[i], stamp)) {
      loaded[i] = {.features = {cached->features.begin(), cached->features.end()},
                   .windows = cached->windows,
                   .features_hash = cached->features_hash,
                   .file = cached->file};
      continue;
    }
    loaded[i].file = {.path = samples[i].path, .stamp = stamp};
    try {
      if (!file) file = sample_bytes(folder / samples[i].path), hash = sha256_of(*file);
      loaded[i].file.hash = hash;
      compute(folder, samples[i], *file, settings, loaded[i]);
    } catch (const Error& error) {
      loaded[i].problems = error.problems;
    }
  }
}

/// Where the samples of each file begin, and the end.
static std::vector<std::size_t> file_starts(std::span<const Sample> samples) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < samples.size(); ++i)
    if (i == 0 || samples[i].path != samples[i - 1].path) starts.push_back(i);
  starts.push_back(samples.size());
  return starts;
}

/// As many as fit into memory whatever they are.
static constexpr std::size_t samples_at_once = 1000;

static std::vector<Loaded> load_some(const Dataset& dataset, std::size_t first, const FeatureSettings& settings,
                                     const FeatureCache& cache, Progress& progress) {
  const std::size_t count = std::min(samples_at_once, dataset.samples.size() - first);
  const std::span samples = std::span(dataset.samples).subspan(first, count);
  const std::vector<std::size_t> starts = file_starts(samples);
  std::vector<Loaded> loaded(count);
  const auto load = [&](std::size_t f) {
    const std::size_t at = starts[f], length = starts[f + 1] - at;
    load_file(dataset.folder, samples.subspan(at, length), settings, cache, std::span(loaded).subspan(at, length));
  };
  for_each_parallel(starts.size() - 1, load, [&](std::size_t done) { progress.update(first + starts[done]); });
  return loaded;
}

int outputs_of(const Dataset& dataset) { return static_cast<int>(output_names(dataset).size()); }

static void require_outputs(const Dataset& dataset, const std::vector<std::string>& outputs) {
  if (dataset.outputs != outputs)
    throw Error({dataset.folder,
                 fmt::format("its samples have the numbers {}, and the model gives {}",
                             fmt::join(dataset.outputs, ", "), fmt::join(outputs, ", ")),
                 "name them so, in this order, or `dragonet train` anew"});
}

void number_labels(Dataset& dataset, const std::vector<std::string>& labels) {
  if (has_numbers(dataset.task)) return require_outputs(dataset, labels);
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

std::vector<std::string> lines_of(const std::vector<FileNote>& notes) {
  std::map<std::string, std::vector<fs::path>> files;
  for (const FileNote& note : notes) files[note.what].push_back(note.path);
  std::vector<std::string> lines;
  for (const auto& [what, paths] : files) {
    const std::string others = paths.size() > 1 ? fmt::format(" and {} more", paths.size() - 1) : "";
    lines.push_back(fmt::format("{}{}: {}", paths.front().generic_string(), others, what));
  }
  return lines;
}

void tell_of(const Samples& samples, const Observer& observer) {
  constexpr std::size_t most = 5;
  std::vector<std::string> notes = samples.dataset.notes;
  std::ranges::copy(lines_of(samples.notes), std::back_inserter(notes));
  for (std::size_t i = 0; i < std::min(most, notes.size()); ++i) observer.say("note: " + notes[i]);
  if (notes.size() > most) observer.say(fmt::format("{} more notes: `dragonet data` shows all", notes.size() - most));
  for (const Problem& problem : samples.skipped) observer.say("skipped: " + sentence(problem));
  if (!samples.skipped.empty()) observer.say(fmt::format("{} file(s) skipped", samples.skipped.size()));
}

static void require_labels(const Samples& samples) {
  std::vector<int> counts(samples.dataset.labels.size());
  for (const Sample& sample : samples.dataset.samples) ++counts[sample.label];
  std::vector<Problem> problems;
  const bool needs_anomalies = !trains_with_normal_only(samples.dataset.task);
  for (std::size_t label = 0; label < counts.size(); ++label)
    if (counts[label] == 0 && (needs_anomalies || label != anomaly_label))
      problems.push_back(
          {counts.size() == 1 ? samples.dataset.folder : samples.dataset.folder / samples.dataset.labels[label],
           "holds nothing that can be read",
           fmt::format("put {} there, or remove the folder", kind_of(samples.settings).files)});
  if (problems.empty()) return;
  problems.insert(problems.end(), samples.skipped.begin(), samples.skipped.end());
  throw Error(std::move(problems));
}

/// A long recording of noise is as good as some: windows of one stretch of it stay together, and others may test.
static std::string group_of(const Sample& sample, int window, int windows, const DatasetOptions& options) {
  constexpr int stretches = 5;
  if (options.rows_stand_alone && options.group.empty() && sample.last_s == 0)  // a range has its group already
    return fmt::format("{}, row {}", sample.group, window + 1);
  if (!is_background(sample) || windows == 1) return sample.group;
  return fmt::format("{}, stretch {}", sample.group, window * stretches / std::max(windows, stretches) + 1);
}

/// The list of a regression's numbers counts as a file of the samples: a change of it is one of them.
static void add_list(const Dataset& found, Samples& samples, std::string& hashes) {
  const fs::path list = found.folder / number_list;
  if (!has_numbers(found.task) || !fs::is_regular_file(list)) return;
  const FileStamp stamp = stamp_of(list);
  samples.files.push_back({.path = number_list, .stamp = stamp, .hash = sha256_of(read_bytes(list))});
  hashes += fmt::format("{} {}\n", number_list, samples.files.back().hash);
}

static void add(Samples& samples, const Sample& sample, const Loaded& loaded, const DatasetOptions& options,
                FeatureWriter& writer, std::string& hashes) {
  samples.files.push_back(loaded.file);
  samples.skipped.insert(samples.skipped.end(), loaded.problems.begin(), loaded.problems.end());
  if (!loaded.problems.empty()) return;
  samples.notes.insert(samples.notes.end(), loaded.notes.begin(), loaded.notes.end());
  for (int window = 0; window < loaded.windows; ++window) {
    samples.dataset.samples.push_back(sample);
    samples.dataset.samples.back().window = window;
    samples.dataset.samples.back().group = group_of(sample, window, loaded.windows, options);
  }
  writer.add(sample, {loaded.file, loaded.windows, loaded.features, loaded.features_hash});
  hashes += loaded.file.path.generic_string() + " " + loaded.file.hash + "\n";
}

static void load_all(const Dataset& found, const DatasetOptions& options, Samples& samples, const fs::path& cache,
                     const Observer& observer) {
  const FeatureCache known(cache, samples.settings);
  FeatureWriter writer(cache, samples.settings, known);
  std::string hashes;  // and paths, of what is in the dataset
  Progress progress(observer, "reading samples", found.samples.size());
  for (std::size_t first = 0; first < found.samples.size(); first += samples_at_once) {
    const std::vector<Loaded> loaded = load_some(found, first, samples.settings, known, progress);
    for (std::size_t i = 0; i < loaded.size(); ++i)
      add(samples, found.samples[first + i], loaded[i], options, writer, hashes);
  }
  add_list(found, samples, hashes);
  auto [values, owner] = writer.finish();
  samples.features = values, samples.owner = std::move(owner);
  samples.hash = sha256_of({reinterpret_cast<const std::uint8_t*>(hashes.data()), hashes.size()});
}

Samples load_samples(const fs::path& folder, const DatasetOptions& options, const FeatureSettings& settings,
                     const fs::path& cache, const Observer& observer) {
  const Dataset found = scan_samples(folder, options);
  Samples samples{.dataset = {.folder = found.folder,
                              .labels = found.labels,
                              .samples = {},
                              .notes = found.notes,
                              .task = found.task,
                              .outputs = found.outputs},
                  .feature_bytes = shape_of(settings).bytes(),
                  .settings = settings};
  load_all(found, options, samples, cache, observer);
  require_unchanged(samples, "while the samples were read", "wait until nothing writes there, and try again");
  require_labels(samples);
  return samples;
}

}  // namespace dragonet
