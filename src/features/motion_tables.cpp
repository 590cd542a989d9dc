#include "features/motion_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>

#include "base/error.h"

namespace dragonet {
namespace {

using std::numbers::pi;

constexpr int least_points = 64;  // of fft.h

int points_of(const MotionFeatureSettings& settings) {
  return static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::max(settings.window_samples, least_points))));
}

std::int32_t q16(double x) { return static_cast<std::int32_t>(std::lround(x * 65536)); }

std::vector<std::int32_t> quarter_cosine(int points) {
  std::vector<std::int32_t> cosines;
  for (int i = 0; i <= points / 4; ++i) cosines.push_back(q16(std::cos(2 * pi * i / points)));
  return cosines;
}

/// Symmetric, and not 0 at its ends: sin^2(pi (i + 1/2) / window).
std::vector<double> hann_window(int window) {
  std::vector<double> hann;
  for (int i = 0; i < window; ++i) hann.push_back(std::pow(std::sin(pi * (i + 0.5) / window), 2));
  return hann;
}

std::vector<std::uint16_t> first_half(const std::vector<double>& hann) {
  std::vector<std::uint16_t> half;
  for (std::size_t i = 0; i < (hann.size() + 1) / 2; ++i)
    half.push_back(static_cast<std::uint16_t>(std::lround(32767 * hann[i])));
  return half;
}

/// Edges grow as squares, since movement lives at low frequencies; each band has a bin at least.
std::vector<std::uint16_t> band_edges(int bands, int points) {
  const int bins = points / 2;
  std::vector<int> edges{1};
  for (int b = 1; b <= bands; ++b) {
    const double square = double(b) * b / (double(bands) * bands);
    edges.push_back(std::max(edges.back() + 1, static_cast<int>(std::lround(1 + (bins - 1) * square))));
  }
  for (int b = bands, last = bins; b >= 0; --b, --last) edges[b] = std::min(edges[b], last);  // if many bands pile up
  return {edges.begin(), edges.end()};
}

/// What is added to half the logarithm of a power times `factor`, and to the bits that values took, so that full scale
/// becomes 0. Of b bits, 16 were kept, and motion_bits of these are behind the point.
std::int32_t offset_q16(double factor) { return q16(0.5 * std::log2(factor) - (16 + motion_bits + 15)); }

/// Bands: Parseval's sum over both halves of the spectrum, for the variance before the window. Peaks: of a sine.
void set_offsets(MotionTables& tables, const std::vector<double>& hann) {
  const double sum = std::accumulate(hann.begin(), hann.end(), 0.0);
  const double squares = std::inner_product(hann.begin(), hann.end(), hann.begin(), 0.0);
  // real_fft gives twice the transform, of values times 2^15 / 2^shift: motion_window_values.
  const double scale = 2 * std::exp2(15 - (31 - (fft_bits - bit_length(tables.fft.points))));
  tables.rms_q16 = offset_q16(1.0 / tables.window);
  tables.band_q16 = offset_q16(2 / (tables.fft.points * squares * scale * scale));
  tables.peak_q16 = offset_q16(2 / (sum * sum * scale * scale));
}

void set_filter(MotionTables& tables, const MotionFeatureSettings& settings) {
  if (settings.filter == MotionFeatureSettings::none) return;
  tables.filter = settings.filter == MotionFeatureSettings::low_pass ? motion_low_pass : motion_high_pass;
  const double gain = std::tan(pi * settings.cutoff_hz / settings.rate_hz);
  tables.gain_q16 = q16(gain);
  tables.damping_q16 = q16(1 / (1 + gain * (gain + std::numbers::sqrt2)));
}

/// A list of problems under one heading.
class Complaints {
 public:
  void unless(bool holds, const char* setting, std::string what, std::string next) {
    if (!holds) found_.push_back({setting, std::move(what), std::move(next)});
  }
  bool any() const { return !found_.empty(); }
  std::vector<Problem> all() { return std::move(found_); }

 private:
  std::vector<Problem> found_;
};

void check_spectral(const MotionFeatureSettings& settings, Complaints& complaints) {
  const int most = points_of(settings) / 2 - 1;
  complaints.unless(settings.bands >= 0 && settings.bands <= std::min(most, 255), "bands",
                    fmt::format("{} bands are not to be had of a spectrum of {} bins", settings.bands, most),
                    "ask for 0 to 16");
  complaints.unless(settings.peaks >= 0 && settings.peaks <= motion_peaks_max, "peaks",
                    fmt::format("{} is not from 0 to {}", settings.peaks, int(motion_peaks_max)), "ask for 2");
  const double least = settings.rate_hz / 1000, highest = 0.35 * settings.rate_hz;
  complaints.unless(
      settings.filter == MotionFeatureSettings::none || (settings.cutoff_hz >= least && settings.cutoff_hz <= highest),
      "cutoff_hz", fmt::format("{:g} Hz cannot be filtered at {:g} Hz", settings.cutoff_hz, settings.rate_hz),
      fmt::format("give {:g} to {:g} Hz, or no filter", least, highest));
}

}  // namespace

std::vector<Problem> problems_of(const MotionFeatureSettings& settings) {
  Complaints complaints;
  const auto axes = settings.axes.size();
  complaints.unless(settings.rate_hz > 0 && std::isfinite(settings.rate_hz), "rate_hz",
                    fmt::format("{:g} is no rate", settings.rate_hz), "say how many readings a second has");
  complaints.unless(axes >= 1 && axes <= motion_axes_max, "axes",
                    fmt::format("{} axes are not from 1 to {}", axes, int(motion_axes_max)), "name those that matter");
  const bool scaled = settings.full_scale.size() == axes &&
                      std::ranges::all_of(settings.full_scale, [](double x) { return x > 0 && std::isfinite(x); });
  complaints.unless(scaled, "full_scale", "it is not one number above 0 for each axis",
                    "give the largest value that the sensor shows");
  complaints.unless(settings.units.empty() || settings.units.size() == axes, "units", "it is not one for each axis",
                    "leave it out, or give one for each");
  complaints.unless(settings.window_samples >= 2 && settings.window_samples <= motion_window_max, "window_samples",
                    fmt::format("{} is not from 2 to {}", settings.window_samples, int(motion_window_max)),
                    "give what half a second to two hold");
  complaints.unless(settings.stride_samples >= 0 && settings.stride_samples <= settings.window_samples,
                    "stride_samples", fmt::format("{} is not from 1 to the window's length", settings.stride_samples),
                    "give 0 for half a window");
  // What a spectrum can be follows from settings that are good themselves.
  if (settings.kind == MotionFeatureSettings::spectral && !complaints.any()) check_spectral(settings, complaints);
  return complaints.all();
}

MotionNumbers::MotionNumbers(const MotionFeatureSettings& settings) {
  if (std::vector<Problem> found = problems_of(settings); !found.empty()) throw Error(std::move(found));
  tables.axes = static_cast<std::uint8_t>(settings.axes.size());
  tables.window = static_cast<std::uint16_t>(settings.window_samples);
  tables.stride = static_cast<std::uint16_t>(settings.stride());
  if (settings.kind == MotionFeatureSettings::raw) return;

  tables.kind = motion_spectral;
  tables.bands = static_cast<std::uint8_t>(settings.bands);
  tables.peaks = static_cast<std::uint8_t>(settings.peaks);
  set_filter(tables, settings);
  const int points = points_of(settings);
  const std::vector<double> window = hann_window(settings.window_samples);
  cosines = quarter_cosine(points);
  hann = first_half(window);
  edges = band_edges(settings.bands, points);
  tables.fft = {static_cast<std::uint16_t>(points), cosines.data()};
  tables.hann = hann.data();
  tables.edges = edges.data();
  set_offsets(tables, window);
}

/// Lines of at most 120 columns, as all that is emitted.
template <typename Value>
static std::string motion_array(const char* type, const char* name, const std::vector<Value>& values) {
  std::string code = fmt::format("static const {} {}[{}] = {{", type, name, values.size()), line;
  for (const Value& value : values) {
    const std::string text = fmt::format(" {},", value);
    if (line.size() + text.size() > 116) code += "\n   " + line, line.clear();
    line += text;
  }
  return code + "\n   " + line + "\n};\n";
}

static std::string motion_arrays(const MotionNumbers& numbers) {
  if (numbers.tables.kind == motion_raw) return "";
  return motion_array("int32_t", "motion_cosines", numbers.cosines) +
         motion_array("uint16_t", "motion_hann", numbers.hann) +
         motion_array("uint16_t", "motion_edges", numbers.edges);
}

std::string motion_tables_code(const MotionFeatureSettings& settings) {
  const MotionNumbers numbers(settings);
  const MotionTables& t = numbers.tables;
  const bool raw = t.kind == motion_raw;
  const char* const kinds[] = {"dragonet::motion_raw", "dragonet::motion_spectral"};
  const char* const filters[] = {"dragonet::motion_unfiltered", "dragonet::motion_low_pass",
                                 "dragonet::motion_high_pass"};
  return motion_arrays(numbers) + fmt::format(R"(static const dragonet::MotionTables motion_tables = {{
    {},
    {},
    {}, {}, {},  // axes, bands, peaks
    {}, {},  // window, stride
    {}, {},  // filter
    {{{}, {}}},  // fft
    {}, {},  // window and bands
    {}, {}, {},  // offsets
}};
enum {{ motion_history_values = {}, motion_spectrum_values = {} }};
)",
                                              kinds[t.kind], filters[t.filter], t.axes, t.bands, t.peaks, t.window,
                                              t.stride, t.gain_q16, t.damping_q16, t.fft.points,
                                              raw ? "0" : "motion_cosines", raw ? "0" : "motion_hann",
                                              raw ? "0" : "motion_edges", t.rms_q16, t.band_q16, t.peak_q16,
                                              raw ? 1 : t.window * t.axes, raw ? 1 : t.fft.points / 2);
}

}  // namespace dragonet
