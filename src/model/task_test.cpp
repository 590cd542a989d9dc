#include <catch2/catch.hpp>
#include <cmath>
#include <tuple>

#include "model/anomaly_distance.h"
#include "model/model_info.h"
#include "model/network.h"

using namespace dragonet;

TEST_CASE("a model keeps its task and its threshold in its metadata") {
  Model model;
  CHECK(info_of(model).task == Task(Classification{}));
  CHECK(anomaly_threshold(model) == 0);
  set_info(model, {.labels = {"hz"}, .task = Regression{}});
  set_anomaly_threshold(model, 0.0123);
  CHECK(info_of(model).task == Task(Regression{}));
  CHECK(info_of(model).labels == std::vector<std::string>{"hz"});
  CHECK(anomaly_threshold(model) == 0.0123);
}

static Tensor int8_tensor(Shape shape, float scale, int zero_point) {
  return {.name = "t", .dtype = DType::int8, .shape = std::move(shape), .quantization = {{scale}, {zero_point}, 0}};
}

TEST_CASE("an int8 model's score is summed as the chip does, and equals the mean squared difference of the reals") {
  Model model{.tensors = {int8_tensor({1, 4}, 1 / 128.f, 0), int8_tensor({1, 4}, 1 / 100.f, 3)}};
  model.inputs = {0}, model.outputs = {1};
  const std::vector<std::int8_t> given{0, 127, -128, 5}, back{3, 90, -128, 100};
  double squares = 0;
  for (int i = 0; i < 4; ++i) squares += std::pow(given[i] / 128.0 - (back[i] - 3) / 100.0, 2) / 4;
  CHECK(anomaly_score(model, read_centres(model), given, back) == Approx(squares).epsilon(0.002));

  set_anomaly_threshold(model,
                        anomaly_score(model, read_centres(model), given, back));  // what is just as odd is not above it
  const GivenBackRules rules = given_back_rules(model);
  CHECK(squared_differences(rules, given.data(), back.data(), 4) == rules.threshold);
}

TEST_CASE("a score is the mean squared distance from the nearest centre, in reals as on the chip") {
  Model model{.tensors = {int8_tensor({1, 9}, 1, 0), int8_tensor({1, 3}, 1 / 8.f, -2)}};
  model.inputs = {0}, model.outputs = {1};
  set_anomaly_centres(model, {{0, 0, 0}, {2.5, -1.25, 4}});
  const std::vector<std::int8_t> output{20, -10, 25};  // 2.75, -1, 3.375
  const std::vector<float> reals{2.75, -1, 3.375};
  const double nearest = (0.25 * 0.25 + 0.25 * 0.25 + 0.625 * 0.625) / 3;
  CHECK(anomaly_score(read_centres(model), {}, reals) == Approx(nearest));
  CHECK(anomaly_score(model, read_centres(model), {}, output) == Approx(nearest).epsilon(1e-6));

  const ReadCentres read = read_centres(model);
  set_anomaly_centres(model, {});  // what was read once is not read again
  CHECK(anomaly_score(read, {}, reals) == Approx(nearest));
  CHECK(anomaly_score(model, read, {}, output) == Approx(nearest).epsilon(1e-6));
  set_anomaly_centres(model, read.reals);

  set_anomaly_threshold(model, nearest);  // what is just as odd is not above it
  const std::vector<std::int16_t> centres = centres_on_chip(model);
  CHECK(squared_distance(centre_rules(model, centres), output.data()) == centre_rules(model, centres).threshold);
}

TEST_CASE("centres in metadata that do not fit the model are refused, and what is no list of them is none") {
  Model model{.source = "odd.tflite", .tensors = {int8_tensor({1, 4}, 1, 0), int8_tensor({1, 3}, 1, 0)}};
  model.inputs = {0}, model.outputs = {1};
  set_info(model, {.labels = {"normal", "anomaly"}, .task = Anomaly{}});
  set_anomaly_centres(model, {{1, 2, 3}});
  CHECK_NOTHROW(check_features(model));
  set_anomaly_centres(model, {{1, 2, 3}, {1, 2}});
  CHECK_THROWS_WITH(check_features(model), Catch::Contains("a centre of 2 values, and the model gives 3"));
  set_anomaly_centres(model, Centres(9, {1, 2, 3}));
  CHECK_THROWS_WITH(check_features(model), Catch::Contains("has 9 centres, and 8 are the most"));
  for (const char* text : {"[[1, 2, \"x\"]]", "{}", "[", "[[1e999, 0, 0]]"}) {
    model.metadata["dragonet.anomaly_centres"] = text;
    CHECK_THROWS_WITH(check_features(model), Catch::Contains("odd.tflite, metadata dragonet.json"));
  }
}

TEST_CASE("metadata whose task does not fit the model's output are refused") {
  Model model{.source = "odd.tflite", .tensors = {int8_tensor({1, 4}, 1, 0), int8_tensor({1, 3}, 1, 0)}};
  model.inputs = {0}, model.outputs = {1};
  set_info(model, {.labels = {"normal", "anomaly"}, .task = Anomaly{}});
  CHECK_THROWS_WITH(check_features(model), Catch::Contains("gives back its input, of 4 values, and it gives 3"));
  set_info(model, {.labels = {"hz"}, .task = Regression{}});
  CHECK_THROWS_WITH(check_features(model), Catch::Contains("names 1 numbers, and the model gives 3"));
}

TEST_CASE("the default network of numbers ends with a Dense of as many units, of anomalies with a Whitening") {
  const Network numbers =
      default_network({default_motion_network, default_sequence_statistics}, 50, 1, 4, 3, Regression{});
  CHECK(numbers.task == Task(Regression{}));
  CHECK(expanded(numbers).layers.back().type == "Dense");
  CHECK(!answer_problem(numbers, 3));
  const Network anomaly =
      default_network({default_sound_network, default_sequence_statistics}, 49, 40, 1, 2, Anomaly{});
  CHECK(is_fitted(anomaly));
  CHECK(is_fitted(expanded(anomaly)));
  CHECK(output_shapes(anomaly).back() == Shape{3 * 40});
  CHECK(!answer_problem(anomaly, 2));
}

TEST_CASE("statistics of any size are measured, and their Whitening has less than 100 KB of weights") {
  for (const auto& [height, width, channels] :
       {std::tuple(1, 1, 1), {49, 40, 1}, {30, 129, 6}, {400, 1, 9}, {5, 1, 500}})
    for (const StatisticsMaker make :
         {default_image_statistics, default_sequence_statistics, default_value_statistics}) {
      Network network = make(height, width, channels);
      network.task = Anomaly{};
      const std::vector<Shape> shapes = output_shapes(network);
      CHECK(shapes.back()[0] >= 1);
      CHECK(shapes.back()[0] * shapes[shapes.size() - 2][0] <= 100'000);
      CHECK(!answer_problem(network, 2));
    }
}

TEST_CASE("what cannot be fitted is refused with the reason") {
  const auto refusal = [](std::vector<Layer> layers, const Task& task = Anomaly{}) {
    try {
      output_shapes({8, 8, 1, std::move(layers), task});
    } catch (const Error& error) {
      return error.problems[0].what;
    }
    return std::string("none");
  };
  const Layer flatten{.type = "Flatten"}, whitening{.type = "Whitening"};
  CHECK(refusal({flatten, whitening}) == "none");
  CHECK(refusal({flatten, whitening}, Classification{}).find("so it is the last layer") != std::string::npos);
  CHECK(refusal({flatten, whitening, {.type = "Dense", .filters = 64}}).find("so it is the last layer") !=
        std::string::npos);
  CHECK(refusal({{.type = "Deviations"}, flatten, {.type = "Dense", .filters = 64}}).find("nothing fits it") !=
        std::string::npos);
  CHECK(refusal({{.type = "Conv2D", .filters = 2, .kernel = 3}, flatten, whitening}).find("nothing trains it") !=
        std::string::npos);
  CHECK(refusal({flatten, {.type = "Whitening", .filters = 65}}) == "its units is 65");
  CHECK(refusal({whitening}).find("and a map of") != std::string::npos);
}
