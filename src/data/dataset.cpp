#include "data/dataset.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <tuple>

#include "base/error.h"
#include "data/edge_impulse_export.h"
#include "data/label_rules.h"
#include "data/loose_recordings.h"
#include "data/sample_folder.h"
#include "data/text_table.h"

namespace dragonet {

std::vector<fs::path> files_below(const fs::path& folder) {
  if (!fs::is_directory(folder))
    throw Error(
        Problem{.where = folder.string(), .what = "there is no such folder", .next = "give one that holds samples"});
  const std::vector<fs::path> files = SampleFolder(folder).files_below(folder);
  if (files.empty())
    throw Error(Problem{.where = folder.string(), .what = "the folder is empty", .next = "put samples into it"});
  return files;
}

struct LabelFolder {
  std::string label;
  fs::path path;
  std::vector<fs::path> files;
  Sample::Part part = Sample::any;
};

/// Of a folder that holds the folders of labels; none: its name is of no part of a split.
static std::optional<Sample::Part> part_named(const std::string& name) {
  const std::string word = lower(name);
  if (word == "test" || word == "testing") return Sample::tests;
  if (word == "train" || word == "training" || word == "val" || word == "valid" || word == "validation")
    return Sample::trains;
  return std::nullopt;
}

static bool is_part(const fs::path& folder) { return part_named(folder.filename().string()).has_value(); }

/// train/<label>/..., test/<label>/...: are all of these folders parts of a split, with folders and no files in them?
static bool are_parts(const std::vector<fs::path>& folders) {
  const auto holds_labels = [](const fs::path& folder) {
    SampleFolder inside(folder);
    return is_part(folder) && inside.files().empty() && !inside.folders().empty();
  };
  return folders.size() > 1 && std::ranges::all_of(folders, holds_labels);
}

static void add_parts(SampleFolder& samples, const std::vector<fs::path>& parts, std::vector<LabelFolder>& found) {
  for (const fs::path& part : parts)
    for (const fs::path& folder : SampleFolder(part).folders())
      found.push_back({.label = folder.filename().string(),
                       .path = folder,
                       .files = samples.files_below(folder),
                       .part = part_named(part.filename().string()).value()});
}

static std::vector<LabelFolder> label_folders(SampleFolder& samples, std::vector<std::string>& notes) {
  const std::vector<fs::path> folders = samples.folders();
  std::vector<LabelFolder> found;
  if (are_parts(folders)) {
    add_parts(samples, folders, found);
    notes.push_back(
        "training and testing are as the folders say, and labels are the folders in them; rename the "
        "outer folders if they are the labels");
    return found;
  }
  for (const fs::path& folder : folders)
    found.push_back({.label = folder.filename().string(), .path = folder, .files = samples.files_below(folder)});
  if (folders.size() > 1 && std::ranges::all_of(folders, is_part))
    notes.push_back(
        "the labels are named as the parts of a split are; put a folder for each label into them, or the list "
        "info.labels beside them, if that is what they are");
  return found;
}

static void check_labels(const fs::path& folder, const std::vector<std::string>& names) {
  if (names.size() < 2)
    throw Error(Problem{
        .where = folder.string(),
        .what = fmt::format("all ranges of its recordings are labelled {}, and telling apart needs two", names.front()),
        .next = "label what is something else, too"});
}

static void check_folders(const fs::path& folder, const std::vector<LabelFolder>& folders, const LooseRecordings& loose,
                          const std::vector<std::string>& notes) {
  std::vector<Problem> found;
  std::set<std::string> names;
  for (const LabelFolder& label : folders) names.insert(label.label);
  const std::string left_out = notes.empty() ? "" : "; " + notes.front();
  if (names.size() < 2 && loose.ranges.empty())
    found.push_back(
        {.where = folder.string(),
         .what = fmt::format("it holds {} folder(s) of samples, and telling apart needs two", names.size()),
         .next = "put the recordings of each label into a folder of its own: dragon/..., other/..." + left_out});
  for (const LabelFolder& label : folders)
    if (label.files.empty())
      found.push_back({.where = label.path.string(),
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

std::vector<std::string> groups_by(const std::string& pattern, const std::vector<std::string>& paths) {
  Grouping grouping(pattern);
  std::vector<std::string> groups;
  for (const std::string& path : paths) groups.push_back(grouping.group_of(path));
  return groups;
}

static bool has_control_character(const std::string& text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 32 || c == 127; });
}

/// Names end up in reports and in the model, whose texts are UTF-8, and on terminals.
static void check_names(const Dataset& dataset) {
  const auto refuse = [](const std::string& where, const char* what) {
    throw Error(Problem{.where = where, .what = what, .next = "rename it: names end up in reports and in the model"});
  };
  for (const Sample& sample : dataset.samples) {
    const std::string path = sample.path.string(), where = (dataset.folder / sample.path).string();
    if (!is_utf8(path)) refuse(where, "its name is not UTF-8");
    if (has_control_character(path)) refuse(where, "its name holds a control character");
  }
  for (const std::string& label : dataset.labels)
    if (!is_utf8(label) || has_control_character(label))
      refuse(fmt::format("{}, label {}", dataset.folder.string(), label), "the label holds a control character");
}

static void tell_of_miss(Dataset& dataset, const DatasetOptions& options) {
  const std::string where = fmt::format("the group pattern \"{}\"", options.group);
  const std::string what = fmt::format("it matches the path of no sample in {}", dataset.folder.string());
  if (options.strict)
    throw Error({where, what,
                 "it is searched in paths such as dragon/drake-burner-fly-1.png; group = \"\" makes each file a group "
                 "of its own"});
  dataset.notes.push_back(fmt::format("{}: {}, so each file is a group of its own", where, what));
}

bool is_background(const Sample& sample) { return *sample.path.begin() == background_folder; }

/// A sample, before its label has a number.
struct Labelled {
  fs::path path;
  MotionRange range;
  Sample::Part part = Sample::any;
};

static std::vector<Labelled> labelled_by_list(const fs::path& folder, const DatasetOptions& options,
                                              std::vector<std::string>& notes) {
  const Exported exported = exported_samples(folder, options.rate_hz);
  notes.insert(notes.end(), exported.notes.begin(), exported.notes.end());
  std::vector<Labelled> found;
  for (const auto& [path, range, tests] : exported.samples)
    found.push_back({path, range, tests ? Sample::tests : Sample::trains});
  return found;
}

static std::vector<Labelled> labelled_by_folders(const fs::path& folder, const DatasetOptions& options,
                                                 std::vector<std::string>& notes) {
  SampleFolder samples(folder);
  const std::vector<LabelFolder> folders = label_folders(samples, notes);
  const LooseRecordings loose = loose_recordings(folder, options.rate_hz, folders.empty(), options.own_labels);
  notes.insert(notes.end(), loose.notes.begin(), loose.notes.end());
  const std::vector<std::string> left_out = samples.notes();
  notes.insert(notes.end(), left_out.begin(), left_out.end());
  check_folders(folder, folders, loose, left_out);
  std::vector<Labelled> found;
  for (const LabelFolder& label : folders)
    for (const fs::path& file : label.files)
      found.push_back({file.lexically_relative(folder), {.label = label.label}, label.part});
  for (const auto& [file, range] : loose.ranges) found.push_back({file, range});
  return found;
}

/// Sorted, each once.
static std::vector<std::string> names_of(const std::vector<Labelled>& samples) {
  std::set<std::string> names;
  for (const Labelled& sample : samples) names.insert(sample.range.label);
  return {names.begin(), names.end()};
}

Dataset samples_in(const Classification&, const fs::path& folder, const DatasetOptions& options) {
  std::vector<std::string> notes;
  const std::vector<Labelled> found =
      is_export(folder) ? labelled_by_list(folder, options, notes) : labelled_by_folders(folder, options, notes);
  const std::vector<std::string> names = names_of(found);
  check_labels(folder, names);
  const LabelRules rules = label_rules(folder, names, options);
  Dataset dataset{.folder = folder, .labels = rules.names, .samples = {}, .notes = notes};
  for (const auto& [path, range, part] : found)
    dataset.samples.push_back({.path = path,
                               .label = rules.of_folder.at(range.label),
                               .first_s = range.first_s,
                               .last_s = range.last_s,
                               .part = part});
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
  check_names(dataset);
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
