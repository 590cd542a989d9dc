#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dragonet {

/// Readings that come line by line from a board, to be saved as a table that read_motion reads.
class LiveReadings {
 public:
  /// `titles`: of the axes that are to come, where nothing names them; as many columns have no time among them.
  explicit LiveReadings(std::vector<std::string> titles = {}) : given_titles_(std::move(titles)) {}

  /// A line, and when it came. Lines that are no reading are counted. So is the first one, unless it names the columns:
  /// it may have lost its beginning.
  void take(std::string_view line, double now_s);

  std::size_t readings() const { return arrivals_s_.size(); }
  int skipped() const { return skipped_; }

  /// Columns of readings, without a time. What they were named, with units: "ax (g)"; empty: nothing named them.
  std::size_t axes() const;
  std::size_t columns() const { return columns_.size(); }  // with a time
  std::vector<std::string> axis_titles() const;

  /// Comma-separated text with a header and a time column t_ms. The times are the board's own where it sends some;
  /// otherwise they follow from `rate_hz`, or, where that is 0, readings are spread evenly over the time in which they
  /// came, since USB delivers in bursts.
  std::string table(double rate_hz) const;

 private:
  bool takes_header(const std::vector<std::string>& cells);
  std::size_t time_column() const;
  std::vector<double> times_ms(double rate_hz) const;
  std::string header() const;

  std::vector<std::string> titles_;           // of all columns; empty: none were named
  std::vector<std::string> given_titles_;     // of the axes
  std::vector<std::vector<double>> columns_;  // [columns][readings]
  std::vector<double> arrivals_s_;
  bool is_first_ = true;
  int skipped_ = 0;
};

}  // namespace dragonet
