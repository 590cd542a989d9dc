#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/files.h"

namespace dragonet {

/// Rows from the top, pixels from the left; channels 1 (grey), 3 (RGB) or 4 (RGBA), 8 bits each.
struct Image {
  int width = 0, height = 0, channels = 0;
  std::vector<std::uint8_t> pixels;     // [height, width, channels]
  std::vector<std::string> notes = {};  // what is wrong with its file, where it can be used all the same
  std::uint8_t* at(int x, int y) { return &pixels[(static_cast<std::size_t>(y) * width + x) * channels]; }
  const std::uint8_t* at(int x, int y) const { return &pixels[(static_cast<std::size_t>(y) * width + x) * channels]; }
};

/// Decodes PNG, JPEG, BMP or whatever OpenCV reads, to its own number of channels. OpenCV is loaded at the first call:
/// it pulls 140 libraries. Throws Error for a broken or cut file, or one of more than 64 million pixels.
Image read_image(const fs::path& path);
Image decode_image(const Bytes& file, const fs::path& path);  // the bytes of that file
Bytes encode_png(const Image& image);
void write_png(const fs::path& path, const Image& image);

Image over_background(const Image& image, std::uint8_t grey);  // 4 channels -> 3; others unchanged
Image with_channels(const Image& image, int channels);         // 1 <-> 3; grey by ITU-R BT.601 luma
Image crop_to_opaque(const Image& image);                      // the bounding box of alpha > 0
Image pad_to_square(const Image& image, std::uint8_t grey);    // centred; channels stay
Image shrink_to(const Image& image, int side);                 // by the smallest whole factor to at most side x side
bool is_grey(const Image& image);                              // no visible pixel has a colour

}  // namespace dragonet
