// The six steps as a user takes them: the program itself, from drawn pictures to the virtual board.
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <chrono>

#include "chromium.h"
#include "drawn_samples.h"
#include "program.h"

using namespace dragonet;
using nlohmann::json;
using testing::json_of;
using testing::program;

/// A project with few, small steps: 24 pictures a label in 6 groups.
static fs::path make_project(const fs::path& home) {
  testing::draw_samples(home / "pictures", 48);
  json_of(home, "new shapes --kind image --samples pictures --positive disc --group 'g[0-9]+'");
  return home / "shapes";
}

/// Every section is there, whole to its end, and the browser has nothing to complain of.
static void check_report(const fs::path& html) {
  const auto page = testing::open_in_chromium(html);
  if (!page) return;
  CHECK(page->complaints == std::vector<std::string>{});
  for (const char* section : {"<h2>How far to trust it", "<h2>What it confuses", "<h2>What it got wrong",
                              "<h2>Training", "<h2>Memory", "<h2>Layers", "<h2>To repeat this run", "</footer>"}) {
    INFO(section);
    CHECK(page->text.find(section) != std::string::npos);
  }
}

TEST_CASE("a browser's complaints about a page are seen") {
  const TemporaryFolder folder;
  write_file(folder.path() / "bad.html", "<!doctype html><title>bad</title><script>nobody_wrote_this()</script>");
  const auto page = testing::open_in_chromium(folder.path() / "bad.html");
  if (!page) return;
  REQUIRE(page->complaints.size() == 1);
  CHECK(page->complaints[0].find("nobody_wrote_this is not defined") != std::string::npos);
}

TEST_CASE("the six steps go from drawn pictures to the virtual board, and all arithmetics agree") {
  const TemporaryFolder home;
  const fs::path project = make_project(home.path());
  write_file(project / "samples/disc/broken.png", "this is no picture");

  const json trained = json_of(project, "train");
  CHECK(trained["skipped"] == 1);
  CHECK(trained["samples"] == 96);

  const json tested = json_of(project, "test --board mkrzero");
  CHECK(tested["int8"]["balanced_accuracy"]["value"] > 0.85);
  CHECK(tested["board"]["equal"] == true);
  CHECK(tested["board"]["confusion"] == tested["int8"]["confusion"]);
  check_report(project / "runs/1/report.html");

  const json compiled = json_of(project, "compile");
  CHECK(compiled["fits"] == true);
  CHECK(compiled["ram"]["total"] <= compiled["ram"]["limit"]);
  CHECK(compiled["ram"]["activations_lower_bound"] <= compiled["ram"]["activations"]);

  const json on_board = json_of(project, "run --samples samples/square --outputs board.bin");
  CHECK(on_board["vectors"] == 48);
  CHECK(on_board["stack_used"] <= on_board["ram"]["stack"]);
  CHECK(read_bytes(project / "board.bin").size() == 2 * 48);
}

TEST_CASE("the same seed gives the same model, byte for byte") {
  const TemporaryFolder home;
  const fs::path project = make_project(home.path());
  json_of(project, "train");
  json_of(project, "train");
  CHECK(read_bytes(project / "runs/1/model.tflite") == read_bytes(project / "runs/2/model.tflite"));
}

TEST_CASE("the float model of a run converts to int8, and runs equally as C++ here and on the board") {
  const TemporaryFolder home;
  const fs::path project = make_project(home.path());
  json_of(project, "train");
  json_of(project, "convert -o converted.tflite");
  Bytes inputs(2 * 32 * 32, 3);  // two grey pictures of 32 x 32
  inputs[40] = 90;
  write_file(project / "inputs.bin", inputs);
  json_of(project, "run converted.tflite --host --inputs inputs.bin --outputs here.bin");
  CHECK(json_of(project, "run converted.tflite --board mkrzero --inputs inputs.bin --expect here.bin")["equal"] ==
        true);

  Bytes wrong = read_bytes(project / "here.bin");
  wrong[3] ^= 1;
  write_file(project / "wrong.bin", wrong);
  const json differs = json_of(project, "run converted.tflite --host --inputs inputs.bin --expect wrong.bin", 1);
  CHECK(differs["equal"] == false);
  CHECK(differs["first_difference"].get<std::string>().starts_with("vector 1, output "));
}

TEST_CASE("what is wrong is said in a sentence, with exit status 2", "[serial][train]") {
  const TemporaryFolder home;
  const auto complaint = [&](const std::string& arguments) {
    const json problem = json_of(home.path(), arguments, 2)["error"]["problems"][0];
    for (const char* part : {"where", "what", "next"}) CHECK(problem[part].get<std::string>() != "");
    return problem["where"].get<std::string>() + ": " + problem["what"].get<std::string>() + "; " +
           problem["next"].get<std::string>();
  };
  CHECK(complaint("train").find("dragonet.toml") != std::string::npos);
  CHECK(complaint("compile nothing.tflite --board mkrzero").find("nothing.tflite") != std::string::npos);
  CHECK(complaint("compile nothing.tflite --board mkzero").find("did you mean mkrzero") != std::string::npos);
  CHECK(complaint("new x --kind image --samples nowhere").find("nowhere") != std::string::npos);
  CHECK(complaint("new 1x --kind image").find("letters") != std::string::npos);
  CHECK(complaint("trian").find("did you mean train?") != std::string::npos);
}

/// Of all children that have ended.
static std::chrono::microseconds processor_time() {
  rusage used{};
  getrusage(RUSAGE_CHILDREN, &used);
  const auto time = [](const timeval& t) {
    return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec);
  };
  return time(used.ru_utime) + time(used.ru_stime);
}

TEST_CASE(
    "commands that neither train nor decode load neither LibTorch nor OpenCV, and take under 50 ms of processor") {
  const std::string libraries = run_process({"ldd", program}).output;
  CHECK(libraries.find("libtorch") == std::string::npos);
  CHECK(libraries.find("libopencv") == std::string::npos);
  for (const char* argument : {"--help", "boards"}) {
    auto best = std::chrono::microseconds::max();  // of ten: other work on the machine only ever adds
    for (int i = 0; i < 10; ++i) {
      const std::chrono::microseconds before = processor_time();
      CHECK(run_process({program, argument}).status == 0);
      best = std::min(best, processor_time() - before);
    }
    CHECK(best < std::chrono::milliseconds(50));
  }
}
