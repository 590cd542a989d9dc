#pragma once

#include "data/dataset.h"
#include "features/features.h"

namespace dragonet {

/// What a chip would be sent of a sample: a picture, or every window of a recording.
struct RawSample {
  std::vector<Raw> windows;
  std::vector<std::string> notes = {};  // what was guessed, filled in or left out in reading it, a sentence each
};

/// Throws Error for a file that is none of the kind.
///   file  the sample's bytes; left out, they are read. Text is read from its path in any case
RawSample raw_sample(const fs::path& folder, const Sample& sample, const FeatureSettings& settings);
RawSample raw_sample(const fs::path& folder, const Sample& sample, const Bytes& file, const FeatureSettings& settings);

/// The whole recording as a chip would be sent it, at the settings' rate. Throws Error, also for a
/// kind that does not listen.
Readings whole_recording(const fs::path& path, const FeatureSettings& settings);

}  // namespace dragonet
