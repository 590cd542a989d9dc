#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/observer.h"
#include "data/image.h"

namespace dragonet {

/// Names the unit in a demo sample's path, for --group: frames and variants of one unit are near duplicates.
inline constexpr const char* demo_group_pattern = "^[^/]+/([^-]+)-";

/// Makes samples/dragon and samples/other out of the unit sprites of the game The Battle for Wesnoth, of Debian's
/// package wesnoth-1.16-data: 379 dragons of 21 units, 613 others of 209. `cache_folder` keeps the sprites for the next
/// time; the first time downloads 146 MB. Throws Error if they cannot be had.
void make_demo_samples(const fs::path& samples_folder, const fs::path& cache_folder, const Observer& observer = {});

// --- the steps, for their tests ---

struct Sprite {
  fs::path source;   // below the units' folder: "dwarves/thunderer/thunderer-se-run1.png"
  fs::path sample;   // below the samples' folder: "other/dwarves_thunderer-thunderer_se_run1.png"
  std::string unit;  // as demo_group_pattern finds it: "dwarves_thunderer"
};

/// Which of the package's files become samples, sorted by unit. At most so many frames of a unit, spread over its
/// animations, that no unit outweighs the others.
std::vector<Sprite> choose_sprites(const std::vector<fs::path>& sources);

/// 72 x 72 pixels RGB: what is opaque, on grey 128, in the middle; shrunk only where it is larger.
Image demo_sample(const Image& sprite);

/// False for what nobody could recognise: sparks, remains, a lone hand.
bool shows_a_creature(const Image& sprite);

/// Where sprites come from; the test asks for what does not exist.
struct SpriteSource {
  std::string package = "wesnoth-1.16-data";
  fs::path installed = "/usr/share/games/wesnoth/1.16/data/core/images/units";
};

/// The folder of the unit sprites: of the installed package, or in the cache, or downloaded into it.
fs::path find_sprites(const fs::path& cache_folder, const SpriteSource& source = {});

}  // namespace dragonet
