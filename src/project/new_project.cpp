#include "project/new_project.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>

#include "base/error.h"
#include "base/leftovers.h"
#include "board/board.h"
#include "data/edge_impulse_export.h"
#include "data/numbers.h"
#include "project/raw_samples.h"
#include "project/sample_changes.h"
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

/// Whoever may not read a file need not copy it; the others are samples all the same.
static bool may_read(const fs::path& file) { return ::access(file.c_str(), R_OK) == 0; }

/// Only what scan_samples found: nothing hidden, no links out of the folder. Lists that say what the files are, too.
static void copy_samples(const fs::path& from, const Dataset& dataset, const fs::path& to, MadeProject& made) {
  std::vector<std::string> forbidden;
  for (const Sample& sample : dataset.samples) {
    if (fs::exists(to / sample.path)) continue;  // it may have many ranges
    if (!may_read(from / sample.path)) {
      forbidden.push_back(sample.path.generic_string());
      continue;
    }
    fs::create_directories((to / sample.path).parent_path());
    fs::copy_file(from / sample.path, to / sample.path);
  }
  for (const char* list : {number_list, export_list})
    if (is_file_in(from, list)) fs::copy_file(from / list, to / list);
  if (!forbidden.empty())
    made.notes.push_back(fmt::format("left out: {} file(s) that may not be read; give yourself the permission: {}",
                                     forbidden.size(), some_of(forbidden)));
}

static void fill(const NewProject& options, MadeProject& made, const fs::path& folder) {
  Project& project = made.project;
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
    made.notes = dataset.notes;
    copy_samples(options.samples, dataset, folder / "samples", made);
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

MadeProject create_project(const NewProject& given) {
  NewProject options = given;
  while (options.name.size() > 1 && options.name.ends_with('/')) options.name.pop_back();
  check_new(options);
  MadeProject made{.project = {.folder = options.name,
                               .name = fs::path(options.name).filename(),
                               .board = options.board,
                               .labels = options.labels}};
  const fs::path part = part_beside(options.name);  // renamed when it is whole
  try {
    fill(options, made, part);
    fs::rename(part, options.name);
  } catch (const fs::filesystem_error& error) {
    fs::remove_all(part);
    throw Error({options.name, "the samples cannot be copied there: " + error.code().message(),
                 "make room on the disk, or choose another place"});
  } catch (...) {
    fs::remove_all(part);
    throw;
  }
  return made;
}

}  // namespace dragonet
