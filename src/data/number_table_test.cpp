#include "data/number_table.h"

#include <catch2/catch.hpp>

#include "base/error.h"

using namespace dragonet;

static NumberTable read(const std::string& text) {
  const TemporaryFolder folder;
  write_file(folder.path() / "t.csv", text);
  return read_number_table(folder.path() / "t.csv");
}

TEST_CASE("a table's columns of numbers are read, and labels from the column of that name") {
  const NumberTable table = read("temperature,humidity,label\n20.5,40,dry\n21,80,wet\n");
  CHECK(table.columns == std::vector<std::string>{"temperature", "humidity"});
  CHECK(table.values == std::vector<float>{20.5f, 40, 21, 80});
  CHECK(table.labels == std::vector<std::string>{"dry", "wet"});
  CHECK(table.notes.empty());
}

TEST_CASE("times, words and rows with a missing number are left out, and it is said") {
  const NumberTable table = read("time;a;place;b\n1;2;kitchen;3\n2;;hall;5\n3;6,5;hall;7\n");
  CHECK(table.columns == std::vector<std::string>{"a", "b"});
  CHECK(table.values == std::vector<float>{2, 3, 6.5f, 7});
  REQUIRE(table.notes.size() == 2);
  CHECK_THAT(table.notes[0], Catch::Contains("time (times, or numbers of rows or persons); place (words)"));
  CHECK(table.notes[1].starts_with("1 row(s)"));
}

TEST_CASE("a table without names, numbers or rows is refused in a sentence") {
  CHECK_THROWS_WITH(read("1,2\n3,4\n"), Catch::Contains("line 1") && Catch::Contains("column's name"));
  CHECK_THROWS_WITH(read("a,b\nx,y\n"), Catch::Contains("no column holds numbers"));
  CHECK_THROWS_WITH(read("a,b\n"), Catch::Contains("no row is whole"));
  CHECK_THROWS_WITH(read(""), Catch::Contains("empty"));
}

TEST_CASE("each row with a label is a range of its own, counted in rows") {
  const TemporaryFolder folder;
  write_file(folder.path() / "t.csv", "a,class\n1,x\n2,x\n3,y\n4,x\n");
  const std::vector<MotionRange> ranges = labelled_rows(folder.path() / "t.csv", 0);
  CHECK(ranges == std::vector<MotionRange>{{0, 1, "x"}, {1, 2, "x"}, {2, 3, "y"}, {3, 4, "x"}});
}

TEST_CASE("empty columns, times since 1970 and numbers of persons are no numbers to learn from") {
  const NumberTable table = read("user,when,a,gps,b,\n1,1700000000,2,,3,\n2,1700000001,4,,5,\n");
  CHECK(table.columns == std::vector<std::string>{"a", "b"});
  CHECK(table.rows() == 2);
  REQUIRE(table.notes.size() == 1);
  CHECK_THAT(table.notes[0], Catch::Contains("gps, column 6 (empty)") && Catch::Contains("user, when (times"));
}

TEST_CASE("a table in Latin-1 is read, and it is said") {
  const NumberTable table = read(
      "temp \xb0"
      "C,label\n2,k\xfchl\n30,hei\xdf\n");
  CHECK(table.columns == std::vector<std::string>{"temp \u00b0C"});
  CHECK(table.labels == std::vector<std::string>{"k\u00fchl", "hei\u00df"});
  CHECK_THAT(table.notes.at(0), Catch::Contains("Latin-1"));
}
