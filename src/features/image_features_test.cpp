#include "features/image_features.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "features/features.h"
#include "features/image_resize.h"

using namespace dragonet;

static Image random_image(int width, int height, int channels, std::mt19937& random) {
  Image image{width, height, channels, std::vector<std::uint8_t>(std::size_t(width) * height * channels)};
  for (std::uint8_t& value : image.pixels) value = static_cast<std::uint8_t>(random());
  return image;
}

/// How much of the interval [a, a + 1) lies in [from, to).
static double overlap(int a, double from, double to) {
  return std::max(0.0, std::min(a + 1.0, to) - std::max<double>(a, from));
}

/// The mean of the source under output pixel (x, y), in floating point and in no way like the code under test.
static double area_mean(const Image& image, int x, int y, int c, const ImageFeatureSettings& out) {
  const double sx = double(image.width) / out.width, sy = double(image.height) / out.height;
  double sum = 0;
  for (int v = 0; v < image.height; ++v)
    for (int u = 0; u < image.width; ++u)
      sum += image.at(u, v)[c] * overlap(u, x * sx, (x + 1) * sx) * overlap(v, y * sy, (y + 1) * sy);
  return sum / (sx * sy);
}

/// The largest distance of a feature from the exact mean, in steps of int8.
static double largest_error(const Image& image, const ImageFeatureSettings& settings) {
  const std::vector<std::int8_t> features = image_features(image, settings);
  double largest = 0;
  std::size_t i = 0;
  for (int y = 0; y < settings.height; ++y)
    for (int x = 0; x < settings.width; ++x)
      for (int c = 0; c < settings.channels; ++c)
        largest = std::max(largest, std::abs(features[i++] + 128 - area_mean(image, x, y, c, settings)));
  return largest;
}

TEST_CASE("features are the exact area average, rounded to nearest, whether the image shrinks or grows") {
  std::mt19937 random(7);
  for (int i = 0; i < 60; ++i) {
    const int channels = i % 2 ? 1 : 3;
    const Image image = random_image(1 + random() % 80, 1 + random() % 80, channels, random);
    const ImageFeatureSettings settings{
        .height = int(1 + random() % 40), .width = int(1 + random() % 40), .channels = channels};
    INFO(image.width << "x" << image.height << " to " << settings.width << "x" << settings.height);
    CHECK(largest_error(image, settings) <= 0.5 + 1e-9);
  }
}

TEST_CASE("a white image of the largest size is white: the 32-bit sums do not overflow") {
  const Image white{image_size_max, image_size_max, 1, std::vector<std::uint8_t>(image_size_max * image_size_max, 255)};
  CHECK(image_features(white, {.height = 1, .width = 1, .channels = 1}) == std::vector<std::int8_t>{127});
}

TEST_CASE("an image of the model's own size passes through, shifted by 128") {
  const Image image{2, 1, 1, {0, 200}};
  CHECK(image_features(image, {.height = 1, .width = 2, .channels = 1}) == std::vector<std::int8_t>{-128, 72});
}

TEST_CASE("the raw sample is square, on the background, in the model's channels") {
  const Image half_red{1, 2, 4, {255, 0, 0, 255, 255, 0, 0, 0}};
  const Image raw = raw_sample(half_red, {.height = 8, .width = 8, .channels = 3, .background = 100});
  CHECK(raw.width == 2);
  CHECK(raw.height == 2);
  CHECK(raw.pixels == std::vector<std::uint8_t>{255, 0, 0, 100, 100, 100, 100, 100, 100, 100, 100, 100});
}

TEST_CASE("a photograph larger than the chip's features take is shrunk to a size that they do") {
  const Image photo{4000, 3000, 1, std::vector<std::uint8_t>(4000 * 3000, 60)};
  const Image raw = raw_sample(photo, {.height = 4, .width = 4, .channels = 1, .background = 60});
  CHECK(raw.width == image_row_pixels);
  CHECK(raw.height == image_row_pixels);
  CHECK(*std::min_element(raw.pixels.begin(), raw.pixels.end()) == 60);
}

TEST_CASE("the default is grey exactly where no example has a colour") {
  const Image grey{1, 1, 1, {9}}, grey_as_rgb{1, 1, 3, {9, 9, 9}}, red{1, 1, 3, {9, 0, 0}},
      hidden_red{1, 1, 4, {9, 0, 0, 0}};
  CHECK(default_image_features(std::vector{grey, grey_as_rgb, hidden_red}).channels == 1);
  CHECK(default_image_features(std::vector{grey, red}).channels == 3);
}
