#include "compile/drop_channels.h"

#include <catch2/catch.hpp>
#include <set>

#include "compile/dropped_layers.h"
#include "compile/passes.h"
#include "compile/planted_models.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

static std::vector<Bytes> outputs_of(const Model& model, const TensorBytes& bytes) {
  std::vector<Bytes> outputs;
  for (const int t : model.outputs) outputs.push_back(bytes[t]);
  return outputs;
}

/// All lowest, all highest, all of one value in between, and any.
static Bytes some_input(RandomModels& random, const Model& model, int which) {
  const Bytes ends{0x80, 0x7f, static_cast<std::uint8_t>(random.pick(0, 255))};
  if (which < 3) return Bytes(model.tensors[model.inputs[0]].bytes(), ends[which]);
  Bytes bytes = random.values(model.tensors[model.inputs[0]]);
  if (which % 2 == 0)
    for (std::uint8_t& byte : bytes) byte = byte & 1 ? 0x80 : 0x7f;
  return bytes;
}

/// Every tensor of int8: what is left of it, with its constants put back, is what it was.
static void check_tensors(const Model& model, const LiveModel& live, const TensorBytes& before,
                          const TensorBytes& after) {
  for (const Node& node : model.nodes) {
    const int t = node.outputs[0];
    INFO(describe(model, node));
    if (const auto whole = with_dropped_channels(model, live, t, after[t])) CHECK(*whole == before[t]);
  }
}

static void check_equal(RandomModels& random, const Model& model, const LiveModel& live) {
  check_supported(live.model);
  for (int i = 0; i < 8; ++i) {
    const Bytes input = some_input(random, model, i);
    const TensorBytes before = run_reference(model, input), after = run_reference(live.model, input);
    REQUIRE(outputs_of(live.model, after) == outputs_of(model, before));
    check_tensors(model, live, before, after);
  }
}

TEST_CASE("random networks give the same bytes without their dead channels, whatever goes in") {
  PlantedModels models(71);
  std::set<std::string> shrunk;
  for (int i = 0; i < 400; ++i) {
    const Model model = models.model();
    const LiveModel live = without_dead_channels(model);
    INFO(i);
    check_equal(models.random(), model, live);
    CHECK(without_dead_channels(live.model).model.nodes.size() == model.nodes.size());
    for (const DroppedOfLayer& layer : dropped_of_layers(model, live)) {
      CHECK(layer.live_macs <= layer.macs);
      if (layer.same_for_every_input + layer.unread > 0) shrunk.insert(layer.op);
    }
  }
  // Each kind of reader and producer has lost channels somewhere.
  for (const char* op : {"add", "average_pool_2d", "concatenation", "conv_2d", "depthwise_conv_2d", "fully_connected",
                         "hard_swish", "max_pool_2d", "mean", "mul", "pad", "relu", "relu6", "reshape"})
    CHECK(shrunk.contains(op));
}

TEST_CASE("a second run finds nothing more to drop") {
  PlantedModels models(72);
  for (int i = 0; i < 100; ++i) {
    const Model once = drop_channels(models.model()), twice = drop_channels(once);
    for (const Node& node : once.nodes) CHECK(twice.output(node).shape == once.output(node).shape);
  }
}

// --- By hand: 3 x 3 pixels of 1 channel; every scale is 1 and every zero point 0.

static const Shape picture{1, 3, 3, 1};

/// Two channels: the pixel, and `constant` whatever it is.
static int pixel_and_constant(PlantedNetwork& network, int constant) {
  return network.conv(0, 1, valid, {1, 0}, {0, constant});
}

static int channels_left(const Model& model, int tensor) { return drop_channels(model).tensors[tensor].shape.back(); }

TEST_CASE("what a constant channel gives goes into its reader's bias") {
  PlantedNetwork network(picture);
  const int two = pixel_and_constant(network, 7);
  const int sum = network.conv(two, 1, valid, {2, 3}, {100});
  const Model live = drop_channels(network.model({sum}));
  CHECK(live.tensors[two].shape == Shape{1, 3, 3, 1});
  const auto bias = values<std::int32_t>(live.input(live.nodes[1], 2));
  CHECK(std::vector(bias.begin(), bias.end()) == std::vector<std::int32_t>{100 + 3 * 7});
  CHECK(live.input(live.nodes[1], 1).data == Bytes{2});
}

TEST_CASE("a reader that pads can do without a constant channel only if that is the zero point") {
  for (const auto& [constant, padding, left] :
       {std::tuple{7, same, 2}, std::tuple{0, same, 1}, std::tuple{7, valid, 1}, std::tuple{0, valid, 1}}) {
    PlantedNetwork network(picture);
    const int two = pixel_and_constant(network, constant);
    const Model model = network.model({network.conv(two, 3, padding, std::vector<int>(18, 1), {})});
    INFO(constant << " " << padding);
    CHECK(channels_left(model, two) == left);
  }
}

TEST_CASE("a channel that can be one step more than a constant stays") {
  for (const auto& [bias, left] : {std::pair{-128, 2}, std::pair{-127, 2}, std::pair{-126, 2}}) {
    PlantedNetwork network(picture);
    const int two = network.conv(0, 1, valid, {1, 1}, {0, bias}, relu);  // the second is at most 127 + bias
    const Model model = network.model({network.conv(two, 1, valid, {1, 1}, {})});
    INFO(bias);
    CHECK(channels_left(model, two) == (bias <= -127 ? 1 : left));
  }
}

TEST_CASE("a channel of a residual goes if it is dead in both branches, and stays if it is in one") {
  for (const auto& [other, left] : {std::pair{0, 1}, std::pair{1, 2}}) {
    PlantedNetwork network(picture);
    const int a = pixel_and_constant(network, 7), b = network.conv(0, 1, valid, {1, other}, {3, 4});
    const int sum = network.append("add", {a, b}, {}, {{2.0f}, {0}, 0});
    const Model model = network.model({network.conv(sum, 1, valid, {1, 1}, {})});
    INFO(other);
    for (const int t : {a, b, sum}) CHECK(channels_left(model, t) == left);
  }
}

TEST_CASE("a channel that a depthwise layer makes constant goes, and its input with it") {
  PlantedNetwork network(picture);
  const int two = network.conv(0, 1, valid, {1, 1}, {});
  const int each = network.weigh("depthwise_conv_2d", two, window_attributes(same), {1, 1, 1, 2}, {1, 0}, {5, 6});
  const Model model = network.model({network.conv(each, 1, valid, {1, 1}, {})});
  CHECK(channels_left(model, two) == 1);
  CHECK(channels_left(model, each) == 1);
}

TEST_CASE("a channel that no reader gives weight goes, unless another reader does") {
  for (const auto& [second, left] : {std::pair{0, 1}, std::pair{1, 2}}) {
    PlantedNetwork network(picture);
    const int two = network.conv(0, 1, valid, {1, 2}, {});
    const int a = network.conv(two, 3, same, {1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0}, {});
    const int b = network.conv(two, 1, valid, {1, second}, {});
    INFO(second);
    CHECK(channels_left(network.model({a, b}), two) == left);
  }
}

TEST_CASE("two readers of which one pads keep a constant channel for both") {
  PlantedNetwork network(picture);
  const int two = pixel_and_constant(network, 7);
  const int a = network.conv(two, 3, same, std::vector<int>(18, 1), {}), b = network.conv(two, 1, valid, {1, 1}, {});
  CHECK(channels_left(network.model({a, b}), two) == 2);
}

TEST_CASE("a fully connected layer takes a constant channel's products from every place") {
  PlantedNetwork network(picture);
  const int two = pixel_and_constant(network, 7);
  const int flat = network.append("reshape", {two}, {}, plain, {1, 18});
  std::vector<int> weights(18);
  for (int i = 0; i < 18; ++i) weights[i] = i;
  const Model live = drop_channels(network.model({network.weigh("fully_connected", flat, {}, {1, 18}, weights, {1})}));
  CHECK(live.tensors[flat].shape == Shape{1, 9});
  const auto bias = values<std::int32_t>(live.input(live.nodes[2], 2));
  CHECK(bias[0] == 1 + 7 * (1 + 3 + 5 + 7 + 9 + 11 + 13 + 15 + 17));
}

TEST_CASE("padding along the channels, and one channel that stands beside many, keep what they read") {
  PlantedNetwork padded(picture);
  const int two = pixel_and_constant(padded, 7);
  const Tensor one_behind = constant<std::int32_t>("padding", DType::int32, {4, 2}, {0, 0, 0, 0, 0, 0, 0, 1});
  const int three = padded.append("pad", {two, padded.constant_of(one_behind)}, {}, plain);
  const Model with_pad = padded.model({padded.conv(three, 1, valid, {1, 1, 1}, {})});
  CHECK(channels_left(with_pad, two) == 2);
  CHECK(channels_left(with_pad, three) == 3);

  PlantedNetwork broadcast(picture);
  const int alone = broadcast.conv(0, 1, valid, {1}, {}), many = pixel_and_constant(broadcast, 0);
  const int products = broadcast.append("mul", {many, alone}, {}, plain);  // the second is always 0
  const Model with_mul = broadcast.model({broadcast.conv(products, 1, valid, {1, 1}, {})});
  CHECK(channels_left(with_mul, alone) == 1);
  CHECK(channels_left(with_mul, many) == 1);
  CHECK(channels_left(with_mul, products) == 1);
  RandomModels random(73);
  for (const Model& model : {with_pad, with_mul}) check_equal(random, model, without_dead_channels(model));
}

TEST_CASE("the model's outputs keep their channels, and every tensor keeps one") {
  PlantedNetwork network(picture);
  const int constants = network.conv(0, 1, valid, {0, 0, 0}, {1, 2, 3}),
            out = network.conv(constants, 1, valid, {1, 1, 1, 1, 1, 1}, {4, 5});
  const Model model = network.model({out});
  CHECK(channels_left(model, constants) == 1);
  CHECK(channels_left(model, out) == 2);
}

TEST_CASE("a fully connected layer with a scale for each output keeps two, since one alone is multiplied otherwise") {
  PlantedNetwork network({1, 2});
  const int three = network.weigh("fully_connected", 0, {}, {3, 2}, {1, 2, 0, 0, 0, 0}, {0, 1, 2},
                                  {{0.1f, 0.2f, 0.3f}, {0, 0, 0}, 0});
  const Model model = network.model({network.weigh("fully_connected", three, {}, {2, 3}, {1, 1, 1, 1, 1, 1}, {})});
  CHECK(channels_left(model, three) == 2);
}

TEST_CASE("what was dropped is told layer by layer, with the reason and what it saves") {
  PlantedNetwork network(picture);
  const int three = network.conv(0, 1, valid, {1, 0, 1}, {0, 7, 0});
  const Model model = network.model({network.conv(three, 1, valid, {1, 1, 0}, {})});
  CHECK(dropped_text(dropped_of_layers(model)) ==
        "not computed, since it changes no output:\n"
        "  conv_2d 0: 2 of 3 channels go, 1 the same for every input, 1 without effect; 18 of 27 MACs, 2 of 3 weights\n"
        "  conv_2d 1: reads fewer channels; 18 of 27 MACs, 2 of 3 weights\n"
        "  all: 36 of 54 MACs, 4 of 6 weights\n");
  PlantedNetwork alive(picture);
  CHECK(dropped_text(dropped_of_layers(alive.model({alive.conv(0, 1, valid, {1}, {})}))) == "");
}

TEST_CASE("the passes leave a model without its dead channels") {
  PlantedNetwork network(picture);
  const int two = pixel_and_constant(network, 7);
  const Model model = network.model({network.conv(two, 1, valid, {1, 1}, {})});
  CHECK(run_passes_before(model, "drop_channels").tensors[two].shape.back() == 2);
  CHECK(run_passes(model).tensors[two].shape.back() == 1);
}
