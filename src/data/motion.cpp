#include "data/motion.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "data/column_names.h"
#include "data/edge_impulse.h"
#include "data/motion_table.h"
#include "data/text_table.h"

namespace dragonet {

static bool is_edge_impulse(const fs::path& path) {
  const std::string extension = lower(path.extension().string());
  return extension == ".json" || extension == ".cbor";
}

bool is_motion_file(const fs::path& path) {
  const std::string extension = lower(path.extension().string());
  return extension == ".csv" || extension == ".tsv" || extension == ".txt" || is_edge_impulse(path);
}

/// Whatever the rate is that is given, the file does not say it.
static void note_rate(TimedReadings& table, double rate_hz) {
  if (table.times_s.empty() && rate_hz > 0)
    table.notes.push_back(fmt::format(
        "it has no column of times; its readings are taken to come at {:g} Hz, as the rate given says", rate_hz));
}

MotionRecording read_motion(const fs::path& path, const MotionReadOptions& options) {
  if (!is_edge_impulse(path)) {
    TimedReadings table = read_motion_table(path, options.axes);
    note_rate(table, options.rate_hz);
    return evenly_spaced(std::move(table), options.rate_hz);
  }
  EdgeImpulseReadings found = read_edge_impulse(path);
  MotionRecording recording = evenly_spaced(std::move(found.readings), found.rate_hz);
  return options.rate_hz > 0 ? at_rate(std::move(recording), options.rate_hz) : recording;
}

namespace {

/// Which columns of a list of ranges are which; -1: there is none.
struct RangeColumns {
  int file = -1, label = -1, start = -1, end = -1;
  double start_unit_s = 1, end_unit_s = 1;
};

[[noreturn]] void refuse(const fs::path& path, int line, std::string what, std::string next) {
  throw Error(Problem{fmt::format("{}, line {}", path.string(), line), std::move(what), std::move(next)});
}

double unit_of(const std::string& unit) { return seconds_in(unit) > 0 ? seconds_in(unit) : 1; }

RangeColumns columns_of(const fs::path& path, const TextTable& table) {
  RangeColumns columns;
  for (int i = 0; i < std::ssize(table.cells()); ++i) {
    auto [name, unit] = name_and_unit(table.cells()[i]);
    name = lower(name);
    if (name.ends_with("_s")) name.resize(name.size() - 2), unit = "s";
    if (name == "file" || name == "filename" || name == "recording" || name == "path") columns.file = i;
    if (is_label_name(name)) columns.label = i;
    if (name == "start" || name == "first" || name == "from") columns.start = i, columns.start_unit_s = unit_of(unit);
    if (name == "end" || name == "last" || name == "to") columns.end = i, columns.end_unit_s = unit_of(unit);
  }
  if (columns.file < 0 || columns.label < 0 || (columns.start < 0) != (columns.end < 0))
    refuse(path, table.line(), "its header does not name the columns of a list of ranges",
           "begin with the line file,start_s,end_s,label (or start_ms,end_ms)");
  return columns;
}

double seconds_at(const fs::path& path, const TextTable& table, int column, double unit_s) {
  const std::optional<double> number = number_in(table.cells()[column], table.separator());
  if (!number || *number < 0)
    refuse(path, table.line(), fmt::format("column {} is no time from 0 on", column + 1),
           "give seconds or milliseconds");
  return *number * unit_s;
}

NamedRange range_in(const fs::path& path, const TextTable& table, const RangeColumns& columns) {
  const int wanted = std::max({columns.file, columns.label, columns.start, columns.end});
  if (std::ssize(table.cells()) <= wanted)
    refuse(path, table.line(), fmt::format("it has {} cells, and {} are needed", table.cells().size(), wanted + 1),
           "give every line the columns of the first");
  NamedRange named{table.cells()[columns.file], MotionRange{.label = std::string(table.cells()[columns.label])}};
  if (named.first.empty() || named.second.label.empty())
    refuse(path, table.line(), "the file or the label is empty", "fill it in, or remove the line");
  if (columns.start < 0) return named;
  named.second.first_s = seconds_at(path, table, columns.start, columns.start_unit_s);
  named.second.last_s = seconds_at(path, table, columns.end, columns.end_unit_s);
  if (named.second.last_s <= named.second.first_s)
    refuse(path, table.line(), "the range ends before it begins", "give its start before its end");
  return named;
}

}  // namespace

std::vector<NamedRange> read_motion_labels(const fs::path& path) {
  TextTable table(path);
  if (!table.next()) refuse(path, 1, "it is empty", "begin with the line file,start_s,end_s,label");
  const RangeColumns columns = columns_of(path, table);
  std::vector<NamedRange> ranges;
  while (table.next()) ranges.push_back(range_in(path, table, columns));
  return ranges;
}

std::vector<MotionRange> labelled_readings(const fs::path& path, double rate_hz) {
  return read_motion(path, {.rate_hz = rate_hz}).labelled;
}

}  // namespace dragonet
