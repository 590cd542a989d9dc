// What models take on the virtual boards, held to bench/chip_counts.json: counts repeat, so one that rises is a
// regression. `DRAGONET_WRITE=1 build/test_whole "*chip_counts*"` writes the file anew; `make bench-chip` prints it
// beside what others have measured.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "golden.h"
#include "ops/op_test.h"
#include "program.h"
#include "quantize/quantize.h"
#include "tflite/tflite.h"
#include "train/export.h"

using namespace dragonet;
using nlohmann::json;

namespace {

constexpr const char* file = "bench/chip_counts.json";
constexpr double most_change = 0.005;
/// Wait cycles follow from where the linker puts a loop: a change of one function moves all behind it.
constexpr double most_change_of_waits = 0.03;

/// A default network of pictures, of sound or of movement with random weights, as int8: it needs nothing from outside.
Model untrained(const Network& network, const std::string& name) {
  std::mt19937 random(1);
  const std::size_t values = static_cast<std::size_t>(network.height) * network.width * network.channels;
  std::vector<std::vector<float>> samples(8, std::vector<float>(values));
  for (std::vector<float>& sample : samples)
    for (float& value : sample) value = static_cast<float>(random() % 256) / 255;
  Model model = quantize(untrained_model(network), samples, {{1.0f / 255}, {-128}, 0});
  model.name = name;
  return model;
}

struct Measured {
  std::string name, path;
  std::vector<const char*> boards;
};

std::vector<Measured> measured_models(const fs::path& home) {
  std::vector<Measured> all;
  const std::pair<const char*, Network> networks[] = {{"default_picture", default_image_network(32, 32, 3, 2)},
                                                      {"default_sound", default_sound_network(49, 24, 1, 4)},
                                                      {"default_motion", default_motion_network(50, 1, 6, 4)}};
  for (const auto& [name, network] : networks) {
    const fs::path path = home / (name + std::string(".tflite"));
    write_file(path, serialize_tflite(untrained(network, name)));
    all.push_back({name, path, {"mkrzero", "virtual-m4f"}});
  }
  for (const char* name : {"kws_ref_model", "vww_96_int8", "pretrainedResnet_quant", "ad01_int8"})
    if (const auto golden = testing::find_golden(name))
      all.push_back({name,
                     fs::absolute(golden->model),
                     {name == std::string("ad01_int8") ? "virtual-m0plus" : "mkrzero", "virtual-m4f"}});
  return all;
}

json counts_of(const fs::path& home, const std::string& model, const std::string& board) {
  const json ran = testing::json_of(home, "run " + model + " --board " + board);
  return {{"instructions", ran["instructions"]}, {"cycles", ran["cycles"]},
          {"wait_cycles", ran["wait_cycles"]},   {"ram", ran["ram"]["total"]},
          {"flash", ran["flash"]["total"]},      {"model_code", ran["flash"]["model_code"]}};
}

/// Larger by more than may be, or so much smaller that it should be written down.
void check_count(const std::string& what, double now, double then, double change) {
  if (now > then * (1 + change)) FAIL_CHECK(what << " rose from " << std::int64_t(then) << " to " << std::int64_t(now));
  if (now < then * (1 - change))
    FAIL_CHECK(what << " fell from " << std::int64_t(then) << " to " << std::int64_t(now)
                    << ": write it down with DRAGONET_WRITE=1 build/test_whole \"*chip_counts*\"");
}

}  // namespace

TEST_CASE("models take no more instructions, cycles, RAM and flash than bench/chip_counts.json says") {
  const TemporaryFolder home;
  json known = fs::exists(file) ? json::parse(read_text(file)) : json::object();
  for (const Measured& model : measured_models(home.path()))
    for (const char* board : model.boards) {
      const json counts = counts_of(home.path(), model.path, board);
      json& then = known[board][model.name];
      if (std::getenv("DRAGONET_WRITE")) then = counts;
      REQUIRE(then.is_object());
      for (const auto& [what, now] : counts.items())
        check_count(model.name + " on " + board + ": " + what, now, then[what],
                    what == "wait_cycles" ? most_change_of_waits : most_change);
    }
  if (std::getenv("DRAGONET_WRITE")) write_file(file, known.dump(1) + "\n");
}
