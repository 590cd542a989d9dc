#include "project/layers_toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "base/error.h"
#include "base/files.h"
#include "model/layer_types.h"

using namespace dragonet;
using Catch::Contains;

static std::vector<Layer> read(const std::string& text) { return read_layers(toml::parse(text), "dragonet.toml"); }

static std::string layers_complaint(const std::string& text) try {
  read(text);
  return "";
} catch (const Error& error) {
  return error.what();
}

/// One layer of every type, with what is not at its default.
static constexpr const char* every_type = R"([[model.layers]]
type = "Conv2D"
name = "stem"
filters = 8
kernel_size = [3, 5]
strides = 2
padding = "same"
activation = "relu6"
use_bias = false

[[model.layers]]
type = "DepthwiseConv2D"
kernel_size = 3
padding = "same"
dilation_rate = 2
depth_multiplier = 2

[[model.layers]]
type = "BatchNormalization"
epsilon = 0.01

[[model.layers]]
type = "ReLU"
max_value = 6

[[model.layers]]
type = "SeparableConv2D"
name = "separable"
filters = 8
kernel_size = 3
padding = "same"

[[model.layers]]
type = "Add"
inputs = ["stem", "separable"]

[[model.layers]]
type = "MaxPooling2D"
pool_size = [2, 1]

[[model.layers]]
type = "AveragePooling2D"
pool_size = 3
strides = 1

[[model.layers]]
type = "Reshape"
target_shape = [2, -1, 4]

[[model.layers]]
type = "Dropout"
rate = 0.25

[[model.layers]]
type = "GlobalAveragePooling2D"

[[model.layers]]
type = "Flatten"

[[model.layers]]
type = "Dense"
units = 3

[[model.layers]]
type = "Softmax"
)";

TEST_CASE("every type of layer is read, and written again as it was") {
  const std::vector<Layer> layers = read(every_type);
  REQUIRE(layers.size() == 14);
  CHECK(layers_toml(layers) == every_type);
  CHECK(output_shapes({12, 9, 1, layers}).back() == Shape{3});
}

/// Of a recording of motion: the 1-D layers and those that came with them.
static constexpr const char* sequence_layers = R"([[model.layers]]
type = "ZeroPadding1D"
padding = [3, 2]

[[model.layers]]
type = "Conv1D"
name = "stem"
filters = 8
kernel_size = 5
strides = 2
padding = "same"
activation = "relu"

[[model.layers]]
type = "DepthwiseConv1D"
name = "long"
kernel_size = 3
padding = "same"
dilation_rate = 2

[[model.layers]]
type = "SeparableConv1D"
name = "short"
inputs = ["stem"]
filters = 4
kernel_size = 3
padding = "same"

[[model.layers]]
type = "Concatenate"
inputs = ["long", "short"]

[[model.layers]]
type = "MaxPooling1D"
pool_size = 2

[[model.layers]]
type = "AveragePooling1D"
pool_size = 3
strides = 1

[[model.layers]]
type = "ZeroPadding2D"
padding = [[1, 0], 2]

[[model.layers]]
type = "ZeroPadding2D"

[[model.layers]]
type = "GlobalMaxPooling2D"

[[model.layers]]
type = "Dense"
units = 2
)";

TEST_CASE("1-D layers take a number for their kernel, and are written again as they were") {
  const std::vector<Layer> layers = read(sequence_layers);
  CHECK(layers_toml(layers) == sequence_layers);
  CHECK(layers[0].zeros.vertical == Padding{3, 2});
  CHECK(output_shapes({25, 1, 3, layers})[8] == Shape{8, 7, 12});
  CHECK_THAT(layers_complaint("[[model.layers]]\ntype = \"Conv1D\"\nfilters = 2\nkernel_size = [3, 1]\n"),
             Contains("kernel_size has a value of another kind"));
  CHECK_THAT(layers_complaint("[[model.layers]]\ntype = \"ZeroPadding1D\"\npadding = [1, 2, 3]\n"),
             Contains("of a ZeroPadding a whole number or [before, after]"));
}

static constexpr const char* lstm_layers = R"([[model.layers]]
type = "LSTM"
units = 8
return_sequences = true

[[model.layers]]
type = "LSTM"
units = 2
)";

TEST_CASE("an LSTM gives its last step, or with return_sequences all; what it becomes is no layer to write") {
  const std::vector<Layer> layers = read(lstm_layers);
  CHECK(layers_toml(layers) == lstm_layers);
  CHECK(output_shapes({25, 3, 2, layers}) == std::vector<Shape>{{25, 1, 8}, {2}});
  CHECK_THAT(layers_complaint("[[model.layers]]\ntype = \"LSTM\"\n"), Contains("the LSTM has no units"));
  CHECK_THAT(layers_complaint("[[model.layers]]\ntype = \"LSTM\"\nunits = 2\nreturn_sequences = 1\n"),
             Contains("give true or false"));
  CHECK_THAT(layers_complaint("[[model.layers]]\ntype = \"LastStep\"\n"), Contains("there is no layer LastStep"));
}

TEST_CASE("docs/layers.md has every layer's type and arguments in one row of its table") {
  std::istringstream page(read_text("docs/layers.md"));
  std::vector<std::string> rows;
  for (std::string line; std::getline(page, line);)
    if (line.starts_with("| `")) rows.push_back(line);
  for (const LayerType& type : layer_types()) {
    if (type.has(LayerType::is_part)) continue;
    const std::string name = fmt::format("`{}`", type.name);
    const auto row = std::ranges::find_if(rows, [&](const auto& text) { return text.find(name) != std::string::npos; });
    INFO(type.name);
    REQUIRE(row != rows.end());
    for (const auto& arguments : {type.required, type.optional})
      for (const std::string& argument : arguments) CHECK_THAT(*row, Contains("`" + argument + "`"));
  }
}

TEST_CASE("arguments mean what they mean in Keras") {
  const std::vector<Layer> layers = read(every_type);
  CHECK(layers[0].kernel == Sides(3, 5));
  CHECK(layers[0].strides == Sides(2));
  CHECK(layers[0].same);
  CHECK_FALSE(layers[0].use_bias);
  CHECK(layers[1].filters == 0);
  CHECK(layers[6].kernel == Sides(2, 1));
  CHECK_FALSE(layers[6].same);                                    // Keras' default is valid
  CHECK(output_shapes({12, 9, 1, layers})[6] == Shape{3, 5, 8});  // a pool strides by its size
  CHECK(layers[5].inputs == std::vector<std::string>{"stem", "separable"});
  CHECK(layers[12].filters == 3);
  CHECK(layers[12].source == "dragonet.toml, line 60, column 1");
}

TEST_CASE("layers may also be written as one list, and a file without any has none") {
  CHECK(read("[model]\nlayers = [{type = \"Flatten\"}, {type = \"Dense\", units = 2}]")[1].filters == 2);
  CHECK(read("[train]\nepochs = 3\n").empty());
}

TEST_CASE("a type or an argument that is not known is named, with line, column and the nearest") {
  const std::string type = layers_complaint("[[model.layers]]\ntype = \"Conv2d\"\n");
  CHECK_THAT(type, Contains("line 2, column") && Contains("there is no layer Conv2d; did you mean Conv2D?"));
  const std::string typo = layers_complaint("[[model.layers]]\ntype = \"Dense\"\nunits = 3\nactivaton = \"relu\"\n");
  CHECK_THAT(typo, Contains("line 4, column") && Contains("Dense has no argument activaton; did you mean activation?"));
  const std::string other = layers_complaint("[[model.layers]]\ntype = \"Flatten\"\nrate = 0.5\n");
  CHECK_THAT(other, Contains("Flatten has no argument rate; it has name, inputs"));
  CHECK_THAT(layers_complaint("[[model.layers]]\nfilters = 3\n"),
             Contains("line 1, column 1") && Contains("has no type"));
}

TEST_CASE("an argument that is missing, or of another kind, is named with what it may be; all at once") {
  const std::string text = layers_complaint(R"([[model.layers]]
type = "Conv2D"
filters = "many"
padding = "full"

[[model.layers]]
type = "MaxPooling2D"
strides = 0
pool_size = [1, 2, 3]
inputs = "stem"
name = "a b"
)");
  CHECK_THAT(text, Contains("line 1, column 1: the Conv2D has no kernel_size"));
  CHECK_THAT(text, Contains("line 3, column 11: filters has a value of another kind; give a whole number"));
  CHECK_THAT(text, Contains("give \"same\" or \"valid\""));
  CHECK_THAT(text, Contains("line 8, column 11: strides has a value of another kind"));
  CHECK_THAT(text, Contains("line 9, column 13: pool_size has a value of another kind"));
  CHECK_THAT(text, Contains("inputs is no list of names"));
  CHECK_THAT(text, Contains("the name is no word"));
}

TEST_CASE("a [model] that holds something else is refused with what it should hold") {
  CHECK_THAT(layers_complaint("[model]\nlayer = 3\n"), Contains("line 2") && Contains("model.layer is not known"));
  CHECK_THAT(layers_complaint("[model.layers]\ntype = \"Conv2D\"\n"), Contains("one table, not a list of them"));
  CHECK_THAT(layers_complaint("model = 3\n"), Contains("model is no section"));
  CHECK_THAT(layers_complaint("[model]\nlayers = [3]\n"), Contains("a layer is a table"));
}
