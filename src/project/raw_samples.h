#pragma once

#include "data/dataset.h"
#include "features/features.h"

namespace dragonet {

/// What a chip would be sent of a sample: a picture, or every window of a recording.
struct RawSample {
  std::vector<Raw> windows;
  std::vector<std::string> notes = {};  // what was guessed, filled in or left out in reading it, a sentence each
  double recorded_hz = 0;               // readings a second in the file; 0: it has none
};

/// A sample's file. Throws Error also for one that is no regular file, or too large to be a sample, before it is read.
Bytes sample_bytes(const fs::path& path);

/// Throws Error for a file that is none of the kind, or for which there is not enough memory.
///   file  the sample's bytes; left out, they are read. Text is read from its path in any case
RawSample raw_sample(const fs::path& folder, const Sample& sample, const FeatureSettings& settings);
RawSample raw_sample(const fs::path& folder, const Sample& sample, const Bytes& file, const FeatureSettings& settings);

/// The whole recording as a chip would be sent it, at the settings' rate. Throws Error, also for a
/// kind that does not listen.
Readings whole_recording(const fs::path& path, const FeatureSettings& settings);

}  // namespace dragonet
