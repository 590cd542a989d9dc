#include "learn/sample_audit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/error.h"
#include "base/hash.h"
#include "base/parallel.h"
#include "data/numbers.h"
#include "project/raw_samples.h"

namespace dragonet {

struct LabelCount {
  int samples = 0;
  std::set<std::string> groups;
};

struct AuditedFile {
  std::string hash;
  std::vector<std::string> notes;
  std::vector<Problem> problems;
};

static AuditedFile audit_samples(const Sample& sample, const Dataset& dataset, const FeatureSettings& features) {
  AuditedFile audit;
  try {
    const Bytes file = read_bytes(dataset.folder / sample.path);
    audit.hash = sha256_of(file);
    audit.notes = raw_sample(dataset.folder, sample, file, features).notes;
  } catch (const Error& error) {
    audit.problems = error.problems;
  }
  return audit;
}

SampleAudit audit_samples(Dataset dataset, const FeatureSettings& features, const Observer& observer) {
  std::vector<AuditedFile> files(dataset.samples.size());
  Progress progress(observer, "reading samples", files.size());
  for_each_parallel(
      files.size(), [&](std::size_t i) { files[i] = audit_samples(dataset.samples[i], dataset, features); },
      [&](std::size_t done) { progress.update(done); });
  SampleAudit audit{.dataset = std::move(dataset), .same = {}, .notes = {}, .unreadable = {}};
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string path = audit.dataset.samples[i].path.generic_string();
    std::vector<std::string>& same = audit.same[files[i].hash];
    if (same.empty() || same.back() != path) same.push_back(path);  // ranges of one file are no duplicates
    for (const std::string& note : files[i].notes) audit.notes.push_back({path, note});
    audit.unreadable.insert(audit.unreadable.end(), files[i].problems.begin(), files[i].problems.end());
  }
  audit.same.erase("");
  std::erase_if(audit.same, [](const auto& found) { return found.second.size() < 2; });
  return audit;
}

static std::vector<LabelCount> counts_of(const Dataset& dataset) {
  std::vector<LabelCount> counts(dataset.labels.size());
  for (const Sample& sample : dataset.samples) {
    ++counts[sample.label].samples;
    counts[sample.label].groups.insert(sample.group);
  }
  return counts;
}

static std::vector<std::string> notes_of(const SampleAudit& audit) {
  std::vector<std::string> notes = audit.dataset.notes;
  std::ranges::copy(lines_of(audit.notes), std::back_inserter(notes));
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

std::string audit_text(const SampleAudit& audit) {
  const Dataset& dataset = audit.dataset;
  std::string text =
      dataset.task == Task::regression ? numbers_text(dataset) : labels_text(dataset, counts_of(dataset));
  text += fmt::format("{} samples in {}; {} set(s) of exact duplicates", audit.dataset.samples.size(),
                      audit.dataset.folder.string(), audit.same.size());
  for (const auto& [hash, paths] : audit.same) text += fmt::format("\n  the same: {}", fmt::join(paths, " and "));
  for (const std::string& note : notes_of(audit)) text += "\nnote: " + note;
  for (const Problem& problem : audit.unreadable) text += "\ncannot be read: " + sentence(problem);
  return text;
}

Json audit_json(const SampleAudit& audit) {
  const std::vector<LabelCount> counts = counts_of(audit.dataset);
  Json json{{"labels", Json::array()},
            {"samples", audit.dataset.samples.size()},
            {"duplicates", Json::array()},
            {"notes", notes_of(audit)},
            {"unreadable", audit.unreadable.size()}};
  for (std::size_t i = 0; i < counts.size(); ++i)
    json["labels"].push_back(
        {{"label", audit.dataset.labels[i]}, {"samples", counts[i].samples}, {"groups", counts[i].groups.size()}});
  for (const auto& [name, least, mean, most] : number_ranges(audit.dataset))
    json["numbers"].push_back({{"name", name}, {"least", least}, {"mean", mean}, {"most", most}});
  for (const auto& [hash, paths] : audit.same) json["duplicates"].push_back(paths);
  return json;
}

}  // namespace dragonet
