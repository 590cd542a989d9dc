#include "features/sound_settings.h"

#include <fmt/format.h>

#include <algorithm>

namespace dragonet {
namespace {

struct Range {
  const char* name;
  int value, least, most;
  const char* unit;
};

Problem problem_of(const Range& range) {
  return {"", fmt::format("{} is {}{}", range.name, range.value, range.unit),
          fmt::format("choose {} to {}{}", range.least, range.most, range.unit)};
}

}  // namespace

// frame: the largest transform; bands: of more, most would be narrower than a bin; the other limits are what the
// numbers in one byte of features could tell apart at all.
std::vector<Problem> problems_of(const SoundFeatureSettings& s) {
  std::vector<Problem> found;
  for (const Range& range :
       {Range{"sample_rate_hz", s.sample_rate_hz, 1000, 192'000, " Hz"},
        Range{"frame_samples", s.frame_samples, 16, 2048, ""},
        Range{"hop_samples", s.hop_samples, 1, std::max(1, s.frame_samples), ""},
        Range{"window_samples", s.window_samples, s.frame_samples, 1 << 24, ""}, Range{"bands", s.bands, 4, 128, ""},
        Range{"low_hz", s.low_hz, 0, std::max(1, s.high_hz) - 1, " Hz"},
        Range{"high_hz", s.high_hz, 1, std::max(2, s.sample_rate_hz) / 2, " Hz"}})
    if (range.value < range.least || range.value > range.most) found.push_back(problem_of(range));
  if (s.kind == SoundFeatureSettings::mfcc && (s.coefficients < 1 || s.coefficients > s.bands))
    found.push_back(problem_of({"coefficients", s.coefficients, 1, s.bands, ""}));
  const bool are_levels = s.low_db >= -150 && s.high_db <= 50 && s.low_db + 1 <= s.high_db;  // false of NaN, too
  if (!are_levels)
    found.push_back({"", fmt::format("levels from low_db {} to high_db {}", s.low_db, s.high_db),
                     "choose high_db at least 1 above low_db, both within -150 and 50: low_db = -80, high_db = 0"});
  return found;
}

}  // namespace dragonet
