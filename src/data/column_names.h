#pragma once

#include <string>
#include <string_view>

namespace dragonet {

/// "ax (m/s2)", "ax [g]", "ax_ms2": what is measured, and in what. Units are written in one way: m/s2, rad/s, deg/s, g.
struct NameAndUnit {
  std::string name, unit;
};
NameAndUnit name_and_unit(std::string_view column);

bool is_time_name(const std::string& name);    // without its unit: "t", "time", "timestamp", ...
bool is_label_name(const std::string& name);   // "label", "activity", "class", ...
bool is_count_name(const std::string& name);   // "index", "sample", "", ...: numbers of rows
bool is_number_name(const std::string& name);  // "user", "session", "trial", ...: who or what, not how much

/// Seconds in one "ms", "s", "us" or "ns"; 0 for what is no unit of time.
double seconds_in(const std::string& unit);

}  // namespace dragonet
