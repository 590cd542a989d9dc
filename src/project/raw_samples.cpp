#include "project/raw_samples.h"

#include <fmt/format.h>

#include "base/error.h"
#include "project/kinds.h"

namespace dragonet {

RawSample raw_sample(const fs::path& folder, const Sample& sample, const Bytes& file, const FeatureSettings& settings) {
  return has_kind(settings) ? kind_of(settings).raw_sample(folder / sample.path, sample, file, settings) : RawSample{};
}

RawSample raw_sample(const fs::path& folder, const Sample& sample, const FeatureSettings& settings) {
  return raw_sample(folder, sample, read_bytes(folder / sample.path), settings);
}

Readings whole_recording(const fs::path& path, const FeatureSettings& settings) {
  const Kind& kind = kind_of(settings);
  if (kind.whole_recording) return kind.whole_recording(path, settings);
  throw Error({path.string(), fmt::format("a project of kind {} has no recordings", kind.name),
               fmt::format("give {}", kind.files)});
}

}  // namespace dragonet
