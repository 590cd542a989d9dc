// A table of numbers as a user takes it: rows of a CSV file, from the file to the virtual board.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <random>

#include "program.h"

using namespace dragonet;
using nlohmann::json;
using testing::dragonet_in;
using testing::json_of;

namespace {

/// What three channels of a gas sensor might say, with a column of times and one of words, which mean nothing.
std::string gases(int rows) {
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0, 0.4);
  std::string text = "time,co,no2,room,temperature,label\n";
  for (int i = 0; i < rows; ++i) {
    const bool smoke = random() % 2;
    text += fmt::format("{},{:.3f},{:.3f},kitchen,{:.1f},{}\n", 10 * i, (smoke ? 4 : 1) + noise(random),
                        (smoke ? 1 : 3) + noise(random), 22 + 3 * noise(random), smoke ? "smoke" : "air");
  }
  return text;
}

}  // namespace

TEST_CASE("rows of a table are learned, and the virtual board answers each as the host does") {
  const TemporaryFolder home;
  write_file(home.path() / "rows" / "gas.csv", gases(300));
  json_of(home.path(), "new nose --kind table --samples rows");
  const fs::path project = home.path() / "nose";
  CHECK_THAT(read_text(project / "dragonet.toml"), Catch::Contains("columns = ['co', 'no2', 'temperature']") ||
                                                       Catch::Contains("columns = [\"co\", \"no2\", \"temperature\"]"));

  const json data = json_of(project, "data");
  CHECK(data["samples"] == 300);
  CHECK_THAT(data["notes"].dump(), Catch::Contains("left out: time (times") && Catch::Contains("room (words)"));
  json_of(project, "train");
  const json tested = json_of(project, "test --board mkrzero");
  CHECK(tested["samples"] == 60);  // a fifth of the rows, each of them once
  CHECK(tested["groups"] == 60);
  CHECK(tested["board"]["equal"] == true);
  CHECK(tested["int8"]["balanced_accuracy"]["value"] > 0.95);

  const json ran = json_of(project, "run --samples samples/gas.csv");
  CHECK(ran["answers"].size() == 300);
  CHECK(ran["answers"][1]["row"] == 2);
}

TEST_CASE("a table with other columns is refused by its name and the nearest column") {
  const TemporaryFolder home;
  for (const char* label : {"air", "smoke"})
    for (int i = 0; i < 3; ++i)
      write_file(home.path() / "rows" / label / fmt::format("{}.csv", i), "co,no2\n1,2\n3,4\n5,6\n");
  json_of(home.path(), "new nose --kind table --samples rows");
  write_file(home.path() / "nose" / "samples" / "air" / "9.csv", "co2,no2\n1,2\n");
  CHECK_THAT(dragonet_in(home.path() / "nose", "train").output,
             Catch::Contains("9.csv: it has no column co") && Catch::Contains("rename a column"));
}

TEST_CASE("rows of a file stay together where --group says so, and stand alone where it says nothing") {
  const TemporaryFolder home;
  for (const char* label : {"air", "smoke"})
    for (int i = 0; i < 5; ++i)
      write_file(home.path() / "rows" / label / fmt::format("{}.csv", i),
                 label[0] == 'a' ? "co,no2\n1,3\n2,3\n1,2\n" : "co,no2\n5,1\n6,1\n5,0\n");
  for (const auto& [name, group, groups] : {std::tuple{"together", " --group '(.*)'", 2}, {"alone", "", 6}}) {
    json_of(home.path(), std::string("new ") + name + " --kind table --samples rows" + group);
    json_of(home.path() / name, "train");
    const json tested = json_of(home.path() / name, "test");
    CHECK(tested["samples"] == 6);  // a fifth of 30 rows
    CHECK(tested["groups"] == groups);
  }
}
