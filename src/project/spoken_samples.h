#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/observer.h"

namespace dragonet {

struct SayOptions {
  std::vector<std::string> words;
  std::string language = "en";
  int count = 400;     // recordings of each word
  int unknown = 400;   // of other words, for the label `unknown`; 0: none
  int silence = 200;   // of noise, for the label `silence`; 0: none
  double seconds = 1;  // of each
  std::uint64_t seed = 1;
};

struct Said {
  std::size_t recordings = 0, voices = 0;
};

/// Writes samples/<word>/say-<speaker>-<voice>-<number>.wav with the speech synthesizers that are installed; the
/// speaker is the group that a split must not divide (voice_groups.h). What an earlier call said under these labels, by
/// the list .said in each folder, is removed. The same options give the same recordings.
/// Throws Error if no synthesizer is there, or a word is no folder's name.
Said say_words(const SayOptions& options, const fs::path& samples, const Observer& observer = {});

/// What say_words wrote into the folders of labels, by their lists: paths relative to `samples`, some of which may be
/// gone.
std::set<std::string> said_in(const fs::path& samples);

}  // namespace dragonet
