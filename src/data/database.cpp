#include "data/database.h"

#include <sqlite3.h>

#include <utility>

namespace dragonet {

static constexpr int patience_ms = 10'000;  // for another process's transaction

[[noreturn]] static void fail(sqlite3* database, const std::string& file) {
  const int code = database ? sqlite3_errcode(database) : SQLITE_NOMEM;
  const std::string what = database ? sqlite3_errmsg(database) : "out of memory";
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
    throw DamagedDatabase({file, "is damaged: " + what, "it can be made anew"});
  throw Error({file, "cannot be used: " + what, "check the disk, and the permissions of the file and its folder"});
}

Statement::Statement(sqlite3* database, sqlite3_stmt* statement, std::string file)
    : database_(database), statement_(statement), file_(std::move(file)) {}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

bool Statement::step() {
  column_ = 0;
  const int code = sqlite3_step(statement_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) fail(database_, file_);
  return code == SQLITE_ROW;
}

void Statement::bind(std::int64_t value) {
  if (sqlite3_bind_int64(statement_.get(), ++bound_, value) != SQLITE_OK) fail(database_, file_);
}

void Statement::bind(double value) {
  if (sqlite3_bind_double(statement_.get(), ++bound_, value) != SQLITE_OK) fail(database_, file_);
}

void Statement::bind(const std::string& value) {
  const int bytes = static_cast<int>(value.size());
  if (sqlite3_bind_text(statement_.get(), ++bound_, value.data(), bytes, SQLITE_TRANSIENT) != SQLITE_OK)
    fail(database_, file_);
}

void Statement::read(std::int64_t& value) { value = sqlite3_column_int64(statement_.get(), column_++); }

void Statement::read(double& value) { value = sqlite3_column_double(statement_.get(), column_++); }

void Statement::read(int& value) { value = sqlite3_column_int(statement_.get(), column_++); }

void Statement::read(std::string& value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column_));
  const int bytes = sqlite3_column_bytes(statement_.get(), column_++);
  value = text ? std::string(text, static_cast<std::size_t>(bytes)) : "";
}

bool Statement::next_is_null() const { return sqlite3_column_type(statement_.get(), column_) == SQLITE_NULL; }

void Database::Close::operator()(sqlite3* database) const { sqlite3_close(database); }

Database::Database(const fs::path& file) : file_(file.empty() ? "the database in memory" : file.string()) {
  sqlite3* database = nullptr;
  const int code = sqlite3_open(file.empty() ? ":memory:" : file.c_str(), &database);
  database_.reset(database);  // also one that could not be opened must be closed
  if (code != SQLITE_OK) fail(database, file_);
  sqlite3_busy_timeout(database, patience_ms);
  run("PRAGMA foreign_keys = ON");
  check();
}

/// SQLite itself finds damage only where it happens to read.
void Database::check() {
  Statement statement = prepared("PRAGMA quick_check(1)");
  std::string found;
  if (statement.step()) statement.read(found);
  if (found != "ok") throw DamagedDatabase({file_, "is damaged: " + found, "it can be made anew"});
}

void Database::run(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(database_.get(), file_);
}

Statement Database::prepared(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
    fail(database_.get(), file_);
  return {database_.get(), statement, file_};
}

// IMMEDIATE: waits for its turn to write here, where waiting is possible, rather than at the first write.
Transaction::Transaction(Database& database) : database_(&database) { database.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (database_) try {
      database_->run("ROLLBACK");
    } catch (const Error&) {  // SQLite has rolled back by itself
    }
}

void Transaction::commit() {
  database_->run("COMMIT");
  database_ = nullptr;
}

}  // namespace dragonet
