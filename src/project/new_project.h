#pragma once

#include "board/board.h"
#include "project/kinds.h"
#include "project/project.h"

namespace dragonet {

struct NewProject {
  std::string name;  // the folder; its last part names the emitted code
  std::string kind = kinds().front()->name, board = boards().front().id;
  double rate_hz = 0;     // readings a second of recordings that have no times; 0: all have some
  std::string samples;    // a folder to copy from; empty: samples/ is left for the user to fill
  DatasetOptions labels;  // and the task
};

/// A project, and what of the samples it was made from was left out or guessed: a sentence each.
struct MadeProject {
  Project project;
  std::vector<std::string> notes;
};

/// Makes NAME/dragonet.toml and NAME/samples. Throws Error if the folder exists, or the name, kind, board, pattern or
/// samples are no good; nothing is left behind then.
MadeProject create_project(const NewProject& given);

}  // namespace dragonet
