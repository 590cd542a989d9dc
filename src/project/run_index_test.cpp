#include "project/run_index.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/range_lock.h"
#include "data/database.h"
#include "project/run_log.h"

using namespace dragonet;

static RunSummary made_up(int number) {
  RunSummary run{.number = number, .state = "finished", .began = "2024-11-23T01:05:00+0100", .kind = "image"};
  run.epochs = 12;
  run.int8 = run_measures(Score{.accuracy = {0.75}, .balanced_accuracy = {0.7, 0.6, 0.8}});
  run.ram_bytes = 16'340;
  run.data_hash = "3f2a";
  run.settings = {{"train.epochs", "12"}, {"name", "it's; a \"dragon\""}};
  return run;
}

static Run run_in(const fs::path& project, int number) { return {number, project / "runs" / std::to_string(number)}; }

static void save_summary(const fs::path& project, const RunSummary& summary) {
  write_file(summary_file(run_in(project, summary.number)), summary_json(summary).dump());
}

static std::vector<std::string> texts_of(const std::vector<RunSummary>& runs) {
  std::vector<std::string> texts;
  for (const RunSummary& run : runs) texts.push_back(summary_json(run).dump());
  return texts;
}

TEST_CASE("a project whose database is missing, rubbish or another version's is listed from its folders, all fields") {
  const TemporaryFolder project;
  for (const int number : {2, 1, 10}) save_summary(project.path(), made_up(number));
  const std::vector<std::string> expected = texts_of({made_up(1), made_up(2), made_up(10)});
  const fs::path file = project.path() / "runs/runs.sqlite";
  CHECK(texts_of(list_runs(project.path())) == expected);

  write_file(file, std::string(8192, 'x'));
  CHECK(texts_of(list_runs(project.path())) == expected);
  CHECK(read_text(file.string() + ".damaged") == std::string(8192, 'x'));

  fs::remove(file);
  Database(file).run("CREATE TABLE runs (something TEXT)");
  CHECK(texts_of(list_runs(project.path())) == expected);
  Database index(file);
  Statement row = index.prepare("SELECT epochs, int8_balanced_accuracy_low FROM runs WHERE run = 10");
  int epochs = 0;
  double low = 0;
  REQUIRE(row.step());
  row.read(epochs), row.read(low);
  CHECK(epochs == 12);
  CHECK(low == 0.6);
}

TEST_CASE("rows follow their folders: what is deleted goes, what is changed or renamed by hand is read again") {
  const TemporaryFolder project;
  for (const int number : {1, 2, 3}) save_summary(project.path(), made_up(number));
  REQUIRE(list_runs(project.path()).size() == 3);
  fs::remove_all(project.path() / "runs/1");
  fs::rename(project.path() / "runs/2", project.path() / "runs/7");
  RunSummary changed = made_up(3);
  changed.epochs = 99;
  save_summary(project.path(), changed);
  CHECK(texts_of(list_runs(project.path())) == texts_of({changed, made_up(7)}));
}

TEST_CASE("what is no run's folder is no run") {
  const TemporaryFolder project;
  for (const char* name : {"backup", "01", "3x", "", "12345678901"})
    fs::create_directories(project.path() / "runs" / name);
  write_file(project.path() / "runs/5", "a file");
  CHECK(list_runs(project.path()).empty());
  CHECK(list_runs(project.path() / "nowhere").empty());
}

TEST_CASE("a folder without a summary is told from its record and its dragonet.toml; a damaged record still is a run") {
  const TemporaryFolder project;
  const Run run = run_in(project.path(), 4);
  write_file(run.folder / "dragonet.toml", "kind = \"image\"\n[train]\nepochs = 3\n");
  write_file(run.folder / "run.json", R"({"seed": 1, "data_hash": "aa", "model_hash": "bb",
      "split": {"train": [], "validation": [], "test": []}, "history": []})");
  RunSummary found = list_runs(project.path()).at(0);
  CHECK(found.state == "finished");
  CHECK(found.model_hash == "bb");
  CHECK(found.epochs == 0);
  CHECK(found.settings == std::map<std::string, std::string>{{"kind", "image"}, {"train.epochs", "3"}});

  write_file(run.folder / "run.json", "{");
  found = list_runs(project.path()).at(0);
  CHECK(found.state == "finished");
  CHECK(found.problem.find("run.json: cannot be understood") != std::string::npos);
}

TEST_CASE("a run is running while somebody holds its lock, and interrupted when nobody does") {
  const TemporaryFolder project;
  RunSummary run = made_up(1);
  run.state = "running";
  save_summary(project.path(), run);
  CHECK(list_runs(project.path()).at(0).state == "interrupted");
  const RangeLock lock(run_lock_file(project.path() / "runs"), 1);
  CHECK(list_runs(project.path()).at(0).state == "running");
}

TEST_CASE("a run is running while it trains, then what its training says, or failed with the reason") {
  const TemporaryFolder folder;
  Project project{.folder = folder.path()};
  const Samples samples{.hash = "3f2a"};
  record_run(run_in(folder.path(), 1), project, samples, [&](RunSummary& summary) {
    CHECK(list_runs(folder.path()).at(0).state == "running");
    CHECK_THROWS_WITH(record_run(run_in(folder.path(), 1), project, samples, [](RunSummary&) {}),
                      Catch::Matchers::Contains("runs/1: another process is training it; wait"));
    summary.state = "stopped";
  });
  CHECK_THROWS_AS(record_run(run_in(folder.path(), 2), project, samples,
                             [](RunSummary&) {
                               throw Error({"a file", "is not there", "look for it"});
                             }),
                  Error);
  const std::vector<RunSummary> runs = list_runs(folder.path());
  CHECK(runs.at(0).state == "stopped");
  CHECK(runs.at(0).ended >= runs.at(0).began);
  CHECK(runs.at(0).settings.at("train.epochs") == "60");
  CHECK(runs.at(1).state == "failed");
  CHECK(runs.at(1).problem == "a file: is not there; look for it");
}
