#include "data/loose_recordings.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "data/sample_folder.h"
#include "data/text_table.h"

namespace dragonet {
namespace {

constexpr const char* list_name = "labels.csv";

/// Not .txt: those are read-mes and licences, unless the list names them.
std::vector<std::string> recordings_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool is_text = lower(entry.path().extension().string()) == ".txt";
    if (is_file_in(folder, name) && is_motion_file(entry.path()) && !is_text && name != list_name &&
        !name.starts_with('.'))
      names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

/// The list's files must lie beside it: a sample's path is relative to the folder, and goes no way out of it.
void check_listed(const fs::path& folder, const NamedRange& named, double rate_hz) {
  const auto& [name, range] = named;
  const auto refuse = [&](std::string what, std::string next) {
    throw Error(Problem{(folder / list_name).string(), std::move(what), std::move(next)});
  };
  if (name != fs::path(name).filename() || !is_file_in(folder, name))
    refuse(fmt::format("there is no recording {} beside it", name), "give the names of files in the same folder");
  const MotionRecording recording = read_motion(folder / name, {.rate_hz = rate_hz});
  if (range.first_s >= recording.seconds())
    refuse(fmt::format("{} has {:.4g} s, and its range for {} begins at {:.4g} s", name, recording.seconds(),
                       range.label, range.first_s),
           "check the range and its unit: times count from the recording's first reading");
}

std::vector<NamedRange> listed_ranges(const fs::path& folder, double rate_hz) {
  if (!is_file_in(folder, list_name)) return {};
  std::vector<NamedRange> ranges = read_motion_labels(folder / list_name);
  for (const NamedRange& range : ranges) check_listed(folder, range, rate_hz);
  return ranges;
}

std::vector<NamedRange> own_ranges(const fs::path& folder, const std::string& name, double rate_hz,
                                   LabelledRanges own) {
  std::vector<NamedRange> ranges;
  for (MotionRange& range : own(folder / name, rate_hz)) ranges.push_back({name, std::move(range)});
  if (ranges.empty())
    throw Error(
        Problem{.where = (folder / name).string(),
                .what = "nothing says what its label is",
                .next = "give it a column named label, or name it in labels.csv, or put it into a label's folder"});
  return ranges;
}

/// Adds what `ranges` gives, or a note where it cannot be had and need not.
template <typename Ranges>
void add(LooseRecordings& found, bool must_fit, Ranges ranges) try {
  std::ranges::move(ranges(), std::back_inserter(found.ranges));
} catch (const Error& error) {
  if (must_fit) throw;
  found.notes.push_back("left out: " + std::string(error.what()));
}

}  // namespace

LooseRecordings loose_recordings(const fs::path& folder, double rate_hz, bool must_fit, LabelledRanges own) {
  LooseRecordings found;
  add(found, must_fit, [&] { return listed_ranges(folder, rate_hz); });
  std::set<std::string> listed;
  for (const auto& [name, range] : found.ranges) listed.insert(name);
  for (const std::string& name : recordings_in(folder))
    if (!listed.contains(name)) add(found, must_fit, [&] { return own_ranges(folder, name, rate_hz, own); });
  return found;
}

}  // namespace dragonet
