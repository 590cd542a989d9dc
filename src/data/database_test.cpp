#include "data/database.h"

#include <catch2/catch.hpp>

using namespace dragonet;
using Catch::Matchers::Contains;

static std::int64_t rows_in(Database& database) {
  Statement statement = database.prepare("SELECT count(*) FROM words");
  std::int64_t count = -1;
  if (statement.step()) statement.read(count);
  return count;
}

static void add(Database& database, const std::string& word, std::optional<double> weight) {
  database.prepare("INSERT INTO words VALUES (?, ?)", word, weight).step();
}

TEST_CASE("values are bound, not pasted: quotes, zero bytes and NULL come back as they went in") {
  Database database("");
  database.run("CREATE TABLE words (word TEXT, weight REAL)");
  const std::string hostile("'); DROP TABLE words; --\0é", 27);
  add(database, hostile, 0.1);
  add(database, "", std::nullopt);

  Statement statement = database.prepare("SELECT word, weight FROM words");
  std::string word;
  std::optional<double> weight;
  REQUIRE(statement.step());
  statement.read(word), statement.read(weight);
  CHECK(word == hostile);
  CHECK(weight == 0.1);
  REQUIRE(statement.step());
  statement.read(word), statement.read(weight);
  CHECK(word == "");
  CHECK_FALSE(weight);
  CHECK_FALSE(statement.step());
}

TEST_CASE("a transaction that is not committed leaves nothing") {
  const TemporaryFolder folder;
  Database database(folder.path() / "d.sqlite");
  database.run("CREATE TABLE words (word TEXT, weight REAL)");
  {
    Transaction transaction(database);
    add(database, "lost", 1.0);
  }
  CHECK(rows_in(database) == 0);
  {
    Transaction transaction(database);
    add(database, "kept", 1.0);
    transaction.commit();
  }
  Database again(folder.path() / "d.sqlite");
  CHECK(rows_in(again) == 1);
}

TEST_CASE("a file that is no database, or one with a page of rubbish, is said to be damaged") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "d.sqlite";
  write_file(file, std::string(5000, 'x'));
  CHECK_THROWS_AS(Database(file), DamagedDatabase);

  fs::remove(file);
  {
    Database database(file);
    database.run("CREATE TABLE words (word TEXT, weight REAL)");
    for (int i = 0; i < 2000; ++i) add(database, std::string(20, 'a'), i);
  }
  Bytes bytes = read_bytes(file);
  std::fill(bytes.begin() + 8192, bytes.begin() + 12288, 0xAA);
  write_file(file, bytes);
  CHECK_THROWS_AS(Database(file), DamagedDatabase);
}

TEST_CASE("a database that cannot be opened is named, and is not called damaged") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(Database(folder.path() / "none" / "d.sqlite"),
                    Contains("none/d.sqlite: cannot be used: unable to open database file; check"));
  CHECK_THROWS_WITH(Database("").run("SELEKT 1"), Contains("syntax error"));
}
