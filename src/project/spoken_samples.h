#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/observer.h"

namespace dragonet {

struct SayOptions {
  std::vector<std::string> words;
  std::string language = "en";
  int count = 200;     // recordings of each word
  int unknown = 200;   // of other words, for the label `unknown`; 0: none
  int silence = 100;   // of noise, for the label `silence`; 0: none
  double seconds = 1;  // of each
  std::uint64_t seed = 1;
};

struct Said {
  std::size_t recordings = 0, voices = 0;
};

/// Writes samples/<word>/say-<voice>-<number>.wav with the speech synthesizers that are installed; the voice is the
/// group that a split must not divide: --group "say-([^-]+)". What an earlier call said under these labels, by the
/// list .said in each folder, is removed.
/// Throws Error if no synthesizer is there, or a word is no folder's name.
Said say_words(const SayOptions& options, const fs::path& samples, const Observer& observer = {});

}  // namespace dragonet
