#include "app/samples.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "data/image.h"
#include "features/image_features.h"

namespace dragonet {

/// One file's part of the samples, or why it has none.
struct Loaded {
  std::vector<std::int8_t> features;
  std::string hash;
  std::vector<Problem> problems;
};

static Loaded load_one(const fs::path& path, const ImageFeatureSettings& image) {
  try {
    return {image_features(raw_sample(read_image(path), image), image), sha256_of(read_bytes(path)), {}};
  } catch (const Error& error) {
    return {{}, {}, error.problems};
  }
}

static std::vector<Loaded> load_all(const Dataset& dataset, const ImageFeatureSettings& image) {
  std::vector<Loaded> loaded(dataset.samples.size());
  Progress progress("reading pictures", loaded.size());
  for_each_parallel(
      loaded.size(), [&](std::size_t i) { loaded[i] = load_one(dataset.folder / dataset.samples[i].path, image); },
      [&](std::size_t done) { progress.update(done); });
  return loaded;
}

void number_labels(Dataset& dataset, const std::vector<std::string>& labels) {
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
    if (counts[label] == 0)
      problems.push_back({samples.dataset.folder / samples.dataset.labels[label], "holds no picture that can be read",
                          "put pictures (PNG, JPEG, BMP) there, or remove the folder"});
  if (problems.empty()) return;
  problems.insert(problems.end(), samples.skipped.begin(), samples.skipped.end());
  throw Error(std::move(problems));
}

Samples load_samples(const fs::path& folder, const DatasetOptions& options, const ImageFeatureSettings& image) {
  Samples samples{.dataset = scan_samples(folder, options)};
  samples.feature_bytes = static_cast<std::size_t>(image.height) * image.width * image.channels;
  std::vector<Loaded> loaded = load_all(samples.dataset, image);
  std::vector<Sample> kept;
  std::string hashes;
  for (std::size_t i = 0; i < loaded.size(); ++i) {
    samples.skipped.insert(samples.skipped.end(), loaded[i].problems.begin(), loaded[i].problems.end());
    if (!loaded[i].problems.empty()) continue;
    kept.push_back(samples.dataset.samples[i]);
    samples.features.insert(samples.features.end(), loaded[i].features.begin(), loaded[i].features.end());
    hashes += kept.back().path.generic_string() + " " + loaded[i].hash + "\n";
  }
  samples.dataset.samples = std::move(kept);
  samples.hash = sha256_of({reinterpret_cast<const std::uint8_t*>(hashes.data()), hashes.size()});
  require_labels(samples);
  return samples;
}

}  // namespace dragonet
