#pragma once

#include <cstdlib>
#include <random>

#include "data/image.h"

// Small pictures that tests draw for themselves: discs and squares, of random size, place and shade, on a noisy ground.
namespace dragonet::testing {

inline Image draw(bool disc, std::mt19937& random, int side = 24) {
  Image image{side, side, 1, std::vector<std::uint8_t>(side * side)};
  const auto between = [&](int least, int most) { return least + static_cast<int>(random() % (most - least + 1)); };
  const int radius = between(side / 5, side / 3), x0 = between(radius, side - 1 - radius);
  const int y0 = between(radius, side - 1 - radius), ink = between(150, 255);
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) {
      const int dx = std::abs(x - x0), dy = std::abs(y - y0);
      const bool inside = disc ? dx * dx + dy * dy <= radius * radius : dx < radius && dy < radius;
      *image.at(x, y) = static_cast<std::uint8_t>(inside ? ink : between(0, 60));
    }
  return image;
}

/// folder/disc/*.png and folder/square/*.png; four pictures to a group, named g<number>-<frame>.png.
inline void draw_samples(const fs::path& folder, int per_label, unsigned seed = 7) {
  std::mt19937 random(seed);
  for (const bool disc : {true, false})
    for (int i = 0; i < per_label; ++i) {
      const std::string name = "g" + std::to_string(i / 4) + "-" + std::to_string(i % 4) + ".png";
      const fs::path path = folder / (disc ? "disc" : "square") / name;
      fs::create_directories(path.parent_path());
      write_png(path, draw(disc, random));
    }
}

}  // namespace dragonet::testing
