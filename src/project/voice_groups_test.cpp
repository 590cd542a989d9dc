#include "project/voice_groups.h"

#include <catch2/catch.hpp>

#include "data/dataset.h"
#include "project/spoken_samples.h"

using namespace dragonet;
using Catch::Contains;

namespace {

/// A project in whose samples `data say` has spoken, with a group pattern.
Project spoken_project(const fs::path& folder, const std::string& group) {
  Project project{.folder = folder, .name = "p", .features = SoundFeatureSettings{.sample_rate_hz = 16000}};
  project.labels.group = group;
  project.train = default_training(project.kind(), project.task());
  write_file(folder / "dragonet.toml", "# mine\n" + project_text(project));
  write_file(folder / "samples/yes/.said", "say-slt_small-flite_slt-0000.wav\nsay-slt_small-flite_slt-0001.wav\n");
  write_file(folder / "samples/no/.said", "say-slt_small-flite_slt-0000.wav\nsay-f3-espeak_ng_en_f3-0001.wav\n");
  return read_project(folder / "dragonet.toml");
}

}  // namespace

TEST_CASE("where no group pattern is, that of voices is written, and the rest of dragonet.toml stays as it is") {
  const TemporaryFolder folder;
  const Project project = spoken_project(folder.path(), "");
  const std::string before = read_text(folder.path() / "dragonet.toml");
  const VoiceGroups groups = group_by_voice(project);
  CHECK(groups.written);
  CHECK_THAT(groups.note, Contains("group = '/say-([^-]+)' is written into") && Contains("dragonet.toml"));
  std::string after = read_text(folder.path() / "dragonet.toml");
  CHECK(read_project(folder.path() / "dragonet.toml").labels.group == voice_pattern);
  const std::string now = "group = '/say-([^-]+)'";
  after.replace(after.find(now), now.size(), "group = ''");
  CHECK(after == before);
}

TEST_CASE("a group pattern of one's own stays, and is complained of where it tears a voice apart") {
  const TemporaryFolder folder;
  const Project mine = spoken_project(folder.path(), "/([a-z]+)_[0-9]");
  const std::string before = read_text(folder.path() / "dragonet.toml");
  const VoiceGroups groups = group_by_voice(mine);
  CHECK_FALSE(groups.written);
  CHECK(groups.pattern == "/([a-z]+)_[0-9]");
  CHECK_THAT(groups.note, Contains("\"/([a-z]+)_[0-9]\" stays, and puts recordings of one synthesized voice into") &&
                              Contains("\"/say-([^-]+)|/([a-z]+)_[0-9]\" would keep them together"));
  CHECK(read_text(folder.path() / "dragonet.toml") == before);
  for (const char* good : {"say-([^-]+)", "/(?:say-)?([^-/]+)-", "/say-([^-]+)|/([a-z]+)_[0-9]"})
    CHECK(group_by_voice(spoken_project(folder.path(), good)).note.empty());
}

TEST_CASE("a dragonet.toml in which the pattern cannot be written says what to write") {
  const TemporaryFolder folder;
  spoken_project(folder.path(), "");
  write_file(folder.path() / "dragonet.toml", std::string_view("kind = \"sound\"\nsamples = {folds = 5}\n"));
  const VoiceGroups groups = group_by_voice({.folder = folder.path()});
  CHECK_FALSE(groups.written);
  CHECK_THAT(groups.note, Contains("set group = '/say-([^-]+)' in [samples] yourself"));
}

TEST_CASE("beside synthesized voices, people's recordings are a group each") {
  CHECK(groups_by(voice_pattern, {"yes/say-f3-espeak_ng_en_f3-0001.wav", "no/say-f3-espeak_ng_en_us_f3-0002.wav",
                                  "say-so/ann.wav", "yes/bob.wav"}) ==
        std::vector<std::string>{"f3", "f3", "say-so/ann.wav", "yes/bob.wav"});
}

TEST_CASE("what was said is known from the lists in the folders of labels, and no list leads out of its folder") {
  const TemporaryFolder folder;
  spoken_project(folder.path(), "");
  write_file(folder.path() / "samples/up/.said", std::string_view("say-../../x.wav\n../say-x.wav\nother.wav\n\n"));
  fs::create_directories(folder.path() / "samples/own");
  CHECK(said_in(folder.path() / "samples") ==
        std::set<std::string>{"no/say-f3-espeak_ng_en_f3-0001.wav", "no/say-slt_small-flite_slt-0000.wav",
                              "yes/say-slt_small-flite_slt-0000.wav", "yes/say-slt_small-flite_slt-0001.wav"});
  CHECK(said_in(folder.path() / "nowhere").empty());
}
