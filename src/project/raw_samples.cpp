#include "project/raw_samples.h"

#include <fmt/format.h>

#include <new>

#include "base/error.h"
#include "data/text_table.h"
#include "project/kinds.h"

namespace dragonet {

static constexpr std::uintmax_t largest_sample_bytes = std::uintmax_t{600} << 20;

/// One sample that is too large for this machine shall not end all.
template <typename Read>
static auto with_memory(const fs::path& path, Read read) try {
  return read();
} catch (const std::bad_alloc&) {
  throw Error({path.string(), "there is not enough memory to read it", "cut it into shorter ones, or remove it"});
}

Bytes sample_bytes(const fs::path& path) {
  return with_memory(path, [&] { return read_at_most(path, largest_sample_bytes); });
}

RawSample raw_sample(const fs::path& folder, const Sample& sample, const Bytes& file, const FeatureSettings& settings) {
  if (!has_kind(settings)) return {};
  const fs::path path = folder / sample.path;
  return with_memory(path, [&] { return kind_of(settings).raw_sample(path, sample, file, settings); });
}

RawSample raw_sample(const fs::path& folder, const Sample& sample, const FeatureSettings& settings) {
  return raw_sample(folder, sample, sample_bytes(folder / sample.path), settings);
}

Readings whole_recording(const fs::path& path, const FeatureSettings& settings) {
  const Kind& kind = kind_of(settings);
  if (kind.whole_recording) return with_memory(path, [&] { return kind.whole_recording(path, settings); });
  throw Error({path.string(), fmt::format("a project of kind {} has no recordings", kind.name),
               fmt::format("give {}", kind.files)});
}

}  // namespace dragonet
