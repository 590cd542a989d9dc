#include "data/image.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <cstring>

#include "base/late.h"
#include "data/image_codec.h"

namespace dragonet {

/// A function of the library that holds OpenCV, which reads its own limit from the environment as it is loaded.
template <typename Function>
static Function* codec(const char* name) {
  static const LateLibrary library{.file = "libdragonet_images.so", .purpose = "reading images"};
  setenv("OPENCV_IO_MAX_IMAGE_PIXELS", "64000000", 0);
  return late_function<Function>(library, name);
}

Image read_image(const fs::path& path) { return decode_image(read_bytes(path), path); }

Image decode_image(const Bytes& file, const fs::path& path) {
  Image image;
  codec<decltype(dragonet_decode_image)>("dragonet_decode_image")(file, path.string(), image);
  return image;
}

Bytes encode_png(const Image& image) {
  Bytes file;
  codec<decltype(dragonet_encode_png)>("dragonet_encode_png")(image, file);
  return file;
}

void write_png(const fs::path& path, const Image& image) { write_file(path, encode_png(image)); }

static Image blank(int width, int height, int channels, std::uint8_t value) {
  return {width, height, channels, std::vector<std::uint8_t>(std::size_t(width) * height * channels, value)};
}

/// A new image of the same size, each of whose pixels `convert(const uint8_t* from, uint8_t* to)` makes from the old
/// one.
template <typename Convert>
static Image convert_pixels(const Image& image, int channels, Convert convert) {
  Image out = blank(image.width, image.height, channels, 0);
  const std::uint8_t* from = image.pixels.data();
  for (std::uint8_t* to = out.pixels.data(); to != out.pixels.data() + out.pixels.size(); to += channels) {
    convert(from, to);
    from += image.channels;
  }
  return out;
}

Image over_background(const Image& image, std::uint8_t grey) {
  if (image.channels != 4) return image;
  return convert_pixels(image, 3, [grey](const std::uint8_t* from, std::uint8_t* to) {
    const int alpha = from[3];
    for (int c = 0; c < 3; ++c) to[c] = static_cast<std::uint8_t>((from[c] * alpha + grey * (255 - alpha) + 127) / 255);
  });
}

Image with_channels(const Image& image, int channels) {
  assert(image.channels != 4 && channels != 4);  // over_background comes first
  if (image.channels == channels) return image;
  if (channels == 3)
    return convert_pixels(image, 3, [](const std::uint8_t* from, std::uint8_t* to) { std::memset(to, *from, 3); });
  return convert_pixels(image, 1, [](const std::uint8_t* from, std::uint8_t* to) {
    *to = static_cast<std::uint8_t>((299 * from[0] + 587 * from[1] + 114 * from[2] + 500) / 1000);
  });
}

bool is_grey(const Image& image) {
  if (image.channels == 1) return true;
  for (std::size_t i = 0; i < image.pixels.size(); i += image.channels) {
    const std::uint8_t* pixel = &image.pixels[i];
    const bool seen = image.channels == 3 || pixel[3] > 0;
    if (seen && (pixel[0] != pixel[1] || pixel[1] != pixel[2])) return false;
  }
  return true;
}

static Image crop(const Image& image, int left, int top, int width, int height) {
  Image out = blank(width, height, image.channels, 0);
  for (int y = 0; y < height; ++y) std::copy_n(image.at(left, top + y), width * image.channels, out.at(0, y));
  return out;
}

Image crop_to_opaque(const Image& image) {
  if (image.channels != 4) return image;
  int left = image.width, top = image.height, right = 0, bottom = 0;
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      if (image.at(x, y)[3] > 0) {
        left = std::min(left, x), right = std::max(right, x + 1);
        top = std::min(top, y), bottom = std::max(bottom, y + 1);
      }
  return right > left ? crop(image, left, top, right - left, bottom - top) : image;
}

Image pad_to_square(const Image& image, std::uint8_t grey) {
  if (image.width == image.height) return image;
  const int side = std::max(image.width, image.height);
  Image out = blank(side, side, image.channels, grey);
  const int left = (side - image.width) / 2, top = (side - image.height) / 2;
  for (int y = 0; y < image.height; ++y)
    std::copy_n(image.at(0, y), image.width * image.channels, out.at(left, top + y));
  return out;
}

/// The mean of channel c over the block of factor x factor pixels at (x, y), or what the image has of it.
static std::uint8_t block_mean(const Image& image, int x, int y, int c, int factor) {
  const int right = std::min(x + factor, image.width), bottom = std::min(y + factor, image.height);
  std::int64_t sum = 0;
  for (int v = y; v < bottom; ++v)
    for (int u = x; u < right; ++u) sum += image.at(u, v)[c];
  const std::int64_t area = std::int64_t(right - x) * (bottom - y);
  return static_cast<std::uint8_t>((sum + area / 2) / area);
}

Image shrink_to(const Image& image, int side) {
  const int factor = (std::max(image.width, image.height) + side - 1) / side;
  if (factor <= 1) return image;
  Image out = blank((image.width + factor - 1) / factor, (image.height + factor - 1) / factor, image.channels, 0);
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x)
      for (int c = 0; c < out.channels; ++c) out.at(x, y)[c] = block_mean(image, x * factor, y * factor, c, factor);
  return out;
}

}  // namespace dragonet
