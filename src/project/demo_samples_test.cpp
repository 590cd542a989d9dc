#include "project/demo_samples.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <regex>

#include "base/error.h"

using namespace dragonet;

namespace {

using Rgba = std::array<std::uint8_t, 4>;

Image picture(int width, int height, Rgba fill) {
  Image image{width, height, 4, {}};
  for (int i = 0; i < width * height; ++i) image.pixels.insert(image.pixels.end(), fill.begin(), fill.end());
  return image;
}

void paint(Image& image, int left, int top, int width, int height, Rgba colour) {
  for (int y = top; y < top + height; ++y)
    for (int x = left; x < left + width; ++x) std::copy(colour.begin(), colour.end(), image.at(x, y));
}

std::array<int, 3> rgb(const Image& image, int x, int y) {
  const std::uint8_t* pixel = image.at(x, y);
  return {pixel[0], pixel[1], pixel[2]};
}

constexpr Rgba clear_red{255, 0, 0, 0}, green{10, 200, 30, 255};
constexpr std::array<int, 3> grey{128, 128, 128};

std::string group_of(const fs::path& sample) {
  std::smatch match;
  const std::string path = sample.generic_string();
  return std::regex_search(path, match, std::regex(demo_group_pattern)) ? match.str(1) : "";
}

std::vector<fs::path> samples_of(const std::vector<fs::path>& sources) {
  std::vector<fs::path> samples;
  for (const Sprite& sprite : choose_sprites(sources)) samples.push_back(sprite.sample);
  return samples;
}

std::map<std::string, int> frames_by_unit(const std::vector<Sprite>& sprites) {
  std::map<std::string, int> counts;
  for (const Sprite& sprite : sprites) ++counts[sprite.unit];
  return counts;
}

}  // namespace

TEST_CASE("a sprite is cropped to what is opaque and centred on grey") {
  Image sprite = picture(100, 90, clear_red);
  paint(sprite, 3, 60, 10, 20, green);  // off the middle
  const Image sample = demo_sample(sprite);
  REQUIRE((sample.width == 72 && sample.height == 72 && sample.channels == 3));
  CHECK(rgb(sample, 31, 26) == std::array{10, 200, 30});  // (72 - 10) / 2, (72 - 20) / 2
  CHECK(rgb(sample, 40, 45) == std::array{10, 200, 30});
  CHECK(rgb(sample, 30, 26) == grey);
  CHECK(rgb(sample, 41, 45) == grey);
  CHECK(rgb(sample, 31, 25) == grey);
  CHECK(rgb(sample, 0, 0) == grey);
}

TEST_CASE("a sprite of 72 pixels keeps its pixels, a larger one is shrunk at its proportions") {
  CHECK(rgb(demo_sample(picture(72, 72, green)), 71, 71) == std::array{10, 200, 30});
  const Image sample = demo_sample(picture(144, 200, green));  // becomes 51 x 72, from column 10 on
  CHECK(rgb(sample, 10, 0) == std::array{10, 200, 30});
  CHECK(rgb(sample, 60, 71) == std::array{10, 200, 30});
  CHECK(rgb(sample, 9, 0) == grey);
  CHECK(rgb(sample, 61, 71) == grey);
}

TEST_CASE("shrinking averages areas") {
  Image sprite = picture(144, 144, {0, 0, 0, 255});
  for (int x = 0; x < 144; x += 2) paint(sprite, x, 0, 1, 144, {200, 100, 50, 255});
  CHECK(rgb(demo_sample(sprite), 36, 36) == std::array{100, 50, 25});
}

TEST_CASE("the colour hidden under transparent pixels leaves no halo") {
  Image sprite = picture(144, 144, clear_red);
  paint(sprite, 0, 0, 144, 1, {128, 128, 128, 255});  // so that the crop keeps all
  paint(sprite, 0, 143, 144, 1, {128, 128, 128, 255});
  CHECK(rgb(demo_sample(sprite), 36, 36) == grey);
  CHECK(rgb(demo_sample(sprite), 36, 0) == grey);
}

TEST_CASE("half transparent pixels are half grey") {
  CHECK(rgb(demo_sample(picture(72, 72, {28, 128, 228, 128})), 5, 5) == std::array{78, 128, 178});
}

TEST_CASE("what is nearly empty shows no creature") {
  Image sprite = picture(72, 72, clear_red);
  paint(sprite, 0, 0, 17, 17, green);
  CHECK_FALSE(shows_a_creature(sprite));
  paint(sprite, 0, 0, 18, 17, green);
  CHECK(shows_a_creature(sprite));
  CHECK_FALSE(shows_a_creature(picture(72, 72, {0, 0, 0, 100})));  // a shadow
}

TEST_CASE("drakes, wyverns, the fire dragon and the skeletal dragon are dragons; other creatures are others") {
  CHECK(samples_of({"drakes/burner-fly-2-upstroke.png"}) ==
        std::vector<fs::path>{"dragon/drakes_burner-fly_2_upstroke.png"});
  CHECK(samples_of({"monsters/wyvern/wild-wyvern-fly1.png"}) ==
        std::vector<fs::path>{"dragon/monsters_wyvern-wild_wyvern_fly1.png"});
  CHECK(samples_of({"monsters/fire-dragon.png"}) == std::vector<fs::path>{"dragon/monsters_fire-dragon.png"});
  CHECK(samples_of({"monsters/skeletal-dragon/skeletal-dragon.png"}) ==
        std::vector<fs::path>{"dragon/monsters_skeletal_dragon-still.png"});
  CHECK(samples_of({"monsters/fireghost-attack1.png"}) ==
        std::vector<fs::path>{"other/monsters_fireghost-attack1.png"});
  CHECK(samples_of({"dwarves/dragonguard/dragonguard-n-ranged1.png"}) ==
        std::vector<fs::path>{"other/dwarves_dragonguard-n_ranged1.png"});
}

TEST_CASE("the group pattern finds the unit in a sample's path: frames, variants and palettes of one unit together") {
  const auto group = [](const char* source) { return group_of(samples_of({source}).at(0)); };
  CHECK(group("elves-wood/archer.png") == "elves_wood_archer");
  CHECK(group("elves-wood/archer+female-bow-attack2.png") == "elves_wood_archer");
  CHECK(group("monsters/wolf-great+red-attack.png") == group("monsters/wolf-moving.png"));
  CHECK(group("dwarves/thunderer/thunderer-se-run1.png") == "dwarves_thunderer");
  CHECK(group("drakes/thrasher-blade-1.png") == group("drakes/thrasher-spear-s-2.png"));
  CHECK(group("drakes/fire-fire-s-1.png") != group("drakes/fighter-fire-s-1.png"));
  CHECK(group("orcs/archer-ne.png") != group("elves-wood/archer.png"));  // of the same name in another people
}

TEST_CASE("every chosen sprite's path gives back its unit") {
  for (const Sprite& sprite :
       choose_sprites({"human-loyalists/master-at-arms-crossbow-attack1.png", "undead/bat-se-3.png",
                       "dunefolk/burner/burner+female-torch2.png", "nagas/sentinel-defend-1abs.png"}))
    CHECK(group_of(sprite.sample) == sprite.unit);
}

TEST_CASE("frames of effects, parts and ends are left out, and creatures that are half a dragon") {
  CHECK(samples_of({"monsters/seahorse-shadow.png", "monsters/seahorse-mask.png", "orcs/assassin-die-10.png",
                    "undead-skeletal/skeleton/skeleton-dying-3.png", "monsters/jinn/sand-halo-1.png",
                    "dunefolk/burner/firetrooper_flame3.png", "random-dice.png", "transport/galleon.png",
                    "undead/zombie-drake-attack.png", "dunefolk/wyvern-rider.png"})
            .empty());
  CHECK(samples_of({"undead/shadow-n-1.png"}).size() == 1);  // a creature of that name
}

TEST_CASE("units have at most so many frames, spread over their animations") {
  std::vector<fs::path> sources;
  for (int i = 100; i < 160; ++i) {
    sources.push_back("drakes/burner-fly-" + std::to_string(i) + ".png");
    sources.push_back("orcs/grunt-attack-" + std::to_string(i) + ".png");
  }
  const std::vector<Sprite> sprites = choose_sprites(sources);
  CHECK(frames_by_unit(sprites) == std::map<std::string, int>{{"drakes_burner", 21}, {"orcs_grunt", 3}});
  CHECK(samples_of(sources)[21] == "other/orcs_grunt-attack_100.png");
  CHECK(samples_of(sources)[22] == "other/orcs_grunt-attack_120.png");
  CHECK(samples_of(sources)[23] == "other/orcs_grunt-attack_140.png");
}

TEST_CASE("the choice does not depend on the order in which a disk lists its files") {
  std::vector<fs::path> sources{"orcs/grunt-1.png", "orcs/grunt-2.png", "orcs/grunt-3.png", "orcs/grunt-4.png",
                                "orcs/archer.png"};
  const std::vector<fs::path> expected = samples_of(sources);
  std::reverse(sources.begin(), sources.end());
  CHECK(samples_of(sources) == expected);
}

TEST_CASE("sprites in the cache are used without asking anybody") {
  const TemporaryFolder cache;
  write_file(cache.path() / "a-package" / "drakes" / "x.png", "not read here");
  CHECK(find_sprites(cache.path(), {.package = "a-package", .installed = "/nowhere"}) == cache.path() / "a-package");
}

TEST_CASE("an installed package is used before the cache") {
  const TemporaryFolder installed;
  write_file(installed.path() / "drakes" / "x.png", "not read here");
  CHECK(find_sprites("/nowhere", {.package = "a-package", .installed = installed.path()}) == installed.path());
}

TEST_CASE("where the package cannot be had, the message names it and the other way in, and nothing half done stays") {
  const TemporaryFolder cache;
  const SpriteSource source{.package = "no-such-package-of-sprites", .installed = "/nowhere"};
  try {
    find_sprites(cache.path(), source);
    FAIL("it was found");
  } catch (const Error& error) {
    REQUIRE(error.problems.size() == 1);
    CHECK(error.problems[0].where == "the demo's samples, Debian's package no-such-package-of-sprites");
    CHECK(error.problems[0].what.starts_with("the download failed ("));
    CHECK(error.problems[0].next.find("dragonet new NAME --kind image --samples DIR") != std::string::npos);
  }
  CHECK_FALSE(fs::exists(cache.path() / "no-such-package-of-sprites"));
}
