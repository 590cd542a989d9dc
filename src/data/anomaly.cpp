#include "data/anomaly.h"

#include "base/error.h"
#include "data/dataset.h"

namespace dragonet {

static void add(Dataset& dataset, const std::vector<fs::path>& files, int label) {
  for (const fs::path& file : files)
    dataset.samples.push_back({.path = file.lexically_relative(dataset.folder), .label = label});
}

static std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::path& entry : entries_of(folder))
    if (fs::is_regular_file(entry)) files.push_back(entry);
  return files;
}

Dataset samples_in(const Anomaly&, const fs::path& folder, const DatasetOptions&) {
  Dataset dataset{.folder = folder, .labels = Anomaly::first_names(), .samples = {}};
  const fs::path normal = folder / "normal";
  add(dataset, fs::is_directory(normal) ? files_below(normal) : files_in(folder), normal_label);
  if (dataset.samples.empty())
    throw Error(Problem{.where = folder.string(),
                        .what = "no recording in it is normal",
                        .next = "put what is normal into its folder `normal`, or into the folder itself"});
  for (const fs::path& entry : entries_of(folder))
    if (fs::is_directory(entry) && entry != normal) add(dataset, files_below(entry), anomaly_label);
  return dataset;
}

}  // namespace dragonet
