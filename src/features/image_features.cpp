#include "features/image_features.h"

#include <algorithm>
#include <cassert>

#include "features/image_resize.h"

namespace dragonet {

Image raw_sample(const Image& decoded, const ImageFeatureSettings& settings) {
  const auto grey = static_cast<std::uint8_t>(settings.background);
  const Image opaque = with_channels(over_background(decoded, grey), settings.channels);
  return pad_to_square(shrink_to(opaque, std::max<int>(image_row_pixels, settings.width)), grey);
}

static ImageResize resize_to(const ImageFeatureSettings& settings, std::vector<std::uint32_t>& sums) {
  ImageResize resize{};
  resize.out_width = static_cast<std::uint16_t>(settings.width);
  resize.out_height = static_cast<std::uint16_t>(settings.height);
  resize.channels = static_cast<std::uint16_t>(settings.channels);
  sums.resize(std::size_t(settings.width) * settings.channels);
  resize.sums = sums.data();
  return resize;
}

std::vector<std::int8_t> image_features(const Image& raw, const ImageFeatureSettings& settings) {
  assert(raw.channels == settings.channels);
  assert(std::min(raw.width, raw.height) >= 1 && std::max(raw.width, raw.height) <= image_size_max);
  const std::size_t row_bytes = std::size_t(settings.width) * settings.channels;
  std::vector<std::int8_t> features(row_bytes * settings.height), row(row_bytes);
  std::vector<std::uint32_t> sums;
  ImageResize resize = resize_to(settings, sums);
  begin_resize(resize, static_cast<std::uint16_t>(raw.width), static_cast<std::uint16_t>(raw.height));
  auto out = features.begin();
  for (int y = 0; y < raw.height; ++y)
    while (resize_row(resize, raw.at(0, y), row.data())) out = std::copy(row.begin(), row.end(), out);
  assert(out == features.end());
  return features;
}

ImageFeatureSettings default_image_features(std::span<const Image> examples) {
  const bool grey = std::all_of(examples.begin(), examples.end(), is_grey);
  return {.height = 32, .width = 32, .channels = grey ? 1 : 3};
}

std::vector<std::int8_t> features_of(const Raw& raw, const ImageFeatureSettings& image) {
  return image_features(std::get<Image>(raw), image);
}

}  // namespace dragonet
