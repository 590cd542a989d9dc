#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "data/number_table.h"
#include "features/motion_settings.h"

namespace dragonet {

/// How a row of a table of numbers becomes a model's input; kept in the model's metadata, so that the chip computes
/// what training saw. A reading is one int16 for each column: -32768 stands for `low`, 32767 for `high`.
struct TableFeatureSettings {
  static constexpr const char* name = "table";  // of the kind

  std::vector<std::string> columns;  // names, in the order of the readings
  std::vector<double> low, high;     // of each column, in its own unit: what becomes -1, and 1

  FeatureShape shape() const { return {1, 1, static_cast<int>(columns.size())}; }
  FeatureScale scale() const { return {.zero_point = 0, .steps = 128}; }
  SensorReadings readings() const {
    return {.rate_hz = 0, .axes = static_cast<int>(columns.size()), .window = 1, .a_row = 1};
  }
  bool operator==(const TableFeatureSettings&) const = default;
};

/// Settings that do not go together, in words; `where` is left empty. Ranges of single ones are visit_settings'.
std::vector<Problem> problems_of(const TableFeatureSettings& settings);

/// The model's input for a row, and for each row of many: features.h.
std::vector<std::int8_t> features_of(const Raw& raw, const TableFeatureSettings& settings);
std::vector<std::int8_t> listened_features(const Readings& readings, const TableFeatureSettings& settings);

/// The chip's source for it is that of motion, which takes readings as they are.
MotionFeatureSettings as_motion(const TableFeatureSettings& settings);

/// What of a table does not reach the chip: columns that are none of the settings', and values that are cut.
std::vector<std::string> table_notes(const NumberTable& table, const TableFeatureSettings& settings);

/// Rows `first` to `last` - 1 as the chip is given them. Throws Error if a column is missing.
///   returns  [last - first], each [columns]
std::vector<Readings> table_readings(const NumberTable& table, std::size_t first, std::size_t last,
                                     const TableFeatureSettings& settings);

/// Settings to begin with: the columns of the first example, each from its least to its largest value in all of them
/// and a tenth more on both sides, in three digits. Throws Error: no examples, or examples of different columns.
TableFeatureSettings default_table_features(const std::vector<NumberTable>& examples);

/// visit(const SettingInfo&, value) for each. Values are lists of strings or doubles.
template <SettingsOf<TableFeatureSettings> Settings>
void visit_settings(Settings& s, auto visit) {
  visit({"columns", 0, 0, "names of the columns"}, s.columns);
  visit({"low", -1e30, 1e30, "of each column: the value that becomes -1"}, s.low);
  visit({"high", -1e30, 1e30, "of each column: the value that becomes 1"}, s.high);
}

}  // namespace dragonet
