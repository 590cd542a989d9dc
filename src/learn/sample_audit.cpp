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
#include "learn/sample_warnings.h"
#include "project/raw_samples.h"
#include "project/sample_changes.h"

namespace dragonet {

struct LabelCount {
  int samples = 0;
  std::set<std::string> groups;
};

struct AuditedFile {
  std::string hash, content;  // of the file's bytes; of what the chip would be sent
  double recorded_hz = 0;
  std::vector<std::string> notes;
  std::vector<Problem> problems;
};

static void append(Bytes& all, const Image& image) { all.insert(all.end(), image.pixels.begin(), image.pixels.end()); }

static void append(Bytes& all, const Readings& readings) {
  for (const std::int16_t value : readings.values) {
    all.push_back(static_cast<std::uint8_t>(value & 0xff));
    all.push_back(static_cast<std::uint8_t>(value >> 8 & 0xff));
  }
}

/// The same picture may be saved in two ways.
static std::string content_hash(const RawSample& sample) {
  Bytes all;
  for (const Raw& raw : sample.windows) std::visit([&](const auto& window) { append(all, window); }, raw);
  return sha256_of(all);
}

static AuditedFile audit_samples(const Sample& sample, const Dataset& dataset, const FeatureSettings& features) {
  AuditedFile audit;
  try {
    const Bytes file = sample_bytes(dataset.folder / sample.path);
    audit.hash = sha256_of(file);
    const RawSample raw = raw_sample(dataset.folder, sample, file, features);
    audit.notes = raw.notes, audit.recorded_hz = raw.recorded_hz, audit.content = content_hash(raw);
  } catch (const Error& error) {
    audit.problems = error.problems;
  }
  return audit;
}

static std::vector<std::string> warnings_of(const Dataset& dataset, const std::vector<AuditedFile>& files) {
  std::vector<std::string> contents;
  std::vector<double> rates;
  for (const AuditedFile& file : files) contents.push_back(file.content), rates.push_back(file.recorded_hz);
  std::vector<std::string> warnings = label_warnings(dataset.labels);
  std::ranges::copy(contradiction_warnings(dataset, contents), std::back_inserter(warnings));
  std::ranges::copy(rate_warnings(dataset, rates), std::back_inserter(warnings));
  return warnings;
}

SampleAudit audit_samples(Dataset dataset, const FeatureSettings& features, const Observer& observer) {
  std::vector<AuditedFile> files(dataset.samples.size());
  Progress progress(observer, "reading samples", files.size());
  for_each_parallel(
      files.size(), [&](std::size_t i) { files[i] = audit_samples(dataset.samples[i], dataset, features); },
      [&](std::size_t done) { progress.update(done); });
  SampleAudit audit{.dataset = std::move(dataset)};
  std::set<std::string> unreadable;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string path = audit.dataset.samples[i].path.generic_string();
    std::vector<std::string>& same = audit.same[files[i].hash];
    if (same.empty() || same.back() != path) same.push_back(path);  // ranges of one file are no duplicates
    for (const std::string& note : files[i].notes) audit.notes.push_back({path, note});
    audit.unreadable.insert(audit.unreadable.end(), files[i].problems.begin(), files[i].problems.end());
    if (!files[i].problems.empty()) unreadable.insert(path);
  }
  audit.unreadable_files = unreadable.size();
  audit.warnings = warnings_of(audit.dataset, files);
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

/// The first of them whole, and of the rest how many and which.
static std::string unreadable_text(const SampleAudit& audit) {
  const std::vector<Problem>& problems = audit.unreadable;
  constexpr std::size_t most = 10;
  std::string text;
  std::vector<std::string> rest;
  for (const Problem& problem : problems)
    if (rest.empty() && std::ranges::count(text, '\n') < static_cast<std::ptrdiff_t>(most))
      text += "\ncannot be read: " + sentence(problem);
    else
      rest.push_back(problem.where);
  if (!rest.empty()) text += fmt::format("\ncannot be read: {} more: {}", rest.size(), some_of(rest));
  if (!problems.empty()) text += fmt::format("\n{} file(s) cannot be read", audit.unreadable_files);
  return text;
}

static std::string same_text(const SampleAudit& audit) {
  constexpr std::size_t most = 10;
  std::string text;
  std::size_t told = 0;
  for (const auto& [hash, paths] : audit.same)
    if (++told <= most)
      text += "\n  the same: " + (paths.size() > 4 ? some_of(paths) : fmt::format("{}", fmt::join(paths, " and ")));
  if (told > most) text += fmt::format("\n  and {} more sets", told - most);
  return text;
}

std::string remarks_text(const SampleAudit& audit) {
  std::string text = fmt::format("{} samples in {}; {} set(s) of exact duplicates", audit.dataset.samples.size(),
                                 audit.dataset.folder.string(), audit.same.size());
  text += same_text(audit);
  for (const std::string& warning : audit.warnings) text += "\nwarning: " + warning;
  for (const std::string& note : notes_of(audit)) text += "\nnote: " + note;
  return text + unreadable_text(audit);
}

std::string audit_text(const SampleAudit& audit) {
  const Dataset& dataset = audit.dataset;
  const std::string counts =
      has_numbers(dataset.task) ? numbers_text(dataset) : labels_text(dataset, counts_of(dataset));
  return counts + remarks_text(audit);
}

Json audit_json(const SampleAudit& audit) {
  const std::vector<LabelCount> counts = counts_of(audit.dataset);
  Json json{{"labels", Json::array()},
            {"samples", audit.dataset.samples.size()},
            {"duplicates", Json::array()},
            {"warnings", audit.warnings},
            {"notes", notes_of(audit)},
            {"unreadable", audit.unreadable_files},
            {"problems", problems_json(audit.unreadable)}};
  for (std::size_t i = 0; i < counts.size(); ++i)
    json["labels"].push_back(
        {{"label", audit.dataset.labels[i]}, {"samples", counts[i].samples}, {"groups", counts[i].groups.size()}});
  for (const auto& [name, least, mean, most] : number_ranges(audit.dataset))
    json["numbers"].push_back({{"name", name}, {"least", least}, {"mean", mean}, {"most", most}});
  for (const auto& [hash, paths] : audit.same) json["duplicates"].push_back(paths);
  return json;
}

}  // namespace dragonet
