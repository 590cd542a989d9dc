// What is no label, from made recordings to the virtual board: the program itself.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "small_project.h"

using namespace dragonet;
using nlohmann::json;
using testing::json_of;
using testing::replace_setting;

namespace {

/// A second at 50 Hz of a shake along x or a turn about z.
std::string moved(bool shakes, double hz, std::mt19937& random) {
  std::normal_distribution<double> normal;
  const double phase = 3 * normal(random);
  std::string text = "t_ms,ax,ay,az,gz\n";
  for (int i = 0; i < 50; ++i) {
    const double swing = std::sin(2 * std::numbers::pi * hz * i / 50 + phase);
    text +=
        fmt::format("{},{:.3f},{:.3f},{:.3f},{:.1f}\n", 20 * i, (shakes ? 1.5 * swing : 0) + 0.05 * normal(random),
                    0.05 * normal(random), 1 + 0.05 * normal(random), (shakes ? 0 : 120 * swing) + 5 * normal(random));
  }
  return text;
}

/// Shakes of 1 to 6 Hz, with a list of how fast they are.
void make_shakes(const fs::path& folder, int count) {
  std::mt19937 random(8);
  std::string list = "file,hz\n";
  for (int i = 0; i < count; ++i) {
    const double hz = std::uniform_real_distribution<double>(1, 6)(random);
    write_file(folder / "shakes" / fmt::format("{}.csv", i), moved(true, hz, random));
    list += fmt::format("shakes/{}.csv,{:.3f}\n", i, hz);
  }
  write_file(folder / "labels.csv", list);
}

/// What is normal, and something else.
void make_normals(const fs::path& folder, int normals, int anomalies) {
  std::mt19937 random(9);
  for (int i = 0; i < normals; ++i) write_file(folder / "normal" / fmt::format("{}.csv", i), moved(true, 3, random));
  for (int i = 0; i < anomalies; ++i) write_file(folder / "turns" / fmt::format("{}.csv", i), moved(false, 3, random));
}

/// An autoencoder of 50 readings of four axes, so narrow that it hardly gives back more than the mean.
constexpr const char* narrow_autoencoder = R"(
[[model.layers]]
type = "Flatten"

[[model.layers]]
type = "Dense"
units = 1

[[model.layers]]
type = "Dense"
units = 200
)";

}  // namespace

TEST_CASE("a regression goes from recordings and a list of numbers to a board that answers the same") {
  const TemporaryFolder home;
  make_shakes(home.path() / "movements", 80);
  json_of(home.path(), "new speeds --kind motion --task regression --samples movements");
  const fs::path project = home.path() / "speeds";
  CHECK(read_text(project / "dragonet.toml").find("task = 'regression'") != std::string::npos);
  replace_setting(project, "epochs = 60", "epochs = 80");
  const json trained = json_of(project, "train");
  CHECK(trained["int8"]["mae"]["value"] < 0.6);

  const json tested = json_of(project, "test --board mkrzero");
  CHECK(tested["samples"] == 16);
  CHECK(tested["baseline"]["mae"]["value"] > 2 * tested["int8"]["mae"]["value"].get<double>());
  CHECK(tested["board"]["equal"] == true);
  CHECK(tested["board"]["mae"] == tested["int8"]["mae"]);
  for (const char* arithmetic : {"float", "int8"}) {
    const json& score = tested[arithmetic];
    CHECK(score["mae"]["low"] <= score["mae"]["value"]);
    CHECK(score["mae"]["value"] <= score["mae"]["high"]);
    CHECK(score["rmse"]["value"] >= score["mae"]["value"]);
    CHECK(score["r2"]["value"] > 0.7);
  }
  CHECK(testing::dragonet_in(project, "test").output.find("hz: mean absolute error") != std::string::npos);
  CHECK(fs::file_size(project / "runs/1/report.html") > 1000);

  const json heard = json_of(project, "run --samples samples/shakes/0.csv --board mkrzero")["heard"][0];
  REQUIRE(heard["answers"].size() > 0);
  const double hz =
      std::stod(read_text(project / "samples/labels.csv").substr(std::string("file,hz\nshakes/0.csv,").size()));
  CHECK(heard["answers"][0]["numbers"][0].get<double>() == Approx(hz).margin(1));
  CHECK(testing::dragonet_in(project, "data").output.find("hz") != std::string::npos);

  replace_setting(project, "task = 'regression'", "task = 'classification'");
  write_file(project / "samples" / "other" / "0.csv", read_text(project / "samples/shakes/0.csv"));
  const json refused = json_of(project, "test", 2);
  CHECK(refused["error"]["problems"][0]["what"] == "its task is regression, and the project's is now classification");
}

TEST_CASE("pictures in folders named after numbers train a regression; a list that changed is named when it goes on") {
  const TemporaryFolder home;
  testing::draw_samples(home.path() / "pictures", 8);
  fs::rename(home.path() / "pictures/disc", home.path() / "pictures/20");
  fs::rename(home.path() / "pictures/square", home.path() / "pictures/25.5");
  json_of(home.path(), "new warmth --kind image --task regression --samples pictures");
  const fs::path project = home.path() / "warmth";
  replace_setting(project, "epochs = 80", "epochs = 4");
  json_of(project, "train");
  const json tested = json_of(project, "test");
  CHECK(tested["int8"]["mae"]["value"] < 10);
  const json answers = json_of(project, "run --board mkrzero --samples samples/20")["answers"];
  CHECK(answers[0]["numbers"].size() == 1);
  CHECK(json_of(project, "test --random-split", 2)["error"]["problems"][0]["where"] == "--random-split");
}

TEST_CASE("an anomaly's model learns shakes alone, finds turns, and the board gives back the same bytes") {
  const TemporaryFolder home;
  make_normals(home.path() / "movements", 150, 12);
  json_of(home.path(), "new odd --kind motion --task anomaly --samples movements");
  const fs::path project = home.path() / "odd";
  CHECK(json_of(project, "train")["threshold_advice"].is_null());  // of 120 scores
  const json tested = json_of(project, "test --board mkrzero");
  CHECK(tested["samples"] == 30 + 12);  // a fifth of what is normal, and all anomalies
  CHECK(tested["board"]["equal"] == true);
  CHECK(tested["board"]["auc"] == tested["int8"]["auc"]);
  CHECK(tested["int8"]["threshold"] > 0);
  CHECK(tested["int8"]["auc"]["value"] > 0.9);
  CHECK(tested["int8"]["recall"]["value"] > 0.8);
  CHECK(tested["int8"]["false_alarms"]["value"] < 0.3);
  CHECK(testing::dragonet_in(project, "test").output.find("normal taken for anomalies") != std::string::npos);

  // The chip itself says which is which, and draws the line where the score is above the threshold.
  int anomalies = 0, answers = 0;
  for (const char* folder : {"normal", "turns"}) {
    const json ran = json_of(project, std::string("run --board mkrzero --samples samples/") + folder);
    CHECK(ran["threshold"] == tested["int8"]["threshold"]);
    for (const json& heard : ran["heard"])
      for (const json& answer : heard["answers"]) {
        CHECK(answer["anomaly"] == (answer["score"] > ran["threshold"]));
        anomalies += answer["anomaly"] == (std::string(folder) == "turns"), ++answers;
      }
  }
  CHECK(anomalies > 0.8 * answers);
}

static json record_of_run(const fs::path& project, int run) {
  return json::parse(read_text(project / "runs" / std::to_string(run) / "run.json"));
}

TEST_CASE(
    "an autoencoder of one's own gives back its input, and where the default tells anomalies better, it is said") {
  const TemporaryFolder home;
  make_normals(home.path() / "movements", 60, 12);
  json_of(home.path(), "new narrow --kind motion --task anomaly --samples movements");
  const fs::path project = home.path() / "narrow";
  CHECK(json_of(project, "train")["simpler"].is_null());
  const json by_default = json_of(project, "test");
  write_file(project / "dragonet.toml", read_text(project / "dragonet.toml") + narrow_autoencoder);
  replace_setting(project, "epochs = 60", "epochs = 2");
  const json trained = json_of(project, "train");
  CHECK(record_of_run(project, 2)["split"]["validation"].size() == 12);  // an autoencoder has epochs to choose from
  CHECK(trained["epochs"] == 2);
  CHECK(trained["simpler"].get<std::string>().find("take [[model.layers]] out") != std::string::npos);
  const json tested = json_of(project, "test --board mkrzero");
  CHECK(tested["board"]["equal"] == true);
  CHECK(tested["simpler"] == trained["simpler"]);
  CHECK(tested["int8"]["auc"]["value"] <= by_default["int8"]["auc"]["value"]);
  // The chip sums the differences of its input and its output, as the host does.
  const json ran = json_of(project, "run --board mkrzero --samples samples/turns");
  for (const json& heard : ran["heard"])
    for (const json& answer : heard["answers"]) CHECK(answer["anomaly"] == (answer["score"] > ran["threshold"]));
}

TEST_CASE("what is fitted learns of all samples but the test's, and each scores for the threshold unlearnt") {
  const TemporaryFolder home;
  make_normals(home.path() / "movements", 10, 2);
  json_of(home.path(), "new few --kind motion --task anomaly --samples movements");
  const fs::path project = home.path() / "few";
  const json trained = json_of(project, "train");
  const std::string advice = trained["threshold_advice"];
  CHECK(advice.find("that 1 % of what is normal") != std::string::npos);
  CHECK(advice.find("cannot be verified with the scores of 8 normal samples: 99 would be needed") != std::string::npos);

  const json record = record_of_run(project, 1);
  CHECK(record["split"]["train"].size() == 8);
  CHECK(record["split"]["validation"].empty());
  CHECK(record["split"]["test"].size() == 2 + 2);
  CHECK(record["held_out_parts"] == 8);
  const json& epoch = record["history"][0];
  CHECK(epoch["validation_loss"] > epoch["train_loss"]);  // what a model learnt is nearer to it
  CHECK(trained["int8"]["threshold"] > epoch["validation_loss"]);

  const ProcessResult again = testing::dragonet_in(project, "train");
  CHECK(again.output.find("fitted to 8 samples") != std::string::npos);
  CHECK(again.output.find(advice) != std::string::npos);
  CHECK(read_bytes(project / "runs/2/model.tflite") == read_bytes(project / "runs/1/model.tflite"));
  CHECK(json_of(project, "test")["int8"]["threshold"] == trained["int8"]["threshold"]);
}

TEST_CASE("the share of what is normal that the threshold leaves is a setting, and folds are in multiples of theirs") {
  const TemporaryFolder home;
  make_normals(home.path() / "movements", 24, 3);
  json_of(home.path(), "new usual_share --kind motion --task anomaly --samples movements");
  const fs::path project = home.path() / "usual_share";
  json_of(project, "train");
  const double usual = json_of(project, "test")["int8"]["threshold"];
  replace_setting(project, "quantile = 0.99", "quantile = 0.5");
  json_of(project, "train");
  CHECK(json_of(project, "test")["int8"]["threshold"] < usual);
  const json folds = json_of(project, "test --folds 3");
  CHECK(folds["int8"]["threshold"] == 1);
  CHECK(folds["folds"].size() == 3);
  CHECK(folds["int8"]["normals"] == 24);
  CHECK(folds["int8"]["anomalies"] == 9);  // in every fold all of them
  replace_setting(project, "quantile = 0.5", "quantile = 2");
  CHECK(json_of(project, "test", 2)["error"]["problems"][0]["what"] == "anomaly.quantile is 2, not 0.5 to 1");
}

TEST_CASE("without anomalies only false alarms are told, and files in the folder itself are normal") {
  const TemporaryFolder home;
  make_normals(home.path() / "movements", 20, 0);
  json_of(home.path(), "new calm --kind motion --task anomaly --samples movements/normal");
  const fs::path project = home.path() / "calm";
  json_of(project, "train");
  const json score = json_of(project, "test")["int8"];
  CHECK(score["normals"] == 4);
  CHECK(score["auc"].is_null());
  CHECK(score["recall"].is_null());
  CHECK(score["false_alarms"]["high"] > 0.3);
}
