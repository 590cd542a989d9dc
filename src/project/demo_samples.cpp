// Which sprites make the demo's samples, and how. Dragons are the drakes, the wild wyvern, the fire dragon and the
// skeletal dragon. Left out of both sides: the drakes and wyverns that are something else too (undead drakes, a rider
// on a wyvern), ships, and frames that do not show the creature. The magenta stays: it is where the game paints a
// player's colour, on both sides alike.

#include "project/demo_samples.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "features/image_resize.h"

namespace dragonet {
namespace {

constexpr int side = 72;
constexpr std::uint8_t background = 128;
constexpr std::size_t most_dragon_frames = 21, most_other_frames = 3;  // of one unit: there are 21 and 209 units
constexpr int least_opaque = 300;                                      // pixels; a bat has 400

bool is_dragon(const fs::path& source) {
  const std::string path = source.generic_string();
  for (const char* start : {"drakes/", "monsters/fire-dragon", "monsters/wyvern/", "monsters/skeletal-dragon/"})
    if (path.starts_with(start)) return true;
  return false;
}

bool is_ambiguous(const fs::path& source) {
  const std::string path = source.generic_string();
  for (const char* start : {"dunefolk/wyvern-rider", "undead/soulless-drake", "undead/zombie-drake", "transport/"})
    if (path.starts_with(start)) return true;
  return !source.has_parent_path();  // random-dice.png, unknown-unit.png
}

/// "se-run12+female_flame" -> {"se", "run", "female", "flame"}.
std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words(1);
  for (const char c : name)
    if (std::isalpha(static_cast<unsigned char>(c)))
      words.back() += c;
    else if (!std::isdigit(static_cast<unsigned char>(c)))
      words.emplace_back();
  return words;
}

/// Frames of an effect, a part, or an end.
bool names_no_creature(const std::string& frame) {
  static const std::set<std::string> out{
      "shadow",    "mask",   "death", "die",  "dying",   "dead",  "halo",  "flame", "glow",     "dust", "wind",
      "lightning", "bottom", "top",   "tail", "overlay", "blink", "water", "base",  "teleport", "hand", "projectile"};
  const std::vector<std::string> words = words_of(frame);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) { return out.contains(word); });
}

std::string with_underscores(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  return text;
}

/// In the package a unit has a folder of its own (dwarves/thunderer/...), or its files begin with its name. Where the
/// name ends is written nowhere, so its first word must do: giant rats share a group with giant mudcrawlers, which
/// costs a group, where the other mistake would put a unit on both sides of a split.
std::string unit_word(const fs::path& source) {
  const fs::path folder = source.parent_path();
  if (folder.has_parent_path()) return folder.filename().string();
  return words_of(source.stem().string()).front();
}

/// What the file's name adds to the unit's: "se-run1" of thunderer/thunderer-se-run1.png.
std::string frame_name(const fs::path& source) {
  const std::string stem = source.stem().string(), unit = unit_word(source);
  if (stem == unit) return "still";
  const bool repeats = stem.starts_with(unit) && !std::isalnum(static_cast<unsigned char>(stem[unit.size()]));
  return repeats ? stem.substr(unit.size() + 1) : stem;
}

Sprite sprite_of(const fs::path& source) {
  const std::string unit = with_underscores(source.begin()->string() + "_" + unit_word(source));
  const std::string file = unit + "-" + with_underscores(frame_name(source)) + ".png";
  return {.source = source, .sample = fs::path(is_dragon(source) ? "dragon" : "other") / file, .unit = unit};
}

/// At most `most` of them, at equal distances.
std::vector<Sprite> spread(const std::vector<Sprite>& frames, std::size_t most) {
  const std::size_t count = std::min(most, frames.size());
  std::vector<Sprite> chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(frames[i * frames.size() / count]);
  return chosen;
}

std::vector<fs::path> png_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".png") files.push_back(entry.path().lexically_relative(folder));
  std::sort(files.begin(), files.end());
  return files;
}

/// Kept at its proportions: the longer side becomes 72. By the resize that the chip runs, minus its offset to int8.
Image shrunk(const Image& image) {
  const int longer = std::max(image.width, image.height);
  if (longer <= side) return image;
  Image out{std::max(1, image.width * side / longer), std::max(1, image.height * side / longer), image.channels, {}};
  std::vector<std::uint32_t> sums(static_cast<std::size_t>(out.width) * out.channels);
  std::vector<std::int8_t> row(sums.size());
  ImageResize resize{};
  resize.sums = sums.data();
  resize.out_width = static_cast<std::uint16_t>(out.width);
  resize.out_height = static_cast<std::uint16_t>(out.height);
  resize.channels = static_cast<std::uint16_t>(out.channels);
  begin_resize(resize, static_cast<std::uint16_t>(image.width), static_cast<std::uint16_t>(image.height));
  for (int y = 0; y < image.height; ++y)
    while (resize_row(resize, image.at(0, y), row.data()))
      for (const std::int8_t value : row) out.pixels.push_back(static_cast<std::uint8_t>(value + 128));
  return out;
}

Image on_canvas(const Image& image) {
  Image canvas{side, side, image.channels,
               std::vector<std::uint8_t>(std::size_t{side} * side * image.channels, background)};
  const int left = (side - image.width) / 2, top = (side - image.height) / 2;
  for (int y = 0; y < image.height; ++y)
    std::copy_n(image.at(0, y), image.width * image.channels, canvas.at(left, top + y));
  return canvas;
}

void write_source(const fs::path& samples_folder) {
  write_file(
      samples_folder / "SOURCE.md",
      "Unit sprites of the game The Battle for Wesnoth, from Debian's package wesnoth-1.16-data, cropped, shrunk to\n"
      "72 x 72 pixels and put on grey. Art by the Wesnoth contributors, GPL version 2 or later.\n");
}

}  // namespace

std::vector<Sprite> choose_sprites(const std::vector<fs::path>& sources) {
  std::map<std::string, std::map<fs::path, Sprite>> units;  // unit -> its frames; a name that comes twice counts once
  for (const fs::path& source : sources) {
    if (is_ambiguous(source) || names_no_creature(frame_name(source))) continue;
    const Sprite sprite = sprite_of(source);
    units[sprite.unit].emplace(sprite.sample, sprite);
  }
  std::vector<Sprite> chosen;
  for (const auto& [unit, by_name] : units) {
    std::vector<Sprite> frames;
    for (const auto& [name, sprite] : by_name) frames.push_back(sprite);
    for (Sprite& sprite : spread(frames, is_dragon(frames.front().source) ? most_dragon_frames : most_other_frames))
      chosen.push_back(std::move(sprite));
  }
  return chosen;
}

bool shows_a_creature(const Image& sprite) {
  if (sprite.channels != 4) return false;
  int opaque = 0;
  for (std::size_t i = 3; i < sprite.pixels.size(); i += 4) opaque += sprite.pixels[i] > 127;
  return opaque >= least_opaque;
}

Image demo_sample(const Image& sprite) {
  // Onto the grey first: averaged with transparent neighbours, edges would take on whatever colour those hide.
  return on_canvas(shrunk(over_background(crop_to_opaque(sprite), background)));
}

void make_demo_samples(const fs::path& samples_folder, const fs::path& cache_folder, const Observer& observer) {
  const fs::path units = find_sprites(cache_folder);
  const std::vector<Sprite> sprites = choose_sprites(png_files(units));
  Progress progress(observer, "samples", sprites.size());
  std::set<std::string> seen;  // some frames are the same picture under two names
  for (std::size_t i = 0; i < sprites.size(); ++i) {
    const Image sprite = read_image(units / sprites[i].source);
    const Image sample = demo_sample(sprite);
    const bool is_new = seen.emplace(sample.pixels.begin(), sample.pixels.end()).second;
    if (is_new && shows_a_creature(sprite)) write_png(samples_folder / sprites[i].sample, sample);
    progress.update(i + 1);
  }
  write_source(samples_folder);
}

}  // namespace dragonet
