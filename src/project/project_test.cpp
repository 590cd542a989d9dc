#include "project/project.h"

#include <catch2/catch.hpp>

#include "base/error.h"

using namespace dragonet;

/// What reading a dragonet.toml of this text complains of; "" if nothing.
static std::string complaint(const std::string& text) {
  const TemporaryFolder folder;
  write_file(folder.path() / "dragonet.toml", text);
  try {
    read_project(folder.path() / "dragonet.toml");
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST_CASE("what project_text writes, read_project reads") {
  Project project{
      .name = "dragons",
      .labels = {.positive = "it's a \"dragon\"", .keywords = {"dragon's", "elf"}, .group = R"(^[^/]+/([^-']+)-\d)"}};
  project.features = ImageFeatureSettings{.height = 24, .width = 40, .channels = 3, .background = 7};
  project.train.learning_rate = 0.00125;
  project.train.augmentation = ImageAugmentation{.flip = false};
  const TemporaryFolder folder;
  write_file(folder.path() / "dragonet.toml", project_text(project));
  const Project read = read_project(folder.path() / "dragonet.toml");
  CHECK(project_text(read) == project_text(project));
  CHECK(read.labels.group == project.labels.group);
  CHECK(read.labels.positive == project.labels.positive);
  CHECK(read.labels.keywords == project.labels.keywords);
  CHECK(read.train.learning_rate == 0.00125);
}

TEST_CASE("a setting that is not known is named, with line, column and the nearest that is") {
  const std::string text = complaint("name = \"x\"\n[train]\nepocs = 3\n");
  CHECK(text.find("line 3, column") != std::string::npos);
  CHECK(text.find("train.epocs") != std::string::npos);
  CHECK(text.find("did you mean train.epochs?") != std::string::npos);
  CHECK(complaint("[trane]\n").find("did you mean [train]?") != std::string::npos);
}

TEST_CASE("a value of the wrong type or outside its range is refused with its line") {
  CHECK(complaint("[train]\nepochs = \"many\"\n").find("line 2, column") != std::string::npos);
  CHECK(complaint("[features]\nwidth = 0\n").find("features.width is 0, not 1 to 65535") != std::string::npos);
  CHECK(complaint("[features]\nchannels = 2\n").find("1 is grey, 3 is colour") != std::string::npos);
}

TEST_CASE("a file that is no TOML is refused with line and column") {
  CHECK(complaint("name = \"x\"\nboard = mkrzero\n").find("line 2, column") != std::string::npos);
}

TEST_CASE("letters outside ASCII may stand in quotes and comments, and elsewhere are refused with line and column") {
  CHECK_THAT(complaint("name = \"x\"  # \u0416\n[samples]\npositive = \"\u00e9\u038c\"\n"),
             Catch::Contains("[features]: "));  // all of it was read
  for (const char* letter : {"\u00e9", "\u038c", "\u0416", "\u2603", "\U0001f409"}) {
    INFO(letter);
    CHECK_THAT(complaint(std::string("name ") + letter + "ard = 1\n"), Catch::Contains("line 1, column"));
    CHECK_THAT(complaint(std::string("name = \"x\"\n") + letter + "\n"), Catch::Contains("line 2, column"));
  }
}

TEST_CASE("brackets without their half, deep nesting and endless dotted keys are refused with their line") {
  for (const char* text :
       {"[", "[#", "[.]", "[,]", "[=", "[&a]", "[[$b]]", "[\x05c]", "name = \"x\"\n[", "[[", "[train"})
    CHECK_THAT(complaint(text), Catch::Contains("line ") && Catch::Contains("toml.io"));
  CHECK_THAT(complaint("name = " + std::string(100'000, '[')), Catch::Contains("brackets are nested"));
  std::string dotted = "a";
  for (int i = 0; i < 1000; ++i) dotted += ".a";
  CHECK_THAT(complaint(dotted + " = 1\n"), Catch::Contains("a name has more than 64 dots"));
  CHECK_THAT(complaint(std::string(2 << 20, '#')), Catch::Contains("bytes"));
}

TEST_CASE("dots and brackets within strings are no keys and no lists") {
  std::string dots;
  for (int i = 0; i < 200; ++i) dots += "[a-z.].";
  CHECK(complaint("[features]\nwidth = 8\nheight = 8\nchannels = 1\n[samples]\ngroup = '" + dots + "'\n") == "");
}
