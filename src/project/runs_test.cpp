#include "project/runs.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.h"

using namespace dragonet;

TEST_CASE("a run is read back whose last epochs had no number for a loss, and a damaged one is named") {
  const TemporaryFolder folder;
  const Run run{.number = 1, .folder = folder.path()};
  const std::string record = R"({"seed": 7, "data_hash": "d", "model_hash": "m",
    "split": {"train": ["a/1.png"], "validation": [], "test": []},
    "history": [{"epoch": 1, "train_loss": 0.5, "train_accuracy": 1, "validation_loss": null,
                 "validation_accuracy": 0.5, "best": false}]})";
  write_file(folder.path() / "run.json", record);
  const RunRecord read = read_record(run);
  CHECK(std::isnan(read.history.at(0).validation_loss));
  CHECK(read.history[0].train_loss == 0.5);
  CHECK(read.train == std::vector<std::string>{"a/1.png"});

  write_file(folder.path() / "run.json", record.substr(0, 60));
  CHECK_THROWS_WITH(read_record(run), Catch::Contains("run.json: cannot be understood"));
}

TEST_CASE("epochs that do not count up from 1 are no history") {
  const TemporaryFolder folder;
  const Run run{.number = 1, .folder = folder.path()};
  write_file(folder.path() / "run.json", R"({"seed": 7, "data_hash": "d", "model_hash": "m",
    "split": {"train": [], "validation": [], "test": []},
    "history": [{"epoch": 2147483647, "train_loss": 1, "train_accuracy": 1, "validation_loss": 1,
                 "validation_accuracy": 1, "best": true}]})");
  CHECK_THROWS_WITH(read_record(run), Catch::Contains("run.json: epoch 2147483647 follows epoch 0; put it back"));
}
