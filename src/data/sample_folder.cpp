#include "data/sample_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "data/dataset.h"
#include "data/text_table.h"

namespace dragonet {

static bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

static std::vector<fs::path> sorted_entries(fs::directory_iterator entries) {
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : entries)
    if (!is_hidden(entry.path())) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<fs::path> entries_of(const fs::path& folder) { return sorted_entries(fs::directory_iterator(folder)); }

/// Programs keep things in such folders: recordings that nobody has labelled yet, small copies of pictures.
static bool is_no_label(const std::string& name) {
  std::string letters = lower(name);
  std::erase_if(letters, [](char c) { return c == '_' || c == '-' || c == ' '; });
  const bool is_unlabelled = letters == "unlabelled" || letters == "unlabeled";
  return name != background_folder && (name.starts_with('_') || name.starts_with('@') || is_unlabelled);
}

/// Does it lie in the folder? Both without links.
static bool lies_in(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

bool is_file_in(const fs::path& folder, const fs::path& path) {
  std::error_code error, of_folder;
  const fs::path file = fs::canonical(folder / path, error), inside = fs::canonical(folder, of_folder);
  return path.is_relative() && !error && !of_folder && fs::is_regular_file(file, error) && lies_in(file, inside);
}

SampleFolder::SampleFolder(fs::path root) : root_(std::move(root)) {
  std::error_code error;
  true_root_ = fs::canonical(root_, error);
  if (error) true_root_ = root_;
  if (!true_root_.has_filename()) true_root_ = true_root_.parent_path();
}

SampleFolder::Is SampleFolder::leave_out(const fs::path& entry, const char* why) {
  std::vector<std::string>& paths = left_out_[why];
  const std::string path = entry.lexically_relative(root_).generic_string();
  if (std::ranges::find(paths, path) == paths.end()) paths.push_back(path);
  return neither;
}

SampleFolder::Is SampleFolder::what_is(const fs::path& entry) {
  std::error_code error;
  const bool is_link = fs::is_symlink(fs::symlink_status(entry, error));
  const fs::file_status status = fs::status(entry, error);
  if (error || !fs::exists(status)) return leave_out(entry, "a link that leads nowhere; mend it, or remove it");
  if (is_link && fs::is_directory(status)) return leave_out(entry, "a link to a folder; put the folder there instead");
  if (is_link && !lies_in(fs::canonical(entry, error), true_root_))
    return leave_out(entry, "a link out of the folder; put a copy of the file there instead");
  if (fs::is_directory(status)) return folder;
  return fs::is_regular_file(status) ? file : leave_out(entry, "a pipe or a device, and no file; remove it");
}

std::vector<fs::path> SampleFolder::all_entries(const fs::path& of) {
  std::error_code error;
  const fs::directory_iterator entries(of, error);
  if (!error) return sorted_entries(entries);
  leave_out(of, "a folder that may not be read; give yourself the permission, or remove it");
  return {};
}

std::vector<fs::path> SampleFolder::entries(const fs::path& of, Is wanted) {
  std::vector<fs::path> found;
  for (const fs::path& entry : all_entries(of))
    if (what_is(entry) == wanted) found.push_back(entry);
  return found;
}

std::vector<fs::path> SampleFolder::folders() {
  std::vector<fs::path> found = entries(root_, folder);
  std::erase_if(found, [&](const fs::path& path) {
    if (!is_no_label(path.filename().string())) return false;
    leave_out(path, "a folder whose name says that it is no label; rename it if it is one");
    return true;
  });
  return found;
}

std::vector<fs::path> SampleFolder::files() { return entries(root_, file); }

std::vector<fs::path> SampleFolder::files_below(const fs::path& of) {
  std::vector<fs::path> found;
  for (const fs::path& entry : all_entries(of)) {
    const Is is = what_is(entry);
    if (is == file) found.push_back(entry);
    if (is != folder) continue;
    const std::vector<fs::path> below = files_below(entry);
    found.insert(found.end(), below.begin(), below.end());
  }
  return found;
}

std::vector<std::string> SampleFolder::notes() const {
  std::vector<std::string> notes;
  for (const auto& [why, paths] : left_out_) {
    const std::string more = paths.size() > 1 ? fmt::format(" and {} more", paths.size() - 1) : "";
    notes.push_back(fmt::format("left out: {}{}: {}", paths.front(), more, why));
  }
  return notes;
}

}  // namespace dragonet
