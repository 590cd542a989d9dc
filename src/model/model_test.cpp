#include "model/model.h"

#include <catch2/catch.hpp>

#include "model/model_info.h"

using namespace dragonet;

TEST_CASE("a shape's elements are the product of its sides, also beyond 32 bits") {
  CHECK(element_count({}) == 1);
  CHECK(element_count({2, 3, 4}) == 24);
  CHECK(element_count({1 << 20, 1 << 20}) == std::int64_t{1} << 40);
  CHECK(text_of({1, 32, 32, 3}) == "1x32x32x3");
}

TEST_CASE("a tensor's bytes are its elements times the size of one") {
  const std::pair<DType, std::size_t> sizes[] = {{DType::float32, 4}, {DType::int8, 1},  {DType::int16, 2},
                                                 {DType::int32, 4},   {DType::int64, 8}, {DType::uint8, 1},
                                                 {DType::boolean, 1}};
  for (const auto& [dtype, size] : sizes) CHECK(Tensor{.dtype = dtype, .shape = {2, 3}}.bytes() == 6 * size);
}

TEST_CASE("a constant's values come back as they were set") {
  Tensor tensor{.dtype = DType::int32, .shape = {3}};
  CHECK_FALSE(tensor.is_constant());
  set_values<std::int32_t>(tensor, std::vector<std::int32_t>{1, -2, INT32_MAX});
  CHECK(tensor.is_constant());
  CHECK(tensor.data.size() == 12);
  CHECK(values<std::int32_t>(tensor)[1] == -2);
  CHECK(tensor.data[0] == 1);  // little-endian
}

TEST_CASE("an attribute that is absent has the value that the caller says") {
  const Node node{.attributes = {{"stride_h", std::int64_t{2}}, {"beta", 0.5}}};
  CHECK(node.integer("stride_h", 7) == 2);
  CHECK(node.integer("stride_w", 7) == 7);
  CHECK(node.real("beta") == 0.5);
  CHECK(node.real("gamma") == 0);
}

TEST_CASE("an input that is left out, or said to be -1, is not there") {
  const Model model;
  CHECK(model.has_input({.inputs = {0}}, 0));
  CHECK_FALSE(model.has_input({.inputs = {0}}, 1));
  CHECK_FALSE(model.has_input({.inputs = {0, -1}}, 1));
}

TEST_CASE("messages name file, node, operator and output") {
  Model model{.source = "dragon.tflite"};
  model.tensors = {{.name = "in"}, {.name = "conv1/Relu"}};
  model.nodes = {{.op = "conv_2d", .index = 0, .inputs = {0}, .outputs = {1}}};
  CHECK(describe(model, model.nodes[0]) == "dragon.tflite, node 0 (conv_2d, conv1/Relu)");
  CHECK(describe(model, {.op = "conv_2d", .index = 3}) == "dragon.tflite, node 3 (conv_2d, )");
}

TEST_CASE("what a model knows of its purpose survives in its metadata, whatever the labels") {
  Model model;
  set_info(model, {.labels = {"dragon", "Drache \"\xc3\xa4\"", "a\\b", ""},
                   .features = ImageFeatureSettings{.height = 24, .width = 32, .channels = 3, .background = 200},
                   .data_hash = "ab",
                   .model_hash = "cd"});
  const ModelInfo info = info_of(model);
  CHECK(info.labels == std::vector<std::string>{"dragon", "Drache \"\xc3\xa4\"", "a\\b", ""});
  const auto& image = std::get<ImageFeatureSettings>(info.features);
  CHECK(shape_of(image) == FeatureShape{24, 32, 3});
  CHECK(image.background == 200);
  CHECK(info.data_hash == "ab");
  CHECK(info.model_hash == "cd");
}

TEST_CASE("a label that is not UTF-8, as a folder's name may be, is written with a replacement character") {
  Model model;
  set_info(model, {.labels = {"dr\xe4gon"}});  // Latin-1
  CHECK(info_of(model).labels == std::vector<std::string>{"dr\xef\xbf\xbdgon"});
}

TEST_CASE("metadata that are not ours, or damaged, say nothing") {
  for (const char* text : {"", "{", "[1, 2]", "7", R"({"labels": 3})", R"({"labels": [1]})", R"({"image": "large"})",
                           R"({"image": {"height": "tall"}})", "\xff\xfe"}) {
    Model model;
    model.metadata["dragonet.json"] = text;
    INFO(text);
    CHECK(info_of(model).labels.empty());
    CHECK(shape_of(info_of(model).features).height == 0);
  }
  Model model;
  model.metadata["dragonet.json"] = R"({"labels": ["a"], "image": [1]})";
  CHECK(shape_of(info_of(model).features).height == 0);
  CHECK(info_of({}).labels.empty());
}

TEST_CASE("picture settings that no int holds, or no picture has, are none") {
  const auto height_of = [](const std::string& image) {
    Model model;
    model.metadata["dragonet.json"] = R"({"image": )" + image + "}";
    return shape_of(info_of(model).features).height;
  };
  CHECK(height_of(R"({"height": 4, "width": 5, "channels": 3})") == 4);
  CHECK(height_of(R"({"height": 4, "width": 5, "channels": 2})") == 0);
  for (const char* height : {"1e300", "-1e300", "4294967300", "4.5", "-4", "0"})
    CHECK(height_of(R"({"width": 5, "channels": 3, "height": )" + std::string(height) + "}") == 0);
}

TEST_CASE("metadata that name other pictures than the input takes are refused") {
  Model model{.source = "m.tflite"};
  model.inputs = {0};
  model.tensors = {{.name = "in", .shape = {1, 4, 5, 3}}};
  CHECK_NOTHROW(check_features(model));
  set_info(model, {.features = ImageFeatureSettings{.height = 4, .width = 5, .channels = 3}});
  CHECK_NOTHROW(check_features(model));
  set_info(model, {.features = ImageFeatureSettings{.height = 5, .width = 4, .channels = 3}});
  CHECK_THROWS_WITH(check_features(model),
                    Catch::Contains("m.tflite, metadata dragonet.json: says that features are 1x5x4x3, and the input "
                                    "is 1x4x5x3; train or convert it again"));
}

TEST_CASE("an identifier has only letters, digits and _, and is nothing that C++ or its headers use") {
  CHECK(identifier_of("dragon") == "dragon");
  CHECK(identifier_of("my model-3") == "my_model_3");
  CHECK(identifier_of("Dr\xc3\xa4gon") == "Dr__gon");
  CHECK(identifier_of("3d") == "model_3d");
  CHECK(identifier_of("") == "model_");
  CHECK(identifier_of("int") == "model_int");
  CHECK(identifier_of("strlen") == "model_strlen");
  CHECK(identifier_of("abs") == "model_abs");
  CHECK(identifier_of("EOF") == "model_EOF");
  CHECK(identifier_of("KWS") == "KWS");
  CHECK(identifier_of("div_t") == "model_div");
  for (const char* text : {"class", "9", "", "_", "a b", "time"})
    CHECK(identifier_of(identifier_of(text)) == identifier_of(text));
}
