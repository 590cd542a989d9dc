#include "model/network.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/error.h"

using namespace dragonet;

static std::string refusal_of(const std::vector<Layer>& layers) try {
  output_sizes({8, 10, 3, layers});
  return "nothing was thrown";
} catch (const Error& error) {
  return error.what();
}

TEST_CASE("same padding gives ceil(size / stride) outputs and the larger half behind") {
  // The cases of TensorFlow's documentation (tf.nn, "Notes on padding"): filters 3, stride 2 over 8 and 9 rows.
  const Layer layer{.type = "MaxPooling2D", .kernel = 3, .stride = 2};
  CHECK(padding_of(layer, 8).before == 0);
  CHECK(padding_of(layer, 8).after == 1);
  CHECK(padding_of(layer, 9).before == 1);
  CHECK(padding_of(layer, 9).after == 1);
  const Layer valid{.type = "MaxPooling2D", .kernel = 3, .stride = 2, .same = false};
  CHECK(padding_of(valid, 8).after == 0);
}

TEST_CASE("sizes follow strides, padding and flattening") {
  const Network network{9,
                        12,
                        3,
                        {{.type = "Conv2D", .filters = 5, .kernel = 3, .stride = 2},
                         {.type = "DepthwiseConv2D", .kernel = 3, .same = false},
                         {.type = "MaxPooling2D", .kernel = 2, .stride = 2, .same = false},
                         {.type = "Flatten"},
                         {.type = "Dense", .filters = 4},
                         {.type = "Softmax"}}};
  CHECK(output_sizes(network) ==
        std::vector<MapSize>{{5, 6, 5}, {3, 4, 5}, {1, 2, 5}, {1, 1, 10}, {1, 1, 4}, {1, 1, 4}});
}

TEST_CASE("a layer that does not fit is named with what is wrong and what reaches it") {
  const Layer dense{.type = "Dense", .filters = 2}, softmax{.type = "Softmax"}, flatten{.type = "Flatten"};
  CHECK_THAT(refusal_of({{.type = "Conv3D"}}), Catch::Contains("layer 1 (Conv3D): there is no such layer"));
  CHECK_THAT(refusal_of({dense, softmax}), Catch::Contains("layer 1 (Dense)") && Catch::Contains("Flatten before it"));
  CHECK_THAT(refusal_of({flatten, {.type = "Conv2D", .filters = 2}}),
             Catch::Contains("layer 2") && Catch::Contains("flattened"));
  CHECK_THAT(refusal_of({{.type = "MaxPooling2D", .kernel = 9, .same = false}}),
             Catch::Contains("kernel of 9x9 is larger than the 8x10") && Catch::Contains("the input is 8x10x3"));
  CHECK_THAT(refusal_of({{.type = "Conv2D", .kernel = 3}}), Catch::Contains("no filters"));
  CHECK_THAT(refusal_of({flatten, dense}), Catch::Contains("does not end in a Softmax"));
}

static int widest_pair(const Network& network) {
  const auto elements = [](const MapSize& size) { return size.height * size.width * size.channels; };
  int last = network.height * network.width * network.channels, widest = 0;
  for (const MapSize& size : output_sizes(network)) {
    widest = std::max(widest, last + elements(size));
    last = elements(size);
  }
  return widest;
}

TEST_CASE("the default network's widest layer leaves room in 32 KB, and it takes any size and number of classes") {
  const Network network = default_image_network(32, 32, 3, 2);
  CHECK(widest_pair(network) <= 18 * 1024);
  CHECK(output_sizes(network).back() == MapSize{1, 1, 2});
  CHECK(output_sizes(default_image_network(1, 7, 1, 9)).back() == MapSize{1, 1, 9});
}
