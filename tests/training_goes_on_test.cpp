// Trainings that begin with an earlier model, go on after a stop, and whose samples change meanwhile.
#include "child.h"
#include "model/model_info.h"
#include "project/samples.h"
#include "small_project.h"
#include "tflite/tflite.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Matchers::Contains;
using nlohmann::json;

/// Every problem of a command that fails, as sentences.
static std::vector<std::string> complaints(const fs::path& project, const std::string& arguments) {
  std::vector<std::string> all;
  const json answer = json_of(project, arguments, 2);
  for (const json& problem : answer["error"]["problems"])
    all.push_back(sentence({problem["where"], problem["what"], problem["next"]}));
  return all;
}

static std::string complaint(const fs::path& project, const std::string& arguments) {
  const std::vector<std::string> all = complaints(project, arguments);
  REQUIRE(all.size() == 1);
  return all[0];
}

static void wait_for_checkpoint(Child& child, const fs::path& project) {
  wait_until(child, [&] { return fs::exists(project / "runs/1/checkpoint"); });
  REQUIRE(child.is_running());
}

static void stop_a_training(const fs::path& project) {
  Child child(project, {"train"});
  wait_for_checkpoint(child, project);
  child.signal(SIGINT);
  REQUIRE(child.wait() == 0);
}

TEST_CASE("train --from begins where an earlier run ended, and the run says which") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 40, 30);
  json_of(project, "train");
  const json first = json::parse(read_text(project / "runs/1/run.json"));
  for (const char* from : {"runs/1", "runs/1/float.tflite"}) {
    INFO(from);
    const json trained = json_of(project, std::string("train --from ") + from);
    const json run = json::parse(read_text(project / "runs" / trained["run"].dump() / "run.json"));
    CHECK(run["from"]["model"] == "runs/1/float.tflite");
    CHECK(run["from"]["hash"] == info_of(read_tflite(project / "runs/1/float.tflite")).model_hash);
    CHECK(run["history"][0]["validation_loss"] < first["history"][0]["validation_loss"]);
  }
}

TEST_CASE("train --from refuses a model of other layers, an int8 one, and one that is not there") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 40, 2);
  json_of(project, "train");
  CHECK_THAT(complaint(project, "train --from runs/1/model.tflite"),
             Contains("it is quantized") && Contains("beside a run's model.tflite lies float.tflite"));
  CHECK_THAT(complaint(project, "train --from runs/2"), Contains("runs/2: there is no float model"));
  CHECK_THAT(complaint(project, "train --from runs/1 --resume"), Contains("excludes"));

  replace_setting(project, "filters = 8", "filters = 6");
  replace_setting(project, "units = 2", "units = 2\nuse_bias = false");
  const std::vector<std::string> found = complaints(project, "train --from runs/1");
  REQUIRE(found.size() == 2);
  CHECK_THAT(found[0], Contains("layer conv2d_1: it is a Conv2D (weights 6x3x3x1") && Contains("weights 8x3x3x1"));
  CHECK_THAT(found[1], Contains("layer dense_1") && Contains("weights 2x6") && Contains("weights 2x8"));
  CHECK_FALSE(fs::exists(project / "runs/2/float.tflite"));
}

TEST_CASE("what has changed since a training was stopped is named by --resume, and undone it goes on") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 40, 300), square = project / "samples/square/g0-0.png";
  stop_a_training(project);
  const Bytes picture = read_bytes(square);
  const fs::path disc = project / "samples/disc/g1-1.png", copy = project / "samples/disc/copy.png";
  fs::rename(disc, copy);
  write_file(square, picture.size() > 8 ? "broken" : "");
  replace_setting(project, "batch = 32", "batch = 16");
  const std::vector<std::string> found = complaints(project, "train --resume");
  REQUIRE(found.size() == 2);
  CHECK_THAT(found[0], Contains("dragonet.toml") && Contains("with batch = 32; now it says batch = 16"));
  CHECK_THAT(found[1], Contains("disc/g1-1.png is gone, square/g0-0.png has changed, disc/copy.png is new") &&
                           Contains("put the samples back as they were"));

  fs::rename(copy, disc);
  write_file(square, picture);
  replace_setting(project, "batch = 16", "batch = 32");
  Child child(project, {"train", "--resume"});
  child.signal(SIGINT);
  child.wait();
  CHECK(json_of(project, "train --resume")["finished"] == true);
  CHECK_THAT(complaint(project, "train --resume"), Contains("its training is complete"));
}

TEST_CASE("samples that change while training are told with exit status 2; the run is whole, and of what was read") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 40, 150), samples = project / "samples";
  const std::string hash =
      load_samples(samples, {.positive = "disc"}, ImageFeatureSettings{.height = 32, .width = 32, .channels = 1}).hash;
  Child child(project, {"train"});
  wait_for_checkpoint(child, project);
  fs::remove(samples / "disc/g0-0.png");
  fs::copy_file(samples / "disc/g0-1.png", samples / "square/g2-0.png", fs::copy_options::overwrite_existing);
  fs::resize_file(samples / "square/g1-0.png", 20);
  fs::last_write_time(samples / "square/g3-0.png", fs::file_time_type::clock::now());  // only touched
  fs::copy_file(samples / "disc/g0-1.png", samples / "disc/new.png");
  CHECK(child.wait() == 2);
  CHECK_THAT(child.output(), Contains("samples: it changed while training: disc/g0-0.png is gone, square/g1-0.png has "
                                      "changed, square/g2-0.png has changed; runs/1 is whole"));
  CHECK(json::parse(read_text(project / "runs/1/run.json"))["data_hash"] == hash);
  CHECK(info_of(read_tflite(project / "runs/1/model.tflite")).data_hash == hash);
  CHECK_FALSE(fs::exists(project / "runs/1/checkpoint"));
}

TEST_CASE("a checkpoint with one bit flipped is refused, and so is a run whose model is another file") {
  const TemporaryFolder home;
  const fs::path project = small_project(home.path(), 40, 300), checkpoint = project / "runs/1/checkpoint";
  stop_a_training(project);
  const Bytes whole = read_bytes(checkpoint);
  Bytes flipped = whole;
  flipped[flipped.size() / 2] ^= 4;
  write_file(checkpoint, flipped);
  CHECK_THAT(complaint(project, "train --resume"), Contains("checkpoint: is damaged"));
  write_file(checkpoint, whole);
  CHECK(json_of(project, "train --resume")["finished"] == true);

  const fs::path model = project / "runs/1/float.tflite";
  Bytes edited = read_bytes(model);
  edited[edited.size() / 2] ^= 1;
  write_file(model, edited);
  for (const char* command : {"test", "compile", "compare --no-code"})
    CHECK_THAT(complaint(project, command), Contains("float.tflite: is not the file that this run saved"));
}
