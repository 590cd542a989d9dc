// What people and programs call the columns of motion recordings: Edge Impulse's forwarder and CSV, phone loggers
// (Sensor Logger, phyphox), Arduino sketches, the data sets of the literature.
#include "data/column_names.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "data/text_table.h"

namespace dragonet {

static bool is_one_of(const std::string& word, std::initializer_list<const char*> words) {
  return std::ranges::find(words, word) != words.end();
}

static std::string spelled(std::string unit) {
  using Spelling = std::pair<const char*, const char*>;
  static const Spelling spellings[] = {
      {"ms2", "m/s2"},   {"m/s^2", "m/s2"},      {"m/s²", "m/s2"},       {"mps2", "m/s2"},  {"m/s/s", "m/s2"},
      {"rads", "rad/s"}, {"radps", "rad/s"},     {"dps", "deg/s"},       {"degs", "deg/s"}, {"°/s", "deg/s"},
      {"G", "g"},        {"ut", "uT"},           {"µT", "uT"},           {"μT", "uT"},      {"µs", "us"},
      {"msec", "ms"},    {"millis", "ms"},       {"milliseconds", "ms"}, {"sec", "s"},      {"seconds", "s"},
      {"micros", "us"},  {"microseconds", "us"}, {"nanoseconds", "ns"}};
  for (const auto& [from, to] : spellings)
    if (unit == from) return to;
  return unit;
}

/// What a name's last word may say of its unit: "ax_ms2". Not "s": "ax_s" could be anything, and "t_s" is asked below.
static bool is_unit_word(const std::string& word) {
  return is_one_of(word, {"g", "mg", "ms2", "mps2", "rads", "radps", "dps", "degs", "ut", "ms", "us", "ns", "millis",
                          "micros", "milliseconds", "microseconds", "nanoseconds", "seconds", "sec"});
}

NameAndUnit name_and_unit(std::string_view column) {
  column = trimmed(column);
  for (const auto& [open, close] : {std::pair{'(', ')'}, std::pair{'[', ']'}}) {
    const std::size_t at = column.rfind(open);
    if (at != column.npos && at > 0 && column.back() == close)
      return {std::string(trimmed(column.substr(0, at))),
              spelled(std::string(trimmed(column.substr(at + 1, column.size() - at - 2))))};
  }
  const std::size_t at = column.rfind('_');
  if (at != column.npos && at > 0) {
    const std::string name(column.substr(0, at)), word = lower(column.substr(at + 1));
    if (is_unit_word(word) || (word == "s" && is_time_name(name))) return {name, spelled(word)};
  }
  const std::string whole = lower(column);
  if (is_one_of(whole, {"millis", "micros", "seconds", "milliseconds", "ms", "millis()", "micros()"}))
    return {"time", spelled(whole.substr(0, whole.find('(')))};
  return {std::string(column), ""};
}

/// Its letters and digits, small: "User ID" and "user_id" are one.
static std::string plain(std::string_view name) {
  std::string letters = lower(name);
  std::erase_if(letters, [](char c) { return c == ' ' || c == '_' || c == '-' || c == '.'; });
  return letters;
}

bool is_time_name(const std::string& name) {
  return is_one_of(plain(name), {"t",
                                 "time",
                                 "timestamp",
                                 "ts",
                                 "elapsed",
                                 "secondselapsed",
                                 "elapsedtime",
                                 "timeelapsed",
                                 "sensortimestamp",
                                 "epoch",
                                 "epochtime",
                                 "unix",
                                 "unixtime",
                                 "unixtimestamp",
                                 "unixepoch",
                                 "datetime",
                                 "utc",
                                 "trel",
                                 "timerel",
                                 "relt",
                                 "reltime",
                                 "relativetime",
                                 "systemtime",
                                 "devicetime",
                                 "hosttime",
                                 "arrivaltime",
                                 "sampletime",
                                 "loggingtime",
                                 "timestamputc",
                                 "timestampunix",
                                 "timesincestart"});
}

bool is_label_name(const std::string& name) {
  return is_one_of(lower(name), {"label", "labels", "activity", "class", "target", "gesture", "annotation"});
}

bool is_count_name(const std::string& name) {
  return name.empty() || is_one_of(plain(name), {"#",
                                                 "index",
                                                 "idx",
                                                 "row",
                                                 "rowid",
                                                 "rowno",
                                                 "rownumber",
                                                 "sample",
                                                 "sampleno",
                                                 "samplenumber",
                                                 "sampleid",
                                                 "id",
                                                 "count",
                                                 "counter",
                                                 "seq",
                                                 "sequence",
                                                 "sequencenumber",
                                                 "packet",
                                                 "packetcounter",
                                                 "packetno",
                                                 "frame",
                                                 "frameno",
                                                 "framenumber",
                                                 "line",
                                                 "unnamed: 0",
                                                 "unnamed:0"});
}

bool is_number_name(const std::string& name) {
  std::string what = plain(name);
  if (what == "uid") return true;
  for (const std::string_view ending : {"number", "index", "no", "nr", "id", "#"})
    if (what.ends_with(ending) && what.size() > ending.size()) what.resize(what.size() - ending.size());
  return is_one_of(
      what, {"user", "subject", "person", "participant", "volunteer", "session", "trial", "experiment", "exp", "run",
             "recording", "take", "repetition", "rep", "device", "fold", "batch", "segment", "file"});
}

double seconds_in(const std::string& unit) {
  if (unit == "s") return 1;
  if (unit == "ms") return 1e-3;
  if (unit == "us") return 1e-6;
  return unit == "ns" ? 1e-9 : 0;
}

}  // namespace dragonet
