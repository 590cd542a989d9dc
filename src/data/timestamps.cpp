#include "data/timestamps.h"

#include <charconv>
#include <chrono>

namespace dragonet {
namespace {

/// Takes a text apart from the left; once something is missing, nothing more is found.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  /// Exactly so many digits.
  int digits(std::size_t count) {
    int value = 0;
    if (count == 0 || count_digits() < count) return fail();
    std::from_chars(rest_.data(), rest_.data() + count, value);
    rest_.remove_prefix(count);
    return value;
  }
  /// One of these characters.
  bool take(std::string_view any) {
    if (rest_.empty() || any.find(rest_[0]) == any.npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view any) {
    if (!take(any)) fail();
  }
  /// The digits behind a decimal point.
  double fraction() {
    double value = 0, unit = 0.1;
    const std::size_t count = count_digits();
    if (count == 0) fail();
    for (std::size_t i = 0; i < count; ++i, unit /= 10) value += (rest_[i] - '0') * unit;
    rest_.remove_prefix(count);
    return value;
  }
  bool starts_with_digit() const { return count_digits() > 0; }
  char next() const { return rest_.empty() ? '\0' : rest_[0]; }
  bool is_done() const { return is_right_ && rest_.empty(); }

 private:
  int fail() {
    is_right_ = false;
    return 0;
  }
  std::size_t count_digits() const {
    const std::size_t end = rest_.find_first_not_of("0123456789");
    return end == rest_.npos ? rest_.size() : end;
  }
  std::string_view rest_;
  bool is_right_ = true;
};

struct TimeOfDay {
  int hour = 0, minute = 0, second = 0;
  double fraction = 0;
  bool is_one() const { return hour < 24 && minute < 60 && second <= 60; }  // 60: a leap second
  double seconds() const { return 3600.0 * hour + 60.0 * minute + second + fraction; }
};

TimeOfDay time_of_day(Scanner& scanner) {
  TimeOfDay time{.hour = scanner.digits(2)};
  scanner.expect(":");
  time.minute = scanner.digits(2);
  if (scanner.take(":")) time.second = scanner.digits(2);
  if (scanner.take(".,")) time.fraction = scanner.fraction();
  return time;
}

/// "Z", "+02:00", "+0200", "+02", or nothing: seconds before UTC's.
double zone(Scanner& scanner) {
  scanner.take(" ");
  if (scanner.take("zZ")) return 0;
  const double sign = scanner.next() == '-' ? -1 : 1;
  if (!scanner.take("+-")) return 0;
  const int hours = scanner.digits(2);
  const bool has_minutes = scanner.take(":") || scanner.starts_with_digit();
  return sign * (3600.0 * hours + 60.0 * (has_minutes ? scanner.digits(2) : 0));
}

}  // namespace

std::optional<double> seconds_of_timestamp(std::string_view text) {
  using namespace std::chrono;
  Scanner scanner(text);
  const int y = scanner.digits(4);
  scanner.expect("-/");
  const int m = scanner.digits(2);
  scanner.expect("-/");
  const int d = scanner.digits(2);
  scanner.expect("Tt ");
  const TimeOfDay time = time_of_day(scanner);
  const double offset = zone(scanner);
  const year_month_day date{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
  if (!scanner.is_done() || !date.ok() || !time.is_one()) return std::nullopt;
  return 86400.0 * static_cast<double>(sys_days(date).time_since_epoch().count()) + time.seconds() - offset;
}

}  // namespace dragonet
