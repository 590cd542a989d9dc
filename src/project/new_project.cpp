#include "project/new_project.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>

#include "base/error.h"
#include "board/board.h"
#include "data/edge_impulse_export.h"
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
  const Kind& kind = find_kind(options.kind);
  if (options.rate_hz != 0 && !kind.takes_rate)
    throw Error({"--rate", fmt::format("samples of kind {} say their rate themselves, or have none", kind.name),
                 "leave it out"});
  if (!(options.rate_hz >= 0) || !std::isfinite(options.rate_hz))
    throw Error({"--rate", fmt::format("{:g} is no number of Hz", options.rate_hz), "give a number above 0"});
  if (fs::exists(options.name)) throw Error({options.name, "exists already", "choose another name, or remove it"});
}

/// Only what scan_samples found: nothing hidden, no links out of the folder. Lists that say what the files are, too.
static void copy_samples(const fs::path& from, const Dataset& dataset, const fs::path& to) {
  for (const Sample& sample : dataset.samples) {
    fs::create_directories((to / sample.path).parent_path());
    fs::copy_file(from / sample.path, to / sample.path, fs::copy_options::skip_existing);  // it may have many ranges
  }
  for (const char* list : {number_list, export_list})
    if (is_file_in(from, list)) fs::copy_file(from / list, to / list);
}

static void fill(const NewProject& options, Project& project, const fs::path& folder) {
  const Kind& kind = find_kind(options.kind);
  project.labels.own_labels = kind.own_labels;
  project.labels.rate_hz = options.rate_hz;
  project.labels.rows_stand_alone = kind.rows_stand_alone;
  if (options.samples.empty()) {
    fs::create_directories(folder / "samples");
    project.features = kind.default_features({}, options.rate_hz);
  } else {
    const Dataset dataset = scan_samples(options.samples, project.labels);
    project.features = kind.default_features(dataset, options.rate_hz);
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
