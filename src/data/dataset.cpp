#include "data/dataset.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <tuple>

#include "base/error.h"
#include "data/label_rules.h"
#include "data/loose_recordings.h"

namespace dragonet {

static bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (!is_hidden(entry.path())) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

/// Every file below `folder`, at any depth.
static void add_files(const fs::path& folder, std::vector<fs::path>& files) {
  for (const fs::path& entry : entries_of(folder)) {
    if (fs::is_directory(entry) && !fs::is_symlink(entry)) add_files(entry, files);  // a link may lead in a circle
    if (fs::is_regular_file(entry)) files.push_back(entry);
  }
}

std::vector<fs::path> files_below(const fs::path& folder) {
  if (!fs::is_directory(folder))
    throw Error(
        Problem{.where = folder.string(), .what = "there is no such folder", .next = "give one that holds samples"});
  std::vector<fs::path> files;
  add_files(folder, files);
  if (files.empty())
    throw Error(Problem{.where = folder.string(), .what = "the folder is empty", .next = "put samples into it"});
  return files;
}

struct LabelFolder {
  std::string label;
  std::vector<fs::path> files;
};

static std::vector<LabelFolder> label_folders(const fs::path& folder) {
  std::vector<LabelFolder> found;
  for (const fs::path& entry : entries_of(folder)) {
    if (!fs::is_directory(entry)) continue;
    found.push_back({.label = entry.filename().string(), .files = {}});
    add_files(entry, found.back().files);
  }
  return found;
}

/// Sorted, each once.
static std::vector<std::string> names_of(const std::vector<LabelFolder>& folders, const LooseRecordings& loose) {
  std::set<std::string> names;
  for (const LabelFolder& folder : folders) names.insert(folder.label);
  for (const auto& [file, range] : loose.ranges) names.insert(range.label);
  return {names.begin(), names.end()};
}

static void check_labels(const fs::path& folder, const LooseRecordings& loose, const std::vector<std::string>& names) {
  if (!loose.ranges.empty() && names.size() < 2)
    throw Error(Problem{
        .where = folder.string(),
        .what = fmt::format("all ranges of its recordings are labelled {}, and telling apart needs two", names.front()),
        .next = "label what is something else, too"});
}

static void check_folders(const fs::path& folder, const std::vector<LabelFolder>& folders,
                          const LooseRecordings& loose) {
  std::vector<Problem> found;
  if (folders.size() < 2 && loose.ranges.empty())
    found.push_back(
        {.where = folder.string(),
         .what = fmt::format("it holds {} folder(s) of samples, and telling apart needs two", folders.size()),
         .next = "put the recordings of each label into a folder of its own: dragon/..., other/..."});
  for (const LabelFolder& label : folders)
    if (label.files.empty())
      found.push_back({.where = (folder / label.label).string(),
                       .what = "the folder of this label is empty",
                       .next = "put recordings into it, or remove it"});
  if (!found.empty()) throw Error(std::move(found));
}

/// A group pattern; none where every file is its own group. RE2's time grows with the path alone, whatever the pattern.
class Grouping {
 public:
  explicit Grouping(const std::string& pattern) {
    if (pattern.empty()) return;
    RE2::Options quiet;
    quiet.set_log_errors(false);
    constexpr std::size_t longest = 1000, most = 100;  // characters of a pattern, and of what is shown of it
    if (pattern.size() > longest)
      throw Error(Problem{.where = fmt::format("the group pattern \"{}...\"", pattern.substr(0, most)),
                          .what = fmt::format("it has {} characters, and {} are the most", pattern.size(), longest),
                          .next = "a short one does: \"drake-[a-z]+\""});
    regex_ = std::make_unique<RE2>(pattern, quiet);
    if (regex_->ok()) return;
    throw Error(
        Problem{.where = fmt::format("the group pattern \"{}\"", pattern.substr(0, most)),
                .what = fmt::format("it is no regular expression ({})", regex_->error().substr(0, most)),
                .next = "a pattern such as \"drake-[a-z]+\" names the part of the path that files of one group share"});
  }

  /// The captures joined, or the whole match where it has none; the file's own path where the pattern does not match.
  std::string group_of(const std::string& path) {
    if (!regex_) return path;
    std::vector<re2::StringPiece> match(static_cast<std::size_t>(regex_->NumberOfCapturingGroups()) + 1);
    if (!regex_->Match(path, 0, path.size(), RE2::UNANCHORED, match.data(), static_cast<int>(match.size())))
      return path;
    matched_ = true;
    if (match.size() == 1) return std::string(match[0]);
    std::string group;
    for (std::size_t i = 1; i < match.size(); ++i) {
      if (i > 1) group += '/';
      group += std::string(match[i]);
    }
    return group;
  }

  /// Given a pattern, did it match nothing?
  bool missed() const { return regex_ && !matched_; }

 private:
  std::unique_ptr<RE2> regex_;
  bool matched_ = false;
};

/// Is it UTF-8? Reports, JSON and the model's metadata are.
static bool is_utf8(const std::string& text) {
  int following = 0;  // bytes that the character still wants
  for (const unsigned char c : text) {
    const bool follows = (c & 0xc0) == 0x80;
    if (follows != (following > 0)) return false;
    following = follows ? following - 1 : c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : c < 0xf8 ? 3 : -1;
    if (following < 0) return false;
  }
  return following == 0;
}

static void require_utf8(const Dataset& dataset) {
  for (const Sample& sample : dataset.samples)
    if (!is_utf8(sample.path.string()))
      throw Error(Problem{.where = (dataset.folder / sample.path).string(),
                          .what = "its name is not UTF-8",
                          .next = "rename it: names end up in reports and in the model"});
}

static void tell_of_miss(Dataset& dataset, const DatasetOptions& options) {
  const std::string where = fmt::format("the group pattern \"{}\"", options.group);
  const std::string what = fmt::format("it matches the path of no sample in {}", dataset.folder.string());
  if (options.strict) throw Error({where, what, "it is searched in paths such as dragon/drake-burner-fly-1.png"});
  dataset.notes.push_back(fmt::format("{}: {}, so each file is a group of its own", where, what));
}

bool is_background(const Sample& sample) { return *sample.path.begin() == background_folder; }

Dataset samples_in(const Classification&, const fs::path& folder, const DatasetOptions& options) {
  const std::vector<LabelFolder> folders = label_folders(folder);
  const LooseRecordings loose = loose_recordings(folder, options.rate_hz, folders.empty(), options.own_labels);
  check_folders(folder, folders, loose);
  const std::vector<std::string> names = names_of(folders, loose);
  check_labels(folder, loose, names);
  const LabelRules rules = label_rules(folder, names, options);

  Dataset dataset{.folder = folder, .labels = rules.names, .samples = {}, .notes = loose.notes};
  for (const LabelFolder& label : folders)
    for (const fs::path& file : label.files)
      dataset.samples.push_back({.path = file.lexically_relative(folder), .label = rules.of_folder.at(label.label)});
  for (const auto& [file, range] : loose.ranges)
    dataset.samples.push_back(
        {.path = file, .label = rules.of_folder.at(range.label), .first_s = range.first_s, .last_s = range.last_s});
  return dataset;
}

static void set_groups(Dataset& dataset, const DatasetOptions& options) {
  Grouping grouping(options.group);
  for (Sample& sample : dataset.samples) {
    sample.group = grouping.group_of(sample.path.generic_string());
    if (options.rows_stand_alone && options.group.empty() && sample.last_s > 0)
      sample.group += fmt::format(", row {:.0f}", sample.last_s);
  }
  if (grouping.missed()) tell_of_miss(dataset, options);
}

Dataset scan_samples(const fs::path& folder, const DatasetOptions& options) {
  if (!fs::is_directory(folder))
    throw Error(Problem{.where = folder.string(),
                        .what = "there is no such folder of samples",
                        .next = "give a folder that holds one folder of recordings for each label"});
  Dataset dataset = std::visit([&](const auto& task) { return samples_in(task, folder, options); }, options.task);
  dataset.task = options.task;
  require_utf8(dataset);
  set_groups(dataset, options);
  std::sort(dataset.samples.begin(), dataset.samples.end(),
            [](const Sample& a, const Sample& b) { return std::tie(a.path, a.first_s) < std::tie(b.path, b.first_s); });
  if (!options.keywords.empty()) thin_unknown(dataset);
  return dataset;
}

const std::vector<std::string>& output_names(const Dataset& dataset) {
  return has_numbers(dataset.task) ? dataset.outputs : dataset.labels;
}

}  // namespace dragonet
