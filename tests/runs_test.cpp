// `dragonet runs` as a user sees it: trainings that ended well, were killed, failed; folders and database tampered
// with.
#include <catch2/catch.hpp>
#include <regex>

#include "child.h"
#include "small_project.h"

using namespace dragonet;
using namespace dragonet::testing;
using nlohmann::json;

static bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_CASE("runs lists trainings with what differs, compares them, and follows folders and a damaged database") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 24, 2);
  CHECK(says(dragonet_in(project, "runs").output, "`dragonet train` makes one"));
  const json first = json_of(project, "train");
  replace_setting(project, "width = 32", "width = 24");
  json_of(project, "train");
  const json compiled = json_of(project, "compile");

  const json listed = json_of(project, "runs");
  REQUIRE(listed["runs"].size() == 2);
  const json one = listed["runs"][0], two = listed["runs"][1];
  CHECK(one["state"] == "finished");
  CHECK(one["epochs"] == first["epochs"]);
  CHECK(one["int8"]["accuracy"] == first["int8"]["accuracy"]);
  CHECK(one["float"]["balanced_accuracy"] == first["float"]["balanced_accuracy"]);
  CHECK(one["ram"]["total"].is_null());
  CHECK(two["ram"]["total"] == compiled["ram"]["total"]);
  CHECK(two["flash"]["total"] == compiled["flash"]["total"]);
  CHECK(one["data_hash"] == two["data_hash"]);
  CHECK(one["model_hash"] != two["model_hash"]);
  CHECK(listed["differ"] == json{{"features.width", {{"1", "32"}, {"2", "24"}}}});

  const std::string compared = dragonet_in(project, "runs 2 1").output;
  CHECK(says(compared, "run 2 "));
  CHECK(std::regex_search(compared, std::regex("\nfeatures.width +24 +32\n")));
  CHECK_FALSE(says(compared, "train.epochs"));
  const ProcessResult none = dragonet_in(project, "runs 1 7");
  CHECK(none.status == 2);
  CHECK(says(none.output, "run 7: there is none of this number; `dragonet runs` lists them"));

  write_file(project / "runs/runs.sqlite", "this is no database, however long it is");
  const ProcessResult mended = dragonet_in(project, "runs --json");
  CHECK(mended.status == 0);
  CHECK(says(mended.output, "runs.sqlite: is damaged: file is not a database; its rows are made anew"));
  CHECK(json_of(project, "runs") == listed);

  fs::remove_all(project / "runs/1");
  CHECK(says(dragonet_in(project, "runs").output, "runs/1 is gone: it is listed no more"));
  CHECK(json_of(project, "runs")["runs"].size() == 1);
}

TEST_CASE("a training that was killed is interrupted, and goes on; one that fails says why") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 24, 2);
  replace_setting(project, "epochs = 2", "epochs = 5000");
  replace_setting(project, "patience = 30", "patience = 5000");
  Child training(project, {"train"});
  wait_until(training, [&] { return fs::exists(project / "runs/1/checkpoint"); });
  CHECK(json_of(project, "runs")["runs"][0]["state"] == "running");
  training.signal(SIGKILL);
  training.wait();
  json listed = json_of(project, "runs");
  CHECK(listed["runs"][0]["state"] == "interrupted");
  CHECK(listed["runs"][0]["resumable"] == true);
  CHECK(says(dragonet_in(project, "runs").output, "run 1 was interrupted: `dragonet train --resume` goes on with it"));

  // A second training that fails at once takes nothing from the first.
  replace_setting(project, "units = 2", "units = 7");
  CHECK(dragonet_in(project, "train").status == 2);
  listed = json_of(project, "runs");
  CHECK(listed["runs"][0]["resumable"] == true);
  REQUIRE(listed["runs"].size() == 2);
  CHECK(listed["runs"][1]["state"] == "failed");
  CHECK(says(dragonet_in(project, "runs").output, "run 2 failed: " + listed["runs"][1]["problem"].get<std::string>()));
}

TEST_CASE("show tells the network before anything is trained, then the latest run, and says which of the two") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 24, 2);
  CHECK(says(dragonet_in(project, "show 2>&1 >/dev/null").output, "dragonet.toml: its network"));
  const json network = json_of(project, "show");
  CHECK_FALSE(network["layers"][0].contains("scale"));
  json_of(project, "train");
  CHECK(says(dragonet_in(project, "show 2>&1 >/dev/null").output, "runs/1/model.tflite: of the latest run"));
  const json run = json_of(project, "show");
  CHECK(run["layers"][0].contains("scale"));
  CHECK(run["model"] == (project / "runs/1/model.tflite").string());
  CHECK(json_of(project, "show --network") == network);
}

TEST_CASE("two trainings at once take different numbers or say so; no run is lost") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 24, 2);
  const ProcessResult both = run_process(
      {"sh", "-c", "cd '" + project.string() + "' && { '" + program + "' train & '" + program + "' train; wait; }"});
  INFO(both.output);
  const json listed = json_of(project, "runs");
  for (const json& run : listed["runs"]) CHECK(run["state"] == "finished");
  CHECK((listed["runs"].size() == 2 || says(both.output, "another process is training it")));
}
