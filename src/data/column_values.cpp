// What a column of numbers is, where its name does not say so: clocks and counters grow as no sensor's axis does.
#include "data/column_values.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace dragonet {
namespace {

std::vector<double> steps_of(const std::vector<double>& numbers) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < numbers.size(); ++i) steps.push_back(numbers[i] - numbers[i - 1]);
  return steps;
}

double median(std::vector<double> numbers) {
  if (numbers.empty()) return 0;
  const auto middle = numbers.begin() + std::ssize(numbers) / 2;
  std::ranges::nth_element(numbers, middle);
  return *middle;
}

/// From one reading to the next: the median, or where most readings share a time with others, the mean.
double interval_of(const std::vector<double>& times) {
  if (times.size() < 2) return 0;
  const double usual = std::abs(median(steps_of(times)));
  return usual > 0 ? usual : (times.back() - times.front()) / static_cast<double>(times.size() - 1);
}

bool is_whole(double number) { return number == std::floor(number); }

}  // namespace

bool looks_like_time(const std::vector<double>& numbers) {
  if (numbers.size() < 3) return false;
  const double mean = (numbers.back() - numbers.front()) / static_cast<double>(numbers.size() - 1);
  for (const double step : steps_of(numbers))
    if (step < 0 || step > 3 * mean) return false;
  return mean > 0;
}

bool counts_up(const std::vector<double>& numbers) {
  if (numbers.size() < 3 || !std::ranges::all_of(numbers, is_whole)) return false;
  const std::vector<double> steps = steps_of(numbers);
  const double usual = median(steps);
  const auto same = static_cast<std::size_t>(std::ranges::count(steps, usual));
  return std::abs(usual) == 1 && 10 * same >= 9 * steps.size();
}

bool runs_with(const std::vector<double>& numbers, const std::vector<double>& times) {
  if (numbers.size() < 3 || numbers.size() != times.size() || times.back() == times.front()) return false;
  const double range = std::abs(numbers.back() - numbers.front()), step = median_step(numbers);
  const double slope = (numbers.back() - numbers.front()) / (times.back() - times.front());
  const double tolerance = std::max(0.01 * range, range >= 5 * step ? step : 0);  // whole seconds are steps
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (std::abs(numbers[i] - numbers[0] - slope * (times[i] - times[0])) > tolerance) return false;
  return range > 0;
}

std::string unix_time_unit(const std::vector<double>& numbers) {
  if (numbers.empty()) return "";
  const auto [least, most] = std::ranges::minmax(numbers);
  for (const auto& [unit, in_a_second] :
       {std::pair{"s", 1.0}, std::pair{"ms", 1e3}, std::pair{"us", 1e6}, std::pair{"ns", 1e9}}) {
    const bool is_of_our_time = least >= 1e9 * in_a_second && most < 2e9 * in_a_second;
    // A count since the board was switched on may be as large; then its steps would be seconds, minutes or days.
    if (is_of_our_time && interval_of(numbers) <= 1.5 * in_a_second) return unit;
  }
  return "";
}

// Motion is read between once and a thousand times a second, so intervals under 1 are seconds, under 1000 milliseconds.
std::string guessed_time_unit(const std::vector<double>& times) {
  const std::string since_1970 = unix_time_unit(times);
  if (!since_1970.empty()) return since_1970;
  const double interval = std::abs(interval_of(times));
  if (interval < 1) return "s";
  return interval < 1e3 ? "ms" : interval < 1e6 ? "us" : "ns";
}

double median_step(const std::vector<double>& numbers) {
  std::vector<double> steps;
  for (const double step : steps_of(numbers))
    if (step != 0) steps.push_back(std::abs(step));
  return median(steps);
}

}  // namespace dragonet
