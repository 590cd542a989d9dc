#include "model/codec.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "model/model_info.h"

using namespace dragonet;

using Floats = std::vector<float>;

TEST_CASE("reals become the nearest int8 and saturate") {
  const Quantization q{{0.5f}, {10}};
  CHECK(quantized(Floats{0, 0.24f, 0.26f, -1, 1000, -1000}, q) == std::vector<std::int8_t>{10, 10, 11, 8, 127, -128});
}

TEST_CASE("halves are rounded away from zero before the zero point is added, whatever the reals' precision") {
  const Tensor tensor{.dtype = DType::int8, .shape = {2}, .quantization = {{0.5f}, {-128}}};
  CHECK(bytes_of_reals(tensor, Floats{63.75f, 0.25f}) == Bytes{0, 0x81});
  CHECK(bytes_of_reals(tensor, Reals{63.75, 0.25}) == Bytes{0, 0x81});
}

TEST_CASE("int8 is dequantized to scale * (q - zero_point)") {
  const Quantization q{{0.5f}, {-3}, 0};
  CHECK(dequantized(std::vector<std::int8_t>{-128, -3, 0, 127}, q) == Floats{-62.5f, 0, 1.5f, 65});
}

TEST_CASE("each value has the scale of its channel, along the axis that is quantized") {
  const Tensor tensor{.dtype = DType::int8, .shape = {2, 3}, .quantization = {{1, 10, 100}, {0, 0, 0}, 1}};
  CHECK(reals_of(tensor, Bytes{1, 2, 3, 0xff, 0xfe, 0xfd}) == Reals{1, 20, 300, -1, -20, -300});
  CHECK(bytes_of_reals(tensor, Reals{1, 20, 300, -1, -20, -300}) == Bytes{1, 2, 3, 0xff, 0xfe, 0xfd});
}

TEST_CASE("what is no number becomes 0, and what no int64 holds its end") {
  const Tensor tensor{.dtype = DType::int64, .shape = {1}};
  CHECK(reals_of(tensor, bytes_of_reals(tensor, Reals{std::nan("")})) == Reals{0});
  CHECK(reals_of(tensor, bytes_of_reals(tensor, Reals{1e30})) == Reals{9.2e18});
}

TEST_CASE("stored values know no scale, and are no more than the tensor has") {
  const Tensor tensor{.dtype = DType::int8, .shape = {2}, .quantization = {{0.5f}, {-3}}};
  CHECK(stored_values(tensor, Bytes{1, 0xff, 7}) == Reals{1, -1});
}

TEST_CASE("a scale of one over a whole number stands for it, though no float is 1 / 255") {
  CHECK(steps_of(1.0f / 255) == 255);
  CHECK(steps_of(1.0f / 128) == 128);
  CHECK(steps_of(0.3f) == 1.0 / 0.3f);
}

TEST_CASE("features are 0 for black and 1 for white as reals, those of movement shares of full scale") {
  CHECK(reals_of_features(std::vector<std::int8_t>{-128, 127, -77}, quantization_of(ImageFeatureSettings{})) ==
        Floats{0, 1, 51.0f / 255});
  CHECK(reals_of_features(std::vector<std::int8_t>{64, -128}, quantization_of(MotionFeatureSettings{})) ==
        Floats{0.5f, -1});
}

TEST_CASE("an int8 model is given features as they are, any other what they stand for in its own type") {
  Model model{.tensors = {{.dtype = DType::int8, .shape = {1, 2}, .quantization = {{0.25f}, {7}}}}};
  model.inputs = {0};
  const std::vector<std::int8_t> features{-128, 127};
  const Quantization scale = quantization_of(ImageFeatureSettings{});
  CHECK(input_of_features(model, features, scale) == Bytes{0x80, 0x7f});
  model.tensors[0] = {.dtype = DType::float32, .shape = {1, 2}};
  CHECK(input_of_features(model, features, scale) == bytes_of(Floats{0, 1}));
  model.tensors[0] = {.dtype = DType::uint8, .shape = {1, 2}, .quantization = {{1 / 255.0f}, {0}}};
  CHECK(input_of_features(model, features, scale) == Bytes{0, 255});
}
