#include "app/looking.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "app/recordings.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "data/numbers.h"

namespace dragonet {

struct LabelCount {
  int samples = 0;
  std::set<std::string> groups;
};

struct LookedFile {
  std::string hash;
  std::vector<std::string> notes;
  std::vector<Problem> problems;
};

static LookedFile look_at(const Sample& sample, const Dataset& dataset, const FeatureSettings& features) {
  LookedFile looked;
  try {
    const Bytes file = read_bytes(dataset.folder / sample.path);
    looked.hash = sha256_of(file);
    looked.notes = raw_sample(dataset.folder, sample, file, features).notes;
  } catch (const Error& error) {
    looked.problems = error.problems;
  }
  return looked;
}

Looked look_at(Dataset dataset, const FeatureSettings& features) {
  std::vector<LookedFile> files(dataset.samples.size());
  Progress progress("reading samples", files.size());
  for_each_parallel(
      files.size(), [&](std::size_t i) { files[i] = look_at(dataset.samples[i], dataset, features); },
      [&](std::size_t done) { progress.update(done); });
  Looked looked{.dataset = std::move(dataset), .same = {}, .notes = {}, .unreadable = {}};
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string path = looked.dataset.samples[i].path.generic_string();
    std::vector<std::string>& same = looked.same[files[i].hash];
    if (same.empty() || same.back() != path) same.push_back(path);  // ranges of one file are no duplicates
    for (const std::string& note : files[i].notes) looked.notes.push_back({path, note});
    looked.unreadable.insert(looked.unreadable.end(), files[i].problems.begin(), files[i].problems.end());
  }
  looked.same.erase("");
  std::erase_if(looked.same, [](const auto& found) { return found.second.size() < 2; });
  return looked;
}

static std::vector<LabelCount> counts_of(const Dataset& dataset) {
  std::vector<LabelCount> counts(dataset.labels.size());
  for (const Sample& sample : dataset.samples) {
    ++counts[sample.label].samples;
    counts[sample.label].groups.insert(sample.group);
  }
  return counts;
}

static std::vector<std::string> notes_of(const Looked& looked) {
  std::vector<std::string> notes = looked.dataset.notes;
  std::ranges::copy(lines_of(looked.notes), std::back_inserter(notes));
  return notes;
}

static std::string label_line(const auto& label, const auto& samples, const auto& groups) {
  return fmt::format("{:<20} {:>8} {:>8}\n", label, samples, groups);
}

static std::string numbers_text(const Dataset& dataset) {
  std::string text = fmt::format("{:<20} {:>10} {:>10} {:>10}\n", "number", "least", "mean", "most");
  for (const auto& [name, least, mean, most] : number_ranges(dataset))
    text += fmt::format("{:<20} {:>10.4g} {:>10.4g} {:>10.4g}\n", name, least, mean, most);
  return text;
}

static std::string labels_text(const Dataset& dataset, const std::vector<LabelCount>& counts) {
  std::string text = label_line("label", "samples", "groups");
  for (std::size_t i = 0; i < counts.size(); ++i)
    text += label_line(dataset.labels[i], counts[i].samples, counts[i].groups.size());
  return text;
}

std::string looked_text(const Looked& looked) {
  const Dataset& dataset = looked.dataset;
  std::string text =
      dataset.task == Task::regression ? numbers_text(dataset) : labels_text(dataset, counts_of(dataset));
  text += fmt::format("{} samples in {}; {} set(s) of exact duplicates", looked.dataset.samples.size(),
                      looked.dataset.folder.string(), looked.same.size());
  for (const auto& [hash, paths] : looked.same) text += fmt::format("\n  the same: {}", fmt::join(paths, " and "));
  for (const std::string& note : notes_of(looked)) text += "\nnote: " + note;
  for (const Problem& problem : looked.unreadable) text += "\ncannot be read: " + sentence(problem);
  return text;
}

Json looked_json(const Looked& looked) {
  const std::vector<LabelCount> counts = counts_of(looked.dataset);
  Json json{{"labels", Json::array()},
            {"samples", looked.dataset.samples.size()},
            {"duplicates", Json::array()},
            {"notes", notes_of(looked)},
            {"unreadable", looked.unreadable.size()}};
  for (std::size_t i = 0; i < counts.size(); ++i)
    json["labels"].push_back(
        {{"label", looked.dataset.labels[i]}, {"samples", counts[i].samples}, {"groups", counts[i].groups.size()}});
  for (const auto& [name, least, mean, most] : number_ranges(looked.dataset))
    json["numbers"].push_back({{"name", name}, {"least", least}, {"mean", mean}, {"most", most}});
  for (const auto& [hash, paths] : looked.same) json["duplicates"].push_back(paths);
  return json;
}

}  // namespace dragonet
