// The chip computes the same features as the host: a network that passes its input on makes them its output.
#include <catch2/catch.hpp>
#include <random>

#include "board/build.h"
#include "features/image_features.h"
#include "model/model_info.h"

using namespace dragonet;

/// Max pooling over single cells.
static Model pass_on(const ImageFeatureSettings& settings) {
  const Shape shape{1, settings.height, settings.width, settings.channels};
  const Quantization pixels{{1.0f / 255}, {-128}, 0};
  Model model{.name = "pass_on", .source = "a test"};
  for (const char* name : {"in", "out"}) model.tensors.push_back({name, DType::int8, shape, pixels, {}});
  model.nodes.push_back({.op = "max_pool_2d",
                         .inputs = {0},
                         .outputs = {1},
                         .attributes = {{"padding", std::int64_t{1}},
                                        {"stride_w", std::int64_t{1}},
                                        {"stride_h", std::int64_t{1}},
                                        {"filter_width", std::int64_t{1}},
                                        {"filter_height", std::int64_t{1}}}});
  model.inputs = {0}, model.outputs = {1};
  ModelInfo info;
  info.features = settings;
  set_info(model, info);
  return model;
}

static Image noise(int width, int height, int channels, std::mt19937& random) {
  Image image{width, height, channels, {}};
  for (int i = 0; i < width * height * channels; ++i) image.pixels.push_back(static_cast<std::uint8_t>(random()));
  return image;
}

static void check_features(const ImageFeatureSettings& settings) {
  const TemporaryFolder folder;
  const Board& board = find_board("mkrzero");
  const BoardBuild build = build_for_board(pass_on(settings), board, folder.path());
  BoardSession session(build, board);
  std::mt19937 random(5);
  const std::pair<int, int> sizes[] = {{1, 1}, {7, 50}, {28, 28}, {72, 72}, {100, 31}, {160, 120}};
  for (const auto& [width, height] : sizes) {
    const Image image = noise(width, height, settings.channels, random);
    const std::vector<std::int8_t> features = image_features(image, settings);
    INFO(width << " x " << height);
    CHECK((session.infer_raw(image) == Bytes(features.begin(), features.end())));
  }
}

TEST_CASE("colour features on the virtual board equal the host's, byte for byte, for pictures of any size") {
  check_features({.height = 24, .width = 32, .channels = 3});
}
TEST_CASE("grey features on the virtual board equal the host's, byte for byte, for pictures of any size") {
  check_features({.height = 28, .width = 20, .channels = 1});
}
