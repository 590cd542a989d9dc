#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/files.h"

struct sqlite3;
struct sqlite3_stmt;

namespace dragonet {

/// The file is no SQLite database, or is damaged.
class DamagedDatabase : public Error {
 public:
  using Error::Error;
};

/// One SQL statement with its values bound, never pasted into the text.
class Statement {
 public:
  Statement(Statement&&) = default;

  bool step();  // to the first, then the next row; false: there is none left
  void bind(std::int64_t value);
  void bind(double value);
  void bind(const std::string& value);
  void bind(int value) { bind(static_cast<std::int64_t>(value)); }
  void bind_null() { ++bound_; }
  template <typename T>
  void bind(const std::optional<T>& value) {
    value ? bind(*value) : bind_null();
  }

  /// The row's next column; none: it is NULL.
  void read(std::int64_t& value);
  void read(double& value);
  void read(std::string& value);
  void read(int& value);
  template <typename T>
  void read(std::optional<T>& value) {
    if (next_is_null())
      value.reset(), ++column_;
    else
      read(value.emplace());
  }

 private:
  friend class Database;
  Statement(sqlite3* database, sqlite3_stmt* statement, std::string file);
  bool next_is_null() const;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };

  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  std::string file_;
  int bound_ = 0, column_ = 0;
};

/// An SQLite database. Whatever fails is thrown as Error, DamagedDatabase where a new file would help.
class Database {
 public:
  /// Opens the file, makes it where it is not there, and checks it. An empty path: one in memory.
  explicit Database(const fs::path& file);

  void run(const std::string& sql);  // statements without values or rows
  template <typename... Values>
  Statement prepare(const std::string& sql, const Values&... values) {
    Statement statement = prepared(sql);
    (statement.bind(values), ...);
    return statement;
  }

 private:
  Statement prepared(const std::string& sql);
  void check();
  struct Close {
    void operator()(sqlite3* database) const;
  };

  std::string file_;
  std::unique_ptr<sqlite3, Close> database_;
};

/// All that happens until `commit` happens, or nothing of it.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database* database_;
};

}  // namespace dragonet
