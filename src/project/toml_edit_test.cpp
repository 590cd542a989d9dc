#include "project/toml_edit.h"

#include <catch2/catch.hpp>

using namespace dragonet;

static std::string with_group(const std::string& text) {
  return with_setting(text, "samples", "group", "'a'", "f.toml");
}

TEST_CASE("a setting's value is replaced in its place, and comments and everything else stay") {
  CHECK(with_group("# mine\nname = \"p\" # é\n\n[samples]\ngroup   = \"\"    # of  people\nfolds = 7\n") ==
        "# mine\nname = \"p\" # é\n\n[samples]\ngroup   = 'a'    # of  people\nfolds = 7\n");
  CHECK(with_group("[samples]\nfolder = \"é\"\ngroup = ''") == "[samples]\nfolder = \"é\"\ngroup = 'a'");
  CHECK(with_group("samples = {folder = \"éé\", group = \"\"}  # é\n") ==
        "samples = {folder = \"éé\", group = 'a'}  # é\n");
  CHECK(with_group("samples.group = \"\"\n") == "samples.group = 'a'\n");
}

TEST_CASE("a setting that is not there becomes the first line of its section, with the file's line ends") {
  CHECK(with_group("[samples]  # where\r\nfolds = 7\r\n[train]\r\n") ==
        "[samples]  # where\r\ngroup = 'a'\r\nfolds = 7\r\n[train]\r\n");
  CHECK(with_group("[samples]") == "[samples]\ngroup = 'a'\n");
}

TEST_CASE("a section that is not there is put at the end") {
  CHECK(with_group("") == "[samples]\ngroup = 'a'\n");
  CHECK(with_group("name = \"p\"\n") == "name = \"p\"\n\n[samples]\ngroup = 'a'\n");
  CHECK(with_group("[train]\nepochs = 3") == "[train]\nepochs = 3\n\n[samples]\ngroup = 'a'\n");
}

TEST_CASE("a section in a form that cannot be changed is left to its writer, and so is what is no TOML") {
  CHECK_THROWS_WITH(with_group("samples = {folds = 7}\n"),
                    Catch::Contains("f.toml: samples.group cannot be set in it") &&
                        Catch::Contains("set group = 'a' in [samples] yourself"));
  CHECK_THROWS_WITH(with_group("samples = 3\n"), Catch::Contains("cannot be set in it"));
  CHECK_THROWS_WITH(with_group("[samples\n"), Catch::Contains("f.toml, line 1"));
}
