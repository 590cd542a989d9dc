// Two records of every run: runs/<n>/summary.json is the truth, runs/runs.sqlite an index of all of them, to list them
// without opening every folder and to ask SQL of them. A row keeps the time stamp of the files that it was made of; a
// row whose stamp is not its folder's is made anew. So folders may be deleted, copied and restored by hand.
#include "project/run_index.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/error.h"
#include "base/range_lock.h"
#include "data/database.h"

namespace dragonet {

fs::path run_lock_file(const fs::path& runs) { return runs / "lock"; }

static std::int64_t changed_ns(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return 0;
  return status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec;
}

/// Another one whenever something that the row is made of has changed.
static std::int64_t stamp_of(const Run& run) {
  return std::max(changed_ns(summary_file(run)), changed_ns(run.folder / "run.json"));
}

// --- rows ---

static std::string column_of(std::string name) {
  std::ranges::replace(name, '/', '_');
  return name;
}

static const char* sql_type(int) { return "INTEGER PRIMARY KEY"; }
static const char* sql_type(const std::string&) { return "TEXT"; }
static const char* sql_type(const std::optional<double>&) { return "REAL"; }
template <typename Integer>
static const char* sql_type(const std::optional<Integer>&) {
  return "INTEGER";
}

static std::string table_of_runs() {
  std::string columns;
  RunSummary run;
  for_each_field(run, [&](const std::string& name, const auto& value) {
    columns += fmt::format("\"{}\" {}, ", column_of(name), sql_type(value));
  });
  return fmt::format("CREATE TABLE runs ({}stamp INTEGER)", columns);
}

static constexpr const char* table_of_settings =
    "CREATE TABLE settings (run INTEGER REFERENCES runs ON DELETE CASCADE, name TEXT, value TEXT, "
    "PRIMARY KEY (run, name))";

static std::string table_found(Database& index) {
  Statement statement = index.prepare("SELECT sql FROM sqlite_master WHERE name = 'runs'");
  std::string sql;
  if (statement.step()) statement.read(sql);
  return sql;
}

/// Tables with other columns are another version's: they go, since the folders know all that they hold.
static void make_tables(Database& index) {
  if (table_found(index) == table_of_runs()) return;
  Transaction transaction(index);
  index.run("DROP TABLE IF EXISTS settings; DROP TABLE IF EXISTS runs");
  index.run(table_of_runs());
  index.run(table_of_settings);
  transaction.commit();
}

static void delete_row(Database& index, int number) {
  index.prepare("DELETE FROM runs WHERE run = ?", number).step();  // and its settings, which refer to it
}

static void put_row(Database& index, const RunSummary& run, std::int64_t stamp) {
  delete_row(index, run.number);
  std::string marks;
  for_each_field(run, [&](const std::string&, const auto&) { marks += "?, "; });
  Statement row = index.prepare(fmt::format("INSERT INTO runs VALUES ({}?)", marks));
  for_each_field(run, [&](const std::string&, const auto& value) { row.bind(value); });
  row.bind(stamp);
  row.step();
  for (const auto& [name, value] : run.settings)
    index.prepare("INSERT INTO settings VALUES (?, ?, ?)", run.number, name, value).step();
}

static std::map<int, std::int64_t> stamps_in(Database& index) {
  std::map<int, std::int64_t> stamps;
  Statement row = index.prepare("SELECT run, stamp FROM runs");
  while (row.step()) {
    int number = 0;
    row.read(number);
    row.read(stamps[number]);
  }
  return stamps;
}

static void read_settings(Database& index, RunSummary& run) {
  Statement row = index.prepare("SELECT name, value FROM settings WHERE run = ?", run.number);
  while (row.step()) {
    std::string name;
    row.read(name);
    row.read(run.settings[name]);
  }
}

static std::vector<RunSummary> rows_in(Database& index) {
  std::vector<RunSummary> runs;
  Statement row = index.prepare("SELECT * FROM runs ORDER BY run");
  while (row.step()) {
    for_each_field(runs.emplace_back(), [&](const std::string&, auto& value) { row.read(value); });
    read_settings(index, runs.back());
  }
  return runs;
}

/// Rows of folders that changed are made anew; those of folders that are gone, deleted.
static void follow_folders(Database& index, const fs::path& runs, const Observer& observer) {
  std::map<int, std::int64_t> stamps = stamps_in(index);
  Transaction transaction(index);
  for (const Run& run : runs_in(runs)) {
    const auto row = stamps.find(run.number);
    if (const std::int64_t stamp = stamp_of(run); row == stamps.end() || row->second != stamp)
      put_row(index, summary_of(run), stamp);
    if (row != stamps.end()) stamps.erase(row);
  }
  for (const auto& [number, stamp] : stamps) {
    observer.say(fmt::format("{} is gone: it is listed no more", (runs / std::to_string(number)).string()));
    delete_row(index, number);
  }
  transaction.commit();
}

// --- the database's file ---

/// Kept under another name, in case that something else was in it. Its journal would be taken for the new one's.
static void set_aside(const fs::path& file) {
  std::error_code ignored;
  fs::rename(file, file.string() + ".damaged", ignored);
  fs::remove(file.string() + "-journal", ignored);
}

/// SQLite would wait for a pipe's writer.
static void require_files(const fs::path& file) {
  std::error_code none;
  for (const char* suffix : {"", "-journal", "-wal", "-shm"})
    if (const fs::path each = file.string() + suffix; fs::exists(each, none) && !fs::is_regular_file(each, none))
      throw Error({each.string(), "is no regular file, so the index of runs cannot be used", "remove it"});
}

static Database open_index(const fs::path& file) {
  if (!file.empty()) require_files(file);
  Database index(file);
  make_tables(index);
  return index;
}

/// What `work` returns of the index. A damaged one is made anew.
template <typename Work>
static auto with_index(const fs::path& runs, const Observer& observer, Work work) {
  const fs::path file = runs / "runs.sqlite";
  try {
    Database index = open_index(file);
    return work(index);
  } catch (const DamagedDatabase& damaged) {
    const Problem& problem = damaged.problems[0];
    observer.say(
        sentence({problem.where, problem.what, "its rows are made anew from the folders, and nothing is lost"}));
  }
  set_aside(file);
  Database index = open_index(file);
  return work(index);
}

static std::vector<RunSummary> rows_of(const fs::path& runs, const Observer& observer) {
  const auto agreed = [&](Database& index) {
    follow_folders(index, runs, observer);
    return rows_in(index);
  };
  try {
    return with_index(runs, observer, agreed);
  } catch (const Error& error) {  // a project that may only be read can still be listed
    observer.say(error.what());
    Database in_memory = open_index("");
    return agreed(in_memory);
  }
}

/// What a process that was killed had reached.
static std::string state_left_in(const Run& run) {
  return run.is_finished() && !fs::exists(run.checkpoint()) ? "finished" : "interrupted";
}

std::vector<RunSummary> list_runs(const fs::path& project_folder, const Observer& observer) {
  const fs::path folder = project_folder / "runs";
  if (!fs::is_directory(folder)) return {};
  std::vector<RunSummary> runs = rows_of(folder, observer);
  for (RunSummary& run : runs)
    if (run.state == "running" && !is_locked(run_lock_file(folder), run.number))
      run.state = state_left_in({run.number, folder / std::to_string(run.number)});
  return runs;
}

void index_run(const RunSummary& summary, const Run& run, const Observer& observer) try {
  with_index(run.folder.parent_path(), observer, [&](Database& index) {
    Transaction transaction(index);
    put_row(index, summary, stamp_of(run));
    transaction.commit();
  });
} catch (const Error& error) {
  observer.say(error.what());
}

}  // namespace dragonet
