#include <catch2/catch.hpp>

#include "model/anomaly_threshold.h"
#include "model/network.h"

using namespace dragonet;

TEST_CASE("a model keeps its task and its threshold in its metadata") {
  Model model;
  CHECK(info_of(model).task == Task::classification);
  CHECK(anomaly_threshold(model) == 0);
  set_info(model, {.labels = {"hz"}, .task = Task::regression});
  set_anomaly_threshold(model, 0.0123);
  CHECK(info_of(model).task == Task::regression);
  CHECK(info_of(model).labels == std::vector<std::string>{"hz"});
  CHECK(anomaly_threshold(model) == 0.0123);
}

TEST_CASE("the default network of numbers ends with a Dense of as many units, of anomalies with the input's size") {
  const Network numbers = default_network("motion", 50, 1, 4, 3, Task::regression);
  CHECK(numbers.task == Task::regression);
  CHECK(expanded(numbers).layers.back().type == "Dense");
  CHECK(!answer_problem(numbers, 3));
  const Network anomaly = default_network("sound", 49, 40, 1, 2, Task::anomaly);
  CHECK(output_shapes(anomaly).back() == Shape{1960});
  CHECK(!answer_problem(anomaly, 2));
}
