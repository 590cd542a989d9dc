#include "compile/channel_ranges.h"

#include <catch2/catch.hpp>

#include "compile/planted_models.h"

using namespace dragonet;
using namespace dragonet::testing;

TEST_CASE("every value that a network computes lies in its channel's range") {
  PlantedModels models(81);
  for (int i = 0; i < 200; ++i) {
    const Model model = models.model();
    const ChannelRanges ranges = channel_ranges(model);
    const TensorBytes bytes = run_reference(model, models.random().input(model));
    for (const Node& node : model.nodes) {
      const auto& channels = ranges[node.outputs[0]];
      const Bytes& values = bytes[node.outputs[0]];
      INFO(i << " " << describe(model, node));
      for (std::size_t v = 0; v < values.size(); ++v) {
        const auto value = static_cast<std::int8_t>(values[v]);
        REQUIRE(value >= channels[v % channels.size()].least);
        REQUIRE(value <= channels[v % channels.size()].most);
      }
    }
  }
}

static const Shape small_picture{1, 3, 3, 1};
using Channels = std::vector<ChannelRange>;

static Channels ranges_of(const PlantedNetwork& network, int tensor) {
  return channel_ranges(network.model({tensor}))[tensor];
}

TEST_CASE("each weight takes the end of its input's range that its sign asks for") {
  PlantedNetwork network(small_picture);
  const int ones = network.conv(0, 1, valid, {1, -1}, {-100, 100}, relu);  // 0 to 27; 0 to 127
  CHECK(ranges_of(network, ones) == Channels{{0, 27}, {0, 127}});
  const int sums = network.conv(ones, 1, valid, {1, 0, -2, 0, 1, -1}, {3, 3, 3});
  CHECK(ranges_of(network, sums) == Channels{{3, 30}, {-51, 3}, {-124, 30}});
}

TEST_CASE("windows at the border see the zero point beside the picture") {
  PlantedNetwork network(small_picture);
  const int fives = network.conv(0, 1, valid, {0}, {5});
  CHECK(ranges_of(network, network.conv(fives, 3, valid, std::vector<int>(9, 1), {})) == Channels{{45, 45}});
  CHECK(ranges_of(network, network.conv(fives, 3, same, std::vector<int>(9, 1), {})) == Channels{{20, 45}});
}

TEST_CASE("operators that keep the order of values map the ends of ranges; of one value, all are tried") {
  PlantedNetwork network(small_picture);
  const int small = network.conv(0, 1, valid, {1}, {-100}, relu);  // 0 to 27
  CHECK(ranges_of(network, network.append("add", {small, small}, {}, {{2.0f}, {0}, 0})) == Channels{{0, 27}});
  CHECK(ranges_of(network, network.append("sub", {small, small}, {}, plain)) == Channels{{-27, 27}});
  CHECK(ranges_of(network, network.append("relu6", {small}, {}, plain)) == Channels{{0, 6}});
  CHECK(ranges_of(network, network.append("average_pool_2d", {small}, pool_attributes(valid, 3, 1), plain)) ==
        Channels{{0, 27}});
  const int low = network.conv(0, 1, valid, {0}, {-9});
  CHECK(ranges_of(network, network.append("mul", {small, low}, {}, {{9.0f}, {0}, 0})) == Channels{{-27, 0}});
}

TEST_CASE("an end of a clamp acts if some channel's rescaled sum can lie beyond it") {
  const auto use = [](const std::vector<int>& weights, const std::vector<int>& bias, std::int64_t activation) {
    PlantedNetwork network(small_picture);
    const Model model = network.model({network.conv(0, 1, valid, weights, bias, activation)});
    return clamp_use(model, model.nodes[0], channel_ranges(model));
  };
  CHECK(use({1}, {0}, none) == ClampUse{.min = false, .max = false});  // -128 to 127
  CHECK(use({1}, {1}, none) == ClampUse{.min = false, .max = true});   // -127 to 128
  CHECK(use({1}, {-1}, none) == ClampUse{.min = true, .max = false});  // -129 to 126
  CHECK(use({1}, {0}, relu) == ClampUse{.min = true, .max = false});   // below 0
  CHECK(use({0, 1}, {0, 0}, relu6) == ClampUse{.min = true, .max = true});
  CHECK(use({0, 0}, {0, 6}, relu6) == ClampUse{.min = false, .max = false});
}

TEST_CASE("nodes are marked where an end of their clamp never acts") {
  PlantedNetwork network(small_picture);
  const int a = network.conv(0, 1, valid, {1}, {1}), b = network.append("relu", {a}, {}, plain);
  const Model marked = mark_idle_clamps(network.model({b}));
  CHECK(marked.nodes[0].integer(never_below_min) == 1);
  CHECK(marked.nodes[0].integer(never_above_max) == 0);
  CHECK(marked.nodes[1].attributes.empty());
}
