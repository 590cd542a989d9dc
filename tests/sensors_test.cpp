// Sound and movement as a user takes them: the program itself, from made recordings to a virtual board that listens.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "data/sound.h"
#include "program.h"

using namespace dragonet;
using nlohmann::json;
using testing::json_of;

namespace {

constexpr int sound_rate = 8000;

/// Half a second that rises, falls, or only hisses.
std::vector<float> chirp(const std::string& label, std::mt19937& random) {
  std::uniform_real_distribution<double> between(0, 1);
  const double low = 300 + 200 * between(random), high = 2000 + 800 * between(random),
               level = 0.1 + 0.4 * between(random);
  const bool rises = label == "rise", hisses = label == "hiss";
  std::vector<float> samples;
  double phase = 0;
  for (int i = 0; i < sound_rate / 2; ++i) {
    const double share = i / (sound_rate / 2.0), hz = rises ? low + share * (high - low) : high - share * (high - low);
    phase += 2 * std::numbers::pi * hz / sound_rate;
    const double noise = 0.02 * (between(random) - 0.5);
    samples.push_back(static_cast<float>(noise + (hisses ? 0 : level * std::sin(phase))));
  }
  return samples;
}

void make_sounds(const fs::path& folder, int per_label) {
  std::mt19937 random(5);
  for (const char* label : {"rise", "fall", "hiss"})
    for (int i = 0; i < per_label; ++i)
      write_sound(folder / label / (std::to_string(i) + (i % 2 ? ".wav" : ".flac")),
                  {sound_rate, chirp(label, random)});
}

/// A second at 50 Hz of a shake along x or a turn about z, as a file of comma-separated values with jittered times.
std::string movement(bool shakes, std::mt19937& random) {
  std::normal_distribution<double> normal;
  const double hz = 3 + std::abs(normal(random)), phase = 3 * normal(random);
  std::string text = "t_ms,ax,ay,az,gz\n";
  for (int i = 0; i < 50; ++i) {
    const double t = i / 50.0, swing = std::sin(2 * std::numbers::pi * hz * t + phase);
    text += fmt::format("{:.1f},{:.3f},{:.3f},{:.3f},{:.1f}\n", 1000 * t + 2 * std::abs(normal(random)),
                        (shakes ? 1.5 * swing : 0) + 0.05 * normal(random), 0.05 * normal(random),
                        1 + 0.05 * normal(random), (shakes ? 0 : 120 * swing) + 5 * normal(random));
  }
  return text;
}

void make_movements(const fs::path& folder, int per_label) {
  std::mt19937 random(6);
  for (const bool shakes : {true, false})
    for (int i = 0; i < per_label; ++i)
      write_file(folder / (shakes ? "shake" : "turn") / (std::to_string(i) + ".csv"), movement(shakes, random));
}

void set(const fs::path& project, const std::string& from, const std::string& to) {
  std::string text = read_text(project / "dragonet.toml");
  const std::size_t at = text.find("\n" + from);
  REQUIRE(at != std::string::npos);
  text.replace(at + 1, text.find('\n', at + 1) - at - 1, to);
  write_file(project / "dragonet.toml", text);
}

void check_trained_and_equal(const fs::path& project) {
  json_of(project, "train");
  const json tested = json_of(project, "test --board mkrzero");
  CHECK(tested["int8"]["balanced_accuracy"]["value"] > 0.85);
  CHECK(tested["board"]["equal"] == true);
  CHECK(json_of(project, "compile")["ram"]["features"] > 0);
}

}  // namespace

TEST_CASE("a sound project goes from recordings to a board that hears the same, and listens to a long recording") {
  const TemporaryFolder home;
  make_sounds(home.path() / "sounds", 20);
  json_of(home.path(), "new chirps --kind sound --samples sounds");
  const fs::path project = home.path() / "chirps";
  set(project, "epochs", "epochs = 25");
  set(project, "batch", "batch = 16");
  check_trained_and_equal(project);

  std::mt19937 random(9);
  Sound all{sound_rate, {}};
  for (const char* label : {"hiss", "rise", "hiss", "fall", "hiss"})
    for (const float x : chirp(label, random)) all.samples.push_back(x);
  write_sound(home.path() / "long.wav", all);
  const json heard = json_of(project, "run --samples ../long.wav --board mkrzero")["heard"][0];
  CHECK(heard["seconds"] == Approx(2.5));
  CHECK(heard["features_load"] > 0.02);
  CHECK(heard["features_load"] < 0.2);
  std::vector<std::string> labels;
  for (const json& change : heard["changes"])
    if (change["label"] != "-") labels.push_back(change["label"]);
  for (const char* label : {"rise", "fall", "hiss"}) CHECK(std::ranges::count(labels, label) > 0);

  all.samples.resize(sound_rate / 4);  // shorter than a window: it is padded, as in training
  write_sound(home.path() / "short.wav", all);
  CHECK(json_of(project, "run --samples ../short.wav --board mkrzero")["vectors"] == 1);
}

TEST_CASE("a movement project goes from recordings to a board that feels the same, raw and by its frequencies") {
  const TemporaryFolder home;
  make_movements(home.path() / "movements", 20);
  json_of(home.path(), "new moves --kind motion --samples movements");
  const fs::path project = home.path() / "moves";
  CHECK(read_text(project / "dragonet.toml").find("rate_hz = 50") != std::string::npos);
  set(project, "epochs", "epochs = 20");
  check_trained_and_equal(project);
  set(project, "features", "features = \"spectral\"");
  set(project, "epochs", "epochs = 60");
  check_trained_and_equal(project);
}

TEST_CASE("a project of any kind may begin without samples") {
  const TemporaryFolder home;
  for (const std::string kind : {"image", "sound", "motion"}) {
    json_of(home.path(), "new empty_" + kind + " --kind " + kind);
    CHECK(json_of(home.path() / ("empty_" + kind), "show --network")["fits"] == true);
  }
}

TEST_CASE("what a kind's settings cannot be is said with the section") {
  const TemporaryFolder home;
  make_movements(home.path() / "movements", 3);
  json_of(home.path(), "new moves --kind motion --samples movements");
  const fs::path project = home.path() / "moves";
  const auto complaint = [&] {
    return json_of(project, "train", 2)["error"]["problems"][0]["where"].get<std::string>();
  };
  set(project, "full_scale", "full_scale = [1]");
  CHECK(complaint().find("[features]") != std::string::npos);
  set(project, "full_scale", "full_scale = [1, \"a\"]");
  CHECK(complaint().find("line") != std::string::npos);
}
