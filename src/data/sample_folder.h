#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/files.h"

namespace dragonet {

/// Is it a regular file in that folder, and neither it nor a link on the way leads out? `path` is relative.
bool is_file_in(const fs::path& folder, const fs::path& path);

/// A folder of samples while it is read. Hidden files are passed over. What else is no sample, such as pipes, devices,
/// folders that are links and links that lead out of the folder, is left out and told.
class SampleFolder {
 public:
  explicit SampleFolder(fs::path root);

  std::vector<fs::path> folders();                            // in it; not those whose names say that they are no label
  std::vector<fs::path> files();                              // in it
  std::vector<fs::path> files_below(const fs::path& folder);  // at any depth
  std::vector<std::string> notes() const;                     // what was left out, and why

 private:
  enum Is { file, folder, neither };
  Is what_is(const fs::path& entry);
  Is leave_out(const fs::path& entry, const char* why);
  std::vector<fs::path> all_entries(const fs::path& folder);
  std::vector<fs::path> entries(const fs::path& folder, Is wanted);

  fs::path root_, true_root_;
  std::map<std::string, std::vector<std::string>> left_out_;  // by the reason
};

}  // namespace dragonet
