// The library below the command line, as a notebook or a server uses it: two projects in one process, from a folder
// that is neither's.
#include <catch2/catch.hpp>

#include "learn/testing.h"
#include "learn/train_run.h"
#include "small_project.h"

using namespace dragonet;
using testing::small_project;

namespace {

/// Keeps all that it is told.
struct Listener {
  std::vector<ProgressReport> reports;
  std::vector<std::string> remarks;
  Observer observer() {
    return {.progress = [this](const ProgressReport& report) { reports.push_back(report); },
            .remark = [this](const std::string& sentence) { remarks.push_back(sentence); }};
  }
  std::size_t epochs() const {
    return static_cast<std::size_t>(
        std::ranges::count(reports, std::string("training"), [](const ProgressReport& report) { return report.what; }));
  }
};

}  // namespace

TEST_CASE("two projects are trained and tested in one process, each by what its own folder says") {
  const TemporaryFolder home;
  const Project first = read_project(small_project(home.path() / "a", 20, 4) / "dragonet.toml");
  Project second = read_project(small_project(home.path() / "b", 24, 2) / "dragonet.toml");
  second.train.seed = 7;
  Listener of_first, of_second;
  const TrainedRun a = train_project(first, {}, of_first.observer());
  const TrainedRun b = train_project(second, {}, of_second.observer());
  CHECK(a.run.folder == first.folder / "runs" / "1");
  CHECK(b.run.folder == second.folder / "runs" / "1");
  CHECK(a.samples == 40);
  CHECK(b.samples == 48);
  CHECK(read_record(a.run).seed != read_record(b.run).seed);

  const TestedRun again = test_latest(first, {}, of_first.observer());
  CHECK(outcome_of(again, false).json["int8"] == outcome_of(a).json["int8"]);
  CHECK(fs::exists(first.folder / "runs" / "1" / "report.html"));
  CHECK(!fs::exists(second.folder / "runs" / "1" / "report.html"));
  CHECK(latest_run(second).folder == b.run.folder);
}

TEST_CASE("an observer is told of every epoch in figures, and can end a training, of which the best is kept") {
  const TemporaryFolder home;
  const Project project = read_project(small_project(home.path(), 20, 50) / "dragonet.toml");
  Listener listener;
  Observer observer = listener.observer();
  observer.wants_stop = [&] { return listener.epochs() >= 3; };
  const TrainedRun done = train_project(project, {}, observer);
  CHECK(done.unfinished);
  CHECK(done.trained.history.size() == 3);
  const auto epoch = std::ranges::find(listener.reports, std::string("training"),
                                       [](const ProgressReport& report) { return report.what; });
  REQUIRE(epoch != listener.reports.end());
  CHECK(epoch->total == 50);
  CHECK(epoch->figures[0] == std::pair<std::string, double>("train_loss", done.trained.history[0].train_loss));
}
