#include "model/network.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/error.h"

using namespace dragonet;
using Catch::Contains;
using Names = std::vector<std::string>;

static const Layer flatten{.type = "Flatten"}, dense{.type = "Dense", .filters = 2};
static const Layer conv{.type = "Conv2D", .filters = 4, .kernel = 3}, norm{.type = "BatchNormalization"};

/// What is said of these layers behind an image of 8 x 10 x 3, flattened and classified at the end.
static std::string refusal_of(std::vector<Layer> layers) try {
  layers.insert(layers.end(), {flatten, dense});
  output_shapes({8, 10, 3, layers});
  return "nothing was thrown";
} catch (const Error& error) {
  for (const Problem& problem : error.problems)
    if (problem.where.empty() || problem.what.empty() || problem.next.empty()) return "a field is empty";
  return error.what();
}

TEST_CASE("same padding gives ceil(size / stride) outputs and the larger half behind") {
  // The cases of TensorFlow's documentation (tf.nn, "Notes on padding"): filters 3, stride 2 over 8 and 9 rows.
  Layer layer{.type = "MaxPooling2D", .kernel = 3, .strides = 2, .same = true};
  const auto [vertical, horizontal] = paddings_of(layer, {8, 9, 1});
  CHECK(vertical.before == 0);
  CHECK(vertical.after == 1);
  CHECK(horizontal.before == 1);
  CHECK(horizontal.after == 1);
  layer.same = false;
  CHECK(paddings_of(layer, {8, 9, 1}).vertical.after == 0);
}

TEST_CASE("shapes follow strides, padding, dilation, multipliers and flattening, with Keras' defaults") {
  const Network network{9,
                        12,
                        3,
                        {{.type = "Conv2D", .filters = 5, .kernel = 3, .strides = 2, .same = true},
                         {.type = "DepthwiseConv2D", .kernel = {3, 1}, .depth_multiplier = 2},
                         {.type = "MaxPooling2D"},
                         {.type = "Reshape", .target_shape = {-1, 2, 5}},
                         {.type = "Conv2D", .filters = 4, .kernel = 2, .dilation = {2, 1}},
                         {.type = "SeparableConv2D", .filters = 7, .kernel = 1},
                         {.type = "GlobalAveragePooling2D"},
                         {.type = "Dense", .filters = 4}}};
  CHECK(output_shapes(network) ==
        std::vector<Shape>{{5, 6, 5}, {3, 6, 10}, {1, 3, 10}, {3, 2, 5}, {1, 1, 4}, {1, 1, 7}, {7}, {4}});
}

TEST_CASE("a layer takes the one before it, or those that it names") {
  const Layer first{.type = "Conv2D", .name = "first", .filters = 3, .kernel = 1};
  const Layer second{.type = "ReLU", .inputs = {"image"}};
  const Layer sum{.type = "Add", .inputs = {"first", "relu_1", "image"}};
  const Network network{8, 10, 3, {first, second, sum, flatten, dense}};
  CHECK(input_indices(network) == std::vector<std::vector<int>>{{-1}, {-1}, {0, 1, -1}, {2}, {3}});
}

TEST_CASE("what cannot be trained as it is becomes layers that can, and expanding again changes nothing") {
  const Layer separable{
      .type = "SeparableConv2D", .name = "stem", .filters = 3, .kernel = 3, .same = true, .activation = "relu6"};
  const Layer sum{.type = "Add", .name = "sum", .inputs = {"stem", "image", "stem"}};
  const Network once = expanded({8, 10, 3, {separable, sum, flatten, dense}});
  Names names;
  for (const Layer& layer : once.layers) names.push_back(layer.type + " " + layer.name);
  CHECK(names == Names{"DepthwiseConv2D stem/depthwise", "Conv2D stem", "ReLU stem/relu6", "Add sum/1", "Add sum",
                       "Flatten flatten_1", "Dense dense_1", "Softmax dense_1/softmax"});
  CHECK(once.layers[3].inputs == Names{"stem/relu6", "image"});
  CHECK(once.layers[4].inputs == Names{"sum/1", "stem/relu6"});
  CHECK(once.layers[2].max_value == 6);
  CHECK(input_indices(expanded(once)) == input_indices(once));
  CHECK(expanded(once).layers.size() == once.layers.size());
}

TEST_CASE("an LSTM takes each row of a map as a step, and becomes one of all steps, of which the last is taken") {
  const Layer all{.type = "LSTM", .name = "all", .filters = 5, .return_sequences = true};
  const Layer last{.type = "LSTM", .name = "last", .filters = 4};
  const Network network{8, 10, 3, {all, last, dense}};
  CHECK(output_shapes(network) == std::vector<Shape>{{8, 1, 5}, {4}, {2}});
  const Network once = expanded(network);
  Names names;
  for (const Layer& layer : once.layers) names.push_back(layer.type + " " + layer.name);
  CHECK(names == Names{"Reshape all/steps", "LSTM all", "LSTM last/sequence", "LastStep last", "Dense dense_1",
                       "Softmax dense_1/softmax"});
  CHECK(output_shapes(once)[2] == Shape{8, 1, 4});
  CHECK(expanded(once).layers.size() == once.layers.size());

  CHECK_THAT(refusal_of({flatten, last}), Contains("it works on maps of height, width and channels"));
  CHECK_THAT(refusal_of({{.type = "LSTM"}}), Contains("its units is 0"));
  CHECK_THAT(refusal_of({{.type = "LSTM", .filters = 4000}}), Contains("weights, and no microcontroller holds more"));
  CHECK_THAT(refusal_of({all, norm}), Contains("can only be folded into a convolution or a Dense"));
}

TEST_CASE("a 1-D layer is a 2-D one of width 1, and takes each row of a wider map as a step") {
  const Layer conv1d{.type = "Conv1D", .filters = 4, .kernel = 3, .strides = 2};
  const Layer pool{.type = "GlobalAveragePooling1D"};
  const Layer pad{.type = "ZeroPadding1D"};
  const Network motion{20, 1, 6, {pad, conv1d, {.type = "BatchNormalization"}, pool, dense}};
  CHECK(output_shapes(motion) == std::vector<Shape>{{22, 1, 6}, {10, 1, 4}, {10, 1, 4}, {4}, {2}});
  CHECK(expanded(motion).layers[1].type == "Conv2D");
  CHECK(expanded(motion).layers[1].kernel == Sides(3, 1));

  Network sound{20, 10, 1, {conv1d, pool, dense}};
  sound.layers[0].inputs = {"input"};
  CHECK(output_shapes(sound)[0] == Shape{9, 1, 4});
  const Network whole = expanded(sound);
  CHECK(whole.layers[0].type == "Reshape");
  CHECK(whole.layers[0].name == "conv1d_1/steps");
  CHECK(whole.layers[0].inputs == Names{"image"});
  CHECK(output_shapes(whole)[0] == Shape{20, 1, 10});
  CHECK(input_indices(expanded(whole)) == input_indices(whole));
}

TEST_CASE("branches are joined along their channels, and zeros are put around maps") {
  const Layer pad{.type = "ZeroPadding2D", .zeros = {{1, 2}, {0, 3}}};
  const Layer wide{.type = "Conv2D", .name = "wide", .inputs = {"image"}, .filters = 4, .kernel = 1};
  const Layer join{.type = "Concatenate", .inputs = {"wide", "image", "wide"}};
  CHECK(output_shapes({8, 10, 3, {wide, join, pad, {.type = "GlobalMaxPooling2D"}, dense}}) ==
        std::vector<Shape>{{8, 10, 4}, {8, 10, 11}, {11, 13, 11}, {11}, {2}});
  CHECK_THAT(refusal_of({conv, {.type = "Concatenate", .inputs = {"conv2d_1", "image"}}}),
             Contains("6x8x4 and 8x10x3, and only channels may differ"));
  CHECK_THAT(refusal_of({{.type = "ZeroPadding2D", .zeros = {{-1, 0}, {0, 0}}}}), Contains("goes from -1 to 0"));
}

TEST_CASE("a name that is given is never taken by a layer without one") {
  const Layer named{.type = "ReLU", .name = "flatten_1"};
  const Network network = expanded({8, 10, 3, {named, flatten, dense}});
  CHECK(network.layers[1].name == "flatten_2");
}

TEST_CASE("a type that is not known is named with the nearest, an argument that is missing with what it may be") {
  CHECK_THAT(refusal_of({{.type = "Conv3D"}}),
             Contains("layer 1 (Conv3D, layer_1): there is no such layer") && Contains("did you mean Conv2D?"));
  CHECK_THAT(refusal_of({{.type = "Conv2D", .kernel = 3}}), Contains("its filters is 0"));
  CHECK_THAT(refusal_of({{.type = "Conv2D", .filters = 3}}), Contains("its kernel_size is 0 x 0"));
  CHECK_THAT(refusal_of({{.type = "Dropout", .rate = 1}}), Contains("its rate is 1"));
  CHECK_THAT(refusal_of({{.type = "ReLU", .max_value = 5}}), Contains("max_value is 5"));
  Layer wrong = conv;
  wrong.activation = "rleu";
  CHECK_THAT(refusal_of({wrong}), Contains("did you mean relu?"));
}

TEST_CASE("shapes that do not go together are named") {
  CHECK_THAT(refusal_of({dense}), Contains("a map of 8x10x3 reaches it") && Contains("Flatten before it"));
  CHECK_THAT(refusal_of({flatten, conv}), Contains("layer 2") && Contains("240 values reach it"));
  CHECK_THAT(refusal_of({{.type = "MaxPooling2D", .kernel = 9}}), Contains("9 x 9 is larger than the 8 x 10"));
  CHECK_THAT(refusal_of({{.type = "Reshape", .target_shape = {7, -1}}}), Contains("7x-1 cannot hold the 8x10x3"));
  CHECK_THAT(refusal_of({conv, {.type = "Add", .inputs = {"conv2d_1", "image"}}}),
             Contains("6x8x4 and 8x10x3, and only equal shapes can be added"));
  CHECK_THAT(refusal_of({{.type = "Conv2D", .filters = 2, .kernel = 2, .strides = 2, .dilation = 2}}),
             Contains("both strides and a dilation_rate"));
  CHECK_THAT(refusal_of({{.type = "Conv2D", .filters = 32767, .kernel = 1},
                         {.type = "DepthwiseConv2D", .kernel = 1, .depth_multiplier = 200}}),
             Contains("layer 2") && Contains("8x10x6553400 is more than 16777216 values"));
}

TEST_CASE("a layer whose weights no chip could hold is refused before anything is allocated for it") {
  const Layer wide{.type = "Conv2D", .filters = 32767, .kernel = 1};
  CHECK_THAT(refusal_of({wide, flatten, {.type = "Dense", .filters = 100}}), Contains("it has 262136000 weights"));
  CHECK_THAT(refusal_of({wide, {.type = "Conv2D", .filters = 1000, .kernel = 1}}),
             Contains("layer 2") && Contains("it has 32767000 weights"));
}

TEST_CASE("inputs that are not there, or not there yet, are named; so is an output that nothing takes") {
  Layer reader = conv;
  reader.inputs = {"stme"};
  CHECK_THAT(refusal_of({{.type = "ReLU", .name = "stem"}, reader}),
             Contains("its input stme is no layer before it; did you mean stem?") &&
                 Contains("layer 1 (ReLU, stem): nothing takes its output"));
  reader.inputs = {"late"};
  CHECK_THAT(refusal_of({reader, {.type = "ReLU", .name = "late"}}), Contains("move it behind late"));
  reader.inputs = {"image", "image"};
  CHECK_THAT(refusal_of({reader}), Contains("it has 2 inputs and takes one; an Add or a Concatenate joins branches"));
  CHECK_THAT(refusal_of({{.type = "Add"}}), Contains("it has one input; name two or more"));
  CHECK_THAT(refusal_of({{.type = "ReLU", .name = "x"}, {.type = "ReLU", .name = "x"}}), Contains("name x is taken"));
}

TEST_CASE("a batch normalization that cannot be folded is refused with the reason") {
  CHECK(refusal_of({conv, norm}) == "nothing was thrown");
  CHECK_THAT(refusal_of({norm}), Contains("it takes the input, and can only be folded into"));
  CHECK_THAT(refusal_of({conv, {.type = "MaxPooling2D"}, norm}), Contains("it takes max_pooling2d_1 (MaxPooling2D)"));
  Layer active = conv;
  active.activation = "relu";
  CHECK_THAT(refusal_of({active, norm}), Contains("the relu of conv2d_1 stands between"));
  CHECK_THAT(refusal_of({conv, norm, {.type = "Add", .inputs = {"conv2d_1", "batch_normalization_1"}}}),
             Contains("conv2d_1 has other consumers too"));
}

TEST_CASE("all problems are told at once, each with the place that its layer came from") {
  const Layer first{.type = "Conv2D", .kernel = 3, .source = "dragonet.toml, line 3, column 1"};
  const Layer second{.type = "Softmaks", .source = "dragonet.toml, line 7, column 1"};
  const std::string text = refusal_of({first, second});
  CHECK_THAT(text, Contains("dragonet.toml, line 3, column 1, layer 1 (Conv2D, conv2d_1): its filters is 0"));
  CHECK_THAT(text, Contains("dragonet.toml, line 7, column 1, layer 2 (Softmaks") && Contains("did you mean Softmax?"));
}

TEST_CASE("the answer must be one score per label") {
  CHECK_THROWS_WITH(output_shapes({8, 10, 3, {conv}}), Contains("a map of 6x8x4 instead of one score per label"));
  CHECK_THROWS_WITH(output_shapes({8, 10, 3, {}}), Contains("it has no layers"));
  const Network network{8, 10, 3, {flatten, dense}};
  CHECK(!answer_problem(network, 2));
  CHECK(answer_problem(network, 3)->what == "it gives 2 scores for 3 labels");
}

static std::int64_t widest_pair(const Network& network) {
  std::int64_t last = network.height * network.width * network.channels, widest = 0;
  for (const Shape& shape : output_shapes(network)) {
    widest = std::max(widest, last + element_count(shape));
    last = element_count(shape);
  }
  return widest;
}

TEST_CASE("the default network's widest layer leaves room in 32 KB, and it takes any size and number of classes") {
  CHECK(widest_pair(default_image_network(32, 32, 3, 2)) <= 18 * 1024);
  CHECK(output_shapes(default_image_network(32, 32, 3, 2)).back() == Shape{2});
  CHECK(output_shapes(default_image_network(1, 7, 1, 9)).back() == Shape{9});
}

TEST_CASE("the default networks for sound and motion take any size, and few weights and sums") {
  CHECK(output_shapes(default_network({default_sound_network, default_sequence_statistics}, 49, 40, 1, 12)).back() ==
        Shape{12});
  CHECK(output_shapes(default_sound_network(49, 40, 1, 12))[0] == Shape{25, 10, 32});
  CHECK(output_shapes(default_sound_network(49, 13, 1, 12))[0] == Shape{25, 7, 32});
  CHECK(output_shapes(default_sound_network(1, 1, 1, 2)).back() == Shape{2});
  CHECK(output_shapes(default_network({default_motion_network, default_sequence_statistics}, 125, 1, 6, 5)).back() ==
        Shape{5});
  CHECK(output_shapes(default_motion_network(125, 1, 6, 5))[6] == Shape{16, 1, 48});
  CHECK(output_shapes(default_motion_network(1, 1, 1, 2)).back() == Shape{2});
}

TEST_CASE("numbers, or the input itself, may be the answer, and then no softmax follows") {
  Network network{4, 1, 2, {flatten, {.type = "Dense", .filters = 3}}, Regression{}};
  CHECK(expanded(network).layers.back().type == "Dense");
  CHECK(!answer_problem(network, 3));
  CHECK(answer_problem(network, 2)->what == "it gives 3 scores for 2 numbers");
  network.task = Anomaly{};
  CHECK(answer_problem(network, 0)->what == "it gives 3 values, and its input has 8");
  network.layers = {{.type = "Conv1D", .filters = 2, .kernel = 3, .same = true}};
  CHECK(!answer_problem(network, 0));
}
