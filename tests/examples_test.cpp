// The examples as their READMEs tell them, with few samples and epochs: nobody should find one that no longer works.
#include <catch2/catch.hpp>
#include <cstdio>

#include "drawn_samples.h"
#include "program.h"

using namespace dragonet;
using nlohmann::json;
using testing::json_of;

namespace {

/// home/<name>: a copy, since an example's samples and runs lie beside its dragonet.toml.
fs::path copy_of_example(const std::string& name, const fs::path& home) {
  fs::create_directories(home / name);
  for (const auto& entry : fs::directory_iterator(fs::path("examples") / name))
    if (entry.is_regular_file()) fs::copy_file(entry.path(), home / name / entry.path().filename());
  return home / name;
}

void set_epochs(const fs::path& project, int epochs) {
  std::string text = read_text(project / "dragonet.toml");
  const std::size_t at = text.find("\nepochs = ");
  REQUIRE(at != std::string::npos);
  text.replace(at + 1, text.find_first_of(" \n", at + 10) - at - 1, "epochs = " + std::to_string(epochs));
  write_file(project / "dragonet.toml", text);
}

/// One of an example's Python programs. False, and a loud line, where NumPy is missing.
bool ran_python(const fs::path& folder, const std::string& script) {
  if (run_process({"/usr/bin/python3", "-c", "import numpy"}).status != 0) {
    std::fprintf(stderr, "SKIPPED: python3-numpy is not installed, so nothing has run %s\n", script.c_str());
    return false;
  }
  const ProcessResult ran = run_process({"sh", "-c", "cd '" + folder.string() + "' && /usr/bin/python3 " + script});
  INFO(script << "\n" << ran.output);
  REQUIRE(ran.status == 0);
  return true;
}

/// `dragonet.toml` as it is in the repository is a network for its samples that fits its board; trained for two epochs,
/// it gives the same bytes there.
void check_example(const fs::path& project) {
  CHECK(json_of(project, "data").contains("labels"));
  set_epochs(project, 2);
  json_of(project, "train");
  CHECK(json_of(project, "compile")["fits"] == true);
  const json tested = json_of(project, "test --board mkrzero");
  CHECK(tested["samples"] > 0);
  CHECK(tested["board"]["equal"] == true);
}

}  // namespace

TEST_CASE("examples/dragon-detector trains and answers on the virtual board, with drawn pictures for sprites") {
  const TemporaryFolder home;
  const fs::path project = copy_of_example("dragon-detector", home.path());
  testing::draw_samples(home.path() / "drawn", 16);
  fs::create_directories(project / "samples");
  fs::rename(home.path() / "drawn" / "disc", project / "samples" / "dragon");
  fs::rename(home.path() / "drawn" / "square", project / "samples" / "other");
  check_example(project);
}

TEST_CASE("examples/gestures trains on simulated people and answers on the virtual board") {
  const TemporaryFolder home;
  const fs::path project = copy_of_example("gestures", home.path());
  if (!ran_python(project, "simulate.py --subjects 5 --recordings 2")) return;
  check_example(project);

  ran_python(project, "simulate.py --session long.csv");
  write_file(project / "felt.json", json_of(project, "run --board mkrzero --samples long.csv").dump());
  ran_python(fs::absolute("examples"), "timeline.py '" + (project / "felt.json").string() + "' '" +
                                           (project / "long.csv").string() + "' -o '" +
                                           (project / "felt.svg").string() + "'");
  CHECK(read_text(project / "felt.svg").find("punch") != std::string::npos);
}

TEST_CASE("examples/gestures simulates the same people whenever it is asked, who feel gravity and turns") {
  const TemporaryFolder home;
  const fs::path project = copy_of_example("gestures", home.path());
  if (!ran_python(project, "simulate.py --subjects 2 --recordings 1 --samples few")) return;
  ran_python(project, "simulate.py --subjects 1 --recordings 2 --samples more");
  CHECK(read_text(project / "few/punch/s01_01.csv") == read_text(project / "more/punch/s01_01.csv"));
  CHECK(read_text(project / "few/punch/s01_01.csv") != read_text(project / "few/punch/s02_01.csv"));

  write_file(project / "check.py", R"(
import numpy as np
import simulate as s
angles = np.repeat(np.array([s.GUARD], float), 1002, 0)
person = s.Subject(seed=1, number=1, grip_degrees=20)
def norms():
  _, _, hand, orientation = s.arm_of(angles, person)
  return [np.linalg.norm(felt, axis=1) for felt in s.felt(hand, orientation, 0.001)]
still = norms()
assert np.allclose(still[0], 1, atol=1e-6) and np.allclose(still[1], 0, atol=1e-6), still
angles[:, s.AZIMUTH] = np.linspace(0, 1.001 * 90, 1002)
assert np.allclose(norms()[1], 90, atol=1e-3), norms()
)");
  ran_python(project, "check.py");
}

TEST_CASE("examples/keywords trains on synthesized words and answers on the virtual board") {
  const TemporaryFolder home;
  const fs::path project = copy_of_example("keywords", home.path());
  const ProcessResult said = testing::dragonet_in(project, "data say yes,no --count 6 --unknown 6 --silence 6");
  if (said.status != 0 && said.output.find("synthesizer") != std::string::npos) {
    std::fprintf(stderr, "SKIPPED: no speech synthesizer is installed, so nothing has trained examples/keywords\n");
    return;
  }
  INFO(said.output);
  REQUIRE(said.status == 0);
  check_example(project);
  if (ran_python(project, "join.py --count 3")) CHECK(fs::file_size(project / "long.wav") > 3 * 32000);
}
