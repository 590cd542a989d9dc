#include "data/anomaly.h"

#include "base/error.h"
#include "data/dataset.h"
#include "data/sample_folder.h"

namespace dragonet {

static void add(Dataset& dataset, const std::vector<fs::path>& files, int label) {
  for (const fs::path& file : files)
    dataset.samples.push_back({.path = file.lexically_relative(dataset.folder), .label = label});
}

Dataset samples_in(const Anomaly&, const fs::path& folder, const DatasetOptions&) {
  Dataset dataset{.folder = folder, .labels = Anomaly::first_names(), .samples = {}};
  SampleFolder samples(folder);
  const fs::path normal = folder / "normal";
  add(dataset, fs::is_directory(normal) ? samples.files_below(normal) : samples.files(), normal_label);
  if (dataset.samples.empty())
    throw Error(Problem{.where = folder.string(),
                        .what = "no recording in it is normal",
                        .next = "put what is normal into its folder `normal`, or into the folder itself"});
  for (const fs::path& entry : samples.folders())
    if (entry != normal) add(dataset, samples.files_below(entry), anomaly_label);
  dataset.notes = samples.notes();
  return dataset;
}

}  // namespace dragonet
