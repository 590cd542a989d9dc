#include "project/run_log.h"

#include <ctime>

#include "base/error.h"
#include "base/range_lock.h"
#include "model/model_info.h"
#include "project/run_index.h"

namespace dragonet {

std::string local_time() {
  const std::time_t time = std::time(nullptr);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", std::localtime(&time));
  return text;
}

/// The folder first: it is the truth.
static void save(const RunSummary& summary, const Run& run, const Observer& observer) {
  write_file(summary_file(run), json_text(summary_json(summary)));
  index_run(summary, run, observer);
}

/// A run that goes on keeps what it has reached.
static RunSummary begun(const Run& run, const Project& project, const Samples& samples) {
  RunSummary summary = fs::exists(summary_file(run)) ? summary_of(run) : RunSummary{.number = run.number};
  summary.state = "running";
  if (summary.began.empty()) summary.began = local_time();
  summary.ended = summary.problem = "";
  summary.data_hash = samples.hash;
  take_settings(summary, project_text(project));
  return summary;
}

static void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw Error({folder.string(), "this folder cannot be made: " + error.message(),
                 "check the disk, and the permissions of the project's folder"});
}

/// What a full disk keeps from being told must not hide why the run failed.
static void save_failure(RunSummary summary, const Run& run, const std::string& problem, const Observer& observer) {
  summary.state = "failed";
  summary.ended = local_time();
  summary.problem = problem;
  try {
    save(summary, run, observer);
  } catch (const Error&) {
  }
}

void record_run(const Run& run, const Project& project, const Samples& samples,
                const std::function<void(RunSummary&)>& train, const Observer& observer) {
  make_folder(run.folder.parent_path());
  const RangeLock lock(run_lock_file(run.folder.parent_path()), run.number);  // before there is a folder of its own
  if (!lock.held())
    throw Error({run.folder.string(), "another process is training it", "wait for it, or `dragonet train` anew"});
  make_folder(run.folder);
  RunSummary summary = begun(run, project, samples);
  try {
    save(summary, run, observer);
    train(summary);
  } catch (const std::exception& error) {
    save_failure(summary, run, error.what(), observer);
    std::error_code ignored;
    fs::remove(run.folder, ignored);  // only if it is still empty: the disk is full
    throw;
  }
  summary.ended = local_time();
  save(summary, run, observer);
}

void record_board(const Run& run, const FirmwareImage& image, const Board& board, const Observer& observer) try {
  RunSummary summary = summary_of(run);
  summary.board = board.id;
  summary.ram_bytes = image.ram.total;
  summary.flash_bytes = image.flash.total;
  save(summary, run, observer);
} catch (const Error& error) {  // it was compiled all the same
  observer.say(error.what());
}

}  // namespace dragonet
