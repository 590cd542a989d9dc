#include "project/new_project.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.h"
#include "base/leftovers.h"
#include "board/board.h"
#include "data/numbers.h"
#include "project/raw_samples.h"
#include "project/train_toml.h"

namespace dragonet {

/// The emitted code's namespace: what a C++ compiler takes for a name.
static void check_name(const std::string& name) {
  if (identifier_of(name) != name)
    throw Error({"the name `" + name + "`", "cannot name a project, because it also names the emitted C++",
                 "use letters, digits and _, and no word of C++; " + identifier_of(name) + " would do"});
}

static void check_new(const NewProject& options) {
  check_name(fs::path(options.name).filename().string());
  find_board(options.board);
  find_kind(options.kind);
  if (fs::exists(options.name)) throw Error({options.name, "exists already", "choose another name, or remove it"});
}

/// Only regular files in label folders: nothing hidden, no links out of the folder.
static void copy_samples(const fs::path& from, const Dataset& dataset, const fs::path& to) {
  for (const Sample& sample : dataset.samples) {
    fs::create_directories((to / sample.path).parent_path());
    fs::copy_file(from / sample.path, to / sample.path, fs::copy_options::skip_existing);  // it may have many ranges
  }
  if (fs::is_regular_file(from / number_list)) fs::copy_file(from / number_list, to / number_list);
}

static void fill(const NewProject& options, Project& project, const fs::path& folder) {
  const Kind& kind = find_kind(options.kind);
  project.labels.own_labels = kind.own_labels;
  project.labels.rows_stand_alone = kind.rows_stand_alone;
  if (options.samples.empty()) {
    fs::create_directories(folder / "samples");
    project.features = kind.default_features({});
  } else {
    const Dataset dataset = scan_samples(options.samples, project.labels);
    project.features = kind.default_features(dataset);
    copy_samples(options.samples, dataset, folder / "samples");
  }
  project.train = default_training(kind, options.labels.task);
  project.answers = kind.answers;
  write_file(folder / "dragonet.toml", project_text(project));
}

/// A new folder beside the one to be made.
static fs::path part_beside(const fs::path& folder) {
  const fs::path part = folder.string() + ".part-" + std::to_string(getpid());
  std::error_code error;
  if (folder.has_parent_path()) fs::create_directories(folder.parent_path(), error);
  sweep(folder.has_parent_path() ? folder.parent_path() : ".", folder.filename().string() + ".part-");
  if (!fs::create_directory(part, error))
    throw Error({folder.string(), error ? error.message() : part.string() + " is in the way",
                 "choose a place where folders can be made"});
  return part;
}

Project create_project(const NewProject& given) {
  NewProject options = given;
  while (options.name.size() > 1 && options.name.ends_with('/')) options.name.pop_back();
  check_new(options);
  Project project{.folder = options.name,
                  .name = fs::path(options.name).filename(),
                  .board = options.board,
                  .labels = options.labels};
  const fs::path part = part_beside(options.name);  // renamed when it is whole
  try {
    fill(options, project, part);
    fs::rename(part, options.name);
  } catch (const fs::filesystem_error& error) {
    fs::remove_all(part);
    throw Error({options.name, "the samples cannot be copied there: " + error.code().message(),
                 "make room on the disk, or choose another place"});
  } catch (...) {
    fs::remove_all(part);
    throw;
  }
  return project;
}

}  // namespace dragonet
