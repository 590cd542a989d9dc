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
  for (const char* bound : {"value", "low", "high"})
    CHECK(one["float"]["balanced_accuracy"][bound] == first["float"]["balanced_accuracy"][bound]);
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

TEST_CASE("other samples have a report of their own, the run's stays, and runs lists both") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 24, 2);
  json_of(project, "train");
  json_of(project, "test");
  const Bytes own = read_bytes(project / "runs/1/report.html");
  fs::copy(project / "samples", home.path() / "others", fs::copy_options::recursive);
  fs::create_directory(home.path() / "deep");
  fs::copy(project / "samples", home.path() / "deep/others", fs::copy_options::recursive);
  const json tested = json_of(project, "test --samples ../others");
  CHECK(tested["samples"] == 48);
  CHECK(tested["tested_on"] == (home.path() / "others").string());
  CHECK(tested["report"] == (project / "runs/1/tests/others/report.html").string());
  CHECK(says(read_text(project / "runs/1/tests/others/report.html"),
             "all 48 samples of " + (home.path() / "others").string()));
  CHECK(read_bytes(project / "runs/1/report.html") == own);

  json_of(project, "test --samples ../others");  // again: in its place
  json_of(project, "test --samples ../deep/others");
  CHECK(fs::exists(project / "runs/1/tests/others-2/report.html"));
  const json tests = json_of(project, "runs")["runs"][0]["tests"];
  REQUIRE(tests.size() == 2);
  CHECK(tests[0]["samples"] == (home.path() / "others").string());
  CHECK(tests[0]["scores"]["int8"] == tested["int8"]);
  CHECK(says(dragonet_in(project, "runs").output, "run 1 on " + (home.path() / "deep/others").string()));
}

TEST_CASE("of many samples some run on the virtual board, and the rest as the same code here; or all there") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 24, 2);
  json_of(project, "train");
  const json some = json_of(project, "test --samples samples --board mkrzero");
  CHECK(some["board"]["on_board"] == 40);
  CHECK(some["board"]["equal"] == true);
  CHECK(some["board"]["confusion"] == some["int8"]["confusion"]);
  const json all = json_of(project, "test --samples samples --board mkrzero --all-on-board");
  CHECK(all["board"]["on_board"] == 48);
  CHECK(all["board"]["confusion"] == some["board"]["confusion"]);
  CHECK(says(dragonet_in(project, "test --samples samples --board mkrzero").output,
             "all 48 outputs of the emitted code equal the int8 reference, byte for byte; 40 of them ran on the"));
}

TEST_CASE("show says how long an inference takes, as run measures it") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 24, 2);
  const double before = json_of(project, "show")["ms"];  // of the network that nobody has trained
  json_of(project, "train");
  const json shown = json_of(project, "show"), ran = json_of(project, "run");
  CHECK(shown["ms"].get<double>() == Approx(ran["ms"].get<double>()).epsilon(0.02));
  CHECK(before == Approx(ran["ms"].get<double>()).epsilon(0.2));
  CHECK(says(dragonet_in(project, "show").output, "one inference: "));
}

TEST_CASE("train --from another number of labels says that the last layer begins anew") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 24, 2);
  json_of(project, "train");
  fs::copy(project / "samples/disc", project / "samples/ring", fs::copy_options::recursive);
  for (const auto& entry : fs::directory_iterator(project / "samples/ring"))  // other pictures
    write_file(entry.path(), read_bytes(project / "samples/square" / entry.path().filename()));
  replace_setting(project, "positive = 'disc'", "positive = ''");
  replace_setting(project, "units = 2", "units = 3");
  const ProcessResult trained = dragonet_in(project, "train --from runs/1");
  INFO(trained.output);
  CHECK(trained.status == 0);
  CHECK(says(trained.output,
             "was trained on disc, other: the last layer, for disc, ring, square, begins with random weights"));
  CHECK(json_of(project, "runs")["runs"][1]["from"] != "");
}
