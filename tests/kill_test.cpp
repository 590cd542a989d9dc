// kill -9 at random moments of a training: nothing that was saved is lost.
#include <fmt/format.h>

#include <map>
#include <optional>
#include <random>

#include "child.h"
#include "model/model_info.h"
#include "small_project.h"
#include "tflite/tflite.h"

using namespace dragonet;
using namespace dragonet::testing;
using nlohmann::json;

static std::map<std::string, Bytes> files_in(const fs::path& folder) {
  std::map<std::string, Bytes> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) files[entry.path().string()] = read_bytes(entry.path());
  return files;
}

/// What is being written into a run: "checkpoint.4711.tmp"; none: nothing just now.
static std::optional<std::string> file_being_written(const fs::path& run) {
  std::error_code gone;  // between two looks
  for (fs::directory_iterator entry(run, gone), end; !gone && entry != end; entry.increment(gone))
    if (entry->path().extension() == ".tmp") return entry->path().filename();
  return std::nullopt;
}

/// Everything under its final name can be read.
static void check_whole(const fs::path& run) {
  for (const auto& [name, bytes] : files_in(run)) {
    INFO(name);
    if (name.ends_with(".tflite")) CHECK_NOTHROW(read_tflite(name));
    if (name.ends_with(".json")) CHECK_FALSE(json::parse(bytes, nullptr, false).is_discarded());
  }
}

/// A run with a record is of one piece: its model is the one that the record speaks of.
static void check_record(const fs::path& run) {
  if (!fs::exists(run / "run.json")) return;
  const json record = json::parse(read_text(run / "run.json"));
  CHECK(record["model_hash"] == info_of(read_tflite(run / "model.tflite")).model_hash);
}

/// Trainings of one project, each killed; runs/1 was left alone, and the others must come to the same model.
class Killer {
 public:
  Killer(fs::path project, unsigned seed) : project_(std::move(project)), random_(seed) {
    const auto start = std::chrono::steady_clock::now();
    json_of(project_, "train");
    seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    unbroken_ = files_in(project_ / "runs/1");
  }

  /// A new training, killed and resumed; `stopped`: it had been stopped with Ctrl-C, and --resume is what is killed.
  void round(bool stopped, bool while_writing) {
    const fs::path run = next_run();
    INFO(run);
    if (stopped) stop_one(run);
    kill_one(run, stopped, while_writing);
    CHECK(files_in(project_ / "runs/1") == unbroken_);
    if (fs::exists(run)) check_whole(run);
    check_record(run);
    if (fs::exists(run / "checkpoint")) resume(run);
    if (!fs::exists(run / "run.json")) return;
    for (const char* name : {"model.tflite", "float.tflite"})
      CHECK(read_bytes(run / name) == unbroken_.at(project_ / "runs/1" / name));
  }

  int kills() const {
    int sum = 0;
    for (const auto& [moment, times] : moments) sum += times;
    return sum;
  }

  std::map<std::string, int> moments;  // what was being written when the kill came, and how often

 private:
  /// One that was killed before it wrote anything has left none.
  fs::path next_run() const {
    int number = 1;
    while (fs::exists(project_ / "runs" / std::to_string(number))) ++number;
    return project_ / "runs" / std::to_string(number);
  }

  void stop_one(const fs::path& run) {
    Child child(project_, {"train"});
    wait_until(child, [&] { return fs::exists(run / "checkpoint"); });
    child.signal(SIGINT);
    INFO(child.output());
    REQUIRE(child.wait() == 0);
  }

  void kill_one(const fs::path& run, bool resumed, bool while_writing) {
    Child child(project_, resumed ? std::vector<std::string>{"train", "--resume"} : std::vector<std::string>{"train"});
    if (while_writing)
      wait_for_writing(child, run);
    else
      sleep(std::uniform_real_distribution<double>(0, seconds_)(random_));
    child.signal(SIGKILL);
    const int status = child.wait();
    INFO(child.output());
    CHECK((status == 128 + SIGKILL || status == 0));
    if (status != 0) ++moments[kind_of(file_being_written(run))];  // otherwise it had ended
  }

  /// Until one of the files, drawn at random, is seen being written; then a little longer.
  void wait_for_writing(Child& child, const fs::path& run) {
    const char* names[] = {"checkpoint.", "float.tflite.", "model.tflite.", "run.json."};
    const std::string name = names[random_() % 4];
    int times = name == "checkpoint." ? 1 + static_cast<int>(random_() % 10) : 1;
    bool seen = false;
    wait_until(child, [&] {
      const auto writing = file_being_written(run);
      const bool now = writing && writing->starts_with(name);
      if (now && !seen) --times;
      seen = now;
      return times == 0;
    });
    sleep(std::uniform_real_distribution<double>(0, 0.0003)(random_));
  }

  void resume(const fs::path& run) {
    const ProcessResult result = dragonet_in(project_, "train --resume");
    INFO(result.output);
    CHECK(result.status == 0);
    CHECK(fs::exists(run / "run.json"));
    CHECK_FALSE(fs::exists(run / "checkpoint"));
    CHECK_FALSE(file_being_written(run));
  }

  static void sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

  static std::string kind_of(const std::optional<std::string>& name) {
    return name ? name->substr(0, name->find('.')) : "nothing";
  }

  fs::path project_;
  std::mt19937 random_;
  double seconds_ = 0;  // of an unbroken training
  std::map<std::string, Bytes> unbroken_;
};

TEST_CASE("kill -9 at any moment loses nothing that was saved, and --resume ends where an unbroken training does") {
  const unsigned seed = std::random_device()();
  WARN("seed " << seed);
  const TemporaryFolder home;
  Killer killer(small_project(home.path(), 24, 24), seed);
  for (int i = 0; killer.kills() < 20 && i < 60; ++i) killer.round(i % 3 == 2, i % 2 == 1);
  CHECK(killer.kills() == 20);
  for (const auto& [moment, times] : killer.moments) WARN(times << " x while writing: " << moment);
}
