// The list's form, version 1, as Edge Impulse's uploader takes it:
//   {"version": 1, "files": [{"path": "training/a.json", "category": "training",
//     "label": {"type": "label", "label": "walk"}}, ...]}
// A file with several labels has {"type": "multi-label", "labels": [{"label", "startIndex", "endIndex"}]}.
#include "data/edge_impulse_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "data/shallow_json.h"

namespace dragonet {
namespace {

using PlainJson = nlohmann::json;

/// A member, or null where there is none.
PlainJson member(const PlainJson& of, const char* name) {
  const auto found = of.is_object() ? of.find(name) : of.end();
  return of.is_object() && found != of.end() ? *found : PlainJson();
}

std::string text_of(const PlainJson& value) { return value.is_string() ? value.get<std::string>() : ""; }

class ExportReader {
 public:
  ExportReader(fs::path folder, double rate_hz) : folder_(std::move(folder)), rate_hz_(rate_hz) {
    for (const fs::path& file : SampleFolder(folder_).files_below(folder_))
      files_.insert(file.lexically_relative(folder_));
  }

  void take(const PlainJson& entry) {
    const fs::path path = fs::path(text_of(member(entry, "path"))).lexically_normal();
    if (!files_.contains(path)) return leave_out(path, "is in the list and not in the folder");
    listed_.insert(path);
    if (member(entry, "enabled") == false) return leave_out(path, "is switched off in the list");
    take_labels(path, member(entry, "label"), text_of(member(entry, "category")) == "testing");
  }

  Exported finish() {
    for (const fs::path& file : files_)
      if (!listed_.contains(file) && file != export_list) leave_out(file, "is in the folder and not in the list");
    found_.notes.push_back(
        fmt::format("labels, and what trains and tests, are those of {}, Edge Impulse's list; "
                    "remove it to take folders for labels",
                    export_list));
    for (const auto& [why, paths] : left_out_) {
      const std::string more = paths.size() > 1 ? fmt::format(" and {} more", paths.size() - 1) : "";
      found_.notes.push_back(fmt::format("left out: {}{}: {}", paths.front(), more, why));
    }
    return std::move(found_);
  }

 private:
  void take_labels(const fs::path& path, const PlainJson& label, bool tests) {
    const std::string only = text_of(label.is_string() ? label : member(label, "label"));
    if (!only.empty()) return found_.samples.push_back({path, {.label = only}, tests});
    const PlainJson several = member(label, "labels");
    if (!several.is_array() || several.empty()) return leave_out(path, "has no label in the list");
    if (!is_motion_file(path)) return leave_out(path, "has several labels, which only recordings of motion may have");
    try {
      const double rate_hz = read_motion(folder_ / path, {.rate_hz = rate_hz_}).rate_hz;
      for (const PlainJson& part : several) take_range(path, part, rate_hz, tests);
    } catch (const Error&) {
      leave_out(path, "has several labels and cannot be read");
    }
  }

  /// Indices of readings, the last one included.
  void take_range(const fs::path& path, const PlainJson& part, double rate_hz, bool tests) {
    const PlainJson first = member(part, "startIndex"), last = member(part, "endIndex");
    const std::string label = text_of(member(part, "label"));
    const bool is_range = first.is_number() && last.is_number() && first >= 0 && first <= last && !label.empty();
    if (!is_range) return leave_out(path, "has a part without label, start and end in the list");
    found_.samples.push_back({path, {first.get<double>() / rate_hz, (last.get<double>() + 1) / rate_hz, label}, tests});
  }

  void leave_out(const fs::path& path, const char* why) { left_out_[why].push_back(path.generic_string()); }

  fs::path folder_;
  double rate_hz_;
  std::set<fs::path> files_, listed_;
  std::map<std::string, std::vector<std::string>> left_out_;
  Exported found_;
};

}  // namespace

bool is_export(const fs::path& folder) {
  std::error_code error;
  return fs::is_regular_file(folder / export_list, error);
}

Exported exported_samples(const fs::path& folder, double rate_hz) {
  const fs::path list = folder / export_list;
  const PlainJson json = shallow_json(list, false), files = member(json, "files");
  if (!files.is_array() || files.empty())
    throw Error(Problem{list.string(), "it lists no files as Edge Impulse's export does",
                        "export the data again, or remove the list to take folders for labels"});
  ExportReader reader(folder, rate_hz);
  for (const PlainJson& entry : files) reader.take(entry);
  Exported found = reader.finish();
  if (found.samples.empty())
    throw Error(Problem{list.string(), fmt::format("none of its {} files has a label that can be used", files.size()),
                        "label them in Edge Impulse, one label a file; boxes around objects are not read"});
  return found;
}

}  // namespace dragonet
