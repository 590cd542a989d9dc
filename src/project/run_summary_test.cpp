#include "project/run_summary.h"

#include <catch2/catch.hpp>

using namespace dragonet;
using Settings = std::map<std::string, std::string>;

TEST_CASE("settings have their full names, reals the digits that were written, layers a line each") {
  CHECK(settings_in(R"(
name = "a"
[train]
learning_rate = 0.1
class_weights = true
[[model.layers]]
type = "Conv2D"
kernel_size = [1, 3]
filters = 8
[[model.layers]]
type = "Softmax"
)") == Settings{{"name", "a"},
                {"train.learning_rate", "0.1"},
                {"train.class_weights", "true"},
                {"model.layers.01", "Conv2D, filters = 8, kernel_size = [ 1, 3 ]"},
                {"model.layers.02", "Softmax"}});
  CHECK(settings_in("name = ").empty());
}

TEST_CASE("a setting differs where one run has another value, or none") {
  RunSummary a, b, c;
  a.settings = {{"x", "1"}, {"y", "2"}, {"z", "3"}};
  b.settings = {{"x", "1"}, {"y", "9"}, {"z", "3"}};
  c.settings = {{"x", "1"}, {"y", "2"}};
  CHECK(differing_settings({a, b}) == std::vector<std::string>{"y"});
  CHECK(differing_settings({a, b, c}) == std::vector<std::string>{"y", "z"});
  CHECK(differing_settings({a}).empty());
}

TEST_CASE("a summary's JSON has the names of the other commands' fields, and null for what is not known") {
  RunSummary run{.number = 3};
  run.int8 = run_measures(Score{.balanced_accuracy = {0.7, 0.6, 0.8}});
  run.flash_bytes = 39'056;
  const Json json = summary_json(run);
  CHECK(json["run"] == 3);
  CHECK(json["int8"]["balanced_accuracy"]["value"] == 0.7);
  CHECK(json["int8"]["balanced_accuracy"]["high"] == 0.8);
  CHECK_FALSE(json["int8"]["balanced_accuracy"].contains("unknown"));
  Score of_two{.groups = 2, .balanced_accuracy = {1, 0, 1, "only 2 groups"}};
  run.int8 = run_measures(of_two);
  const Json unknown = summary_json(run)["int8"];
  CHECK(unknown["balanced_accuracy"]["low"].is_null());
  CHECK(unknown["balanced_accuracy"]["unknown"] == "too few groups");
  CHECK(unknown["groups"] == 2);
  CHECK(json["int8"]["mae"]["value"].is_null());
  CHECK(json["float"]["accuracy"].is_null());
  CHECK(json["flash"]["total"] == 39'056);
}
