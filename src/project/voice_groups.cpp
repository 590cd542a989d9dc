#include "project/voice_groups.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/error.h"
#include "data/dataset.h"
#include "project/settings_toml.h"
#include "project/spoken_samples.h"
#include "project/toml_edit.h"

namespace dragonet {

/// Do all recordings of each speaker get one group?
static bool keeps_voices_whole(const std::string& pattern, const fs::path& samples) {
  const std::set<std::string> said = said_in(samples);
  const std::vector<std::string> paths(said.begin(), said.end());
  const std::vector<std::string> speakers = groups_by(voice_pattern, paths), groups = groups_by(pattern, paths);
  std::map<std::string, std::string> group_of;
  for (std::size_t i = 0; i < paths.size(); ++i)
    if (group_of.emplace(speakers[i], groups[i]).first->second != groups[i]) return false;
  return true;
}

static VoiceGroups with_own_pattern(const std::string& own, const fs::path& samples) {
  if (keeps_voices_whole(own, samples)) return {.pattern = own, .note = ""};
  return {.pattern = own,
          .note = fmt::format("the project's group pattern \"{}\" stays, and puts recordings of one synthesized voice "
                              "into several groups, so that a test hears voices that were trained on; \"{}|{}\" would "
                              "keep them together",
                              own, voice_pattern, own)};
}

static void set_group(const fs::path& toml) {
  const std::string text = read_text(toml);
  write_file(toml, with_setting(text, "samples", "group", toml_string(voice_pattern), toml.string()));
}

VoiceGroups group_by_voice(const Project& project) {
  const std::string& own = project.labels.group;
  if (!own.empty()) return with_own_pattern(own, project.samples_folder());
  const fs::path toml = project.folder / "dragonet.toml";
  try {
    set_group(toml);
  } catch (const Error& error) {  // the recordings are there all the same
    return {.pattern = "", .note = error.what()};
  }
  return {.pattern = voice_pattern,
          .written = true,
          .note = fmt::format("group = {} is written into {}: a split keeps each voice on one side; each other file "
                              "is a group of its own",
                              toml_string(voice_pattern), toml.string())};
}

}  // namespace dragonet
