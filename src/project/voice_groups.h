#pragma once

#include <string>

#include "project/project.h"

namespace dragonet {

/// Of the path of a sample that say_words made: its speaker. Other paths do not match it, and are a group each.
inline constexpr const char* voice_pattern = "/say-([^-]+)";

struct VoiceGroups {
  std::string pattern;   // that the project has now
  bool written = false;  // into dragonet.toml
  std::string note;      // what was written, or what is wrong with the project's own pattern; "": nothing to tell
};

/// Has a split keep each synthesized voice on one side, once say_words has spoken: writes voice_pattern into the
/// project's dragonet.toml where `group` of [samples] is empty. A pattern that is there stays; the note says so if it
/// tears a voice apart.
VoiceGroups group_by_voice(const Project& project);

}  // namespace dragonet
