#include "project/drawn_sample.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace dragonet {
namespace {

// In the page a picture is about as wide and high as this, so that its text is read as it is.
constexpr int width = 160, height = 130, top = 16, bottom = 126, left = 3, right = 157;

/// Okabe and Ito 2008, "Color Universal Design": told apart by those who see colours otherwise, too.
constexpr const char* colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555"};

const char* colour_of(std::size_t i) { return colours[i % std::size(colours)]; }

std::string escaped_name(const std::string& name) {
  std::string text;
  for (const char c : name.substr(0, 12))
    if (c == '&' || c == '<' || c == '>' || (c >= 0 && c < ' '))
      text += '_';
    else
      text += c;
  return text;
}

Bytes svg_file(const std::string& content) {
  const std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "font-family=\"system-ui, 'DejaVu Sans', sans-serif\" font-size=\"10\">\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#fbfaf7\"/>\n{2}</svg>\n",
      width, height, content);
  return {text.begin(), text.end()};
}

/// Of all values, a little more, and never so little that noise fills the picture.
std::pair<double, double> range_of(const std::vector<std::vector<double>>& values) {
  double low = 0, high = 0;
  for (const std::vector<double>& curve : values)
    for (const double value : curve) low = std::min(low, value), high = std::max(high, value);
  constexpr double least = 0.1;
  const double more = std::max(0.0, least - (high - low)) / 2 + 0.04 * (high - low);
  return {low - more, high + more};
}

std::string curve(const std::vector<double>& values, const std::pair<double, double>& range, const char* colour) {
  const auto [low, high] = range;
  std::string points;
  const double steps = static_cast<double>(std::max<std::size_t>(1, values.size() - 1));
  for (std::size_t i = 0; i < values.size(); ++i)
    points += fmt::format("{:.1f},{:.1f} ", left + static_cast<double>(i) / steps * (right - left),
                          bottom - (values[i] - low) / (high - low) * (bottom - top));
  return fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.3\"/>\n", points, colour);
}

/// The curves' names, as many as there is room for.
std::string legend(const std::vector<std::string>& names) {
  std::string text;
  double x = left;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name = escaped_name(names[i]);
    const double needed = 6.2 * static_cast<double>(name.size()) + 6;
    if (x + needed > right) break;
    text += fmt::format("<text x=\"{:.1f}\" y=\"11\" fill=\"{}\">{}</text>\n", x, colour_of(i), name);
    x += needed;
  }
  return text;
}

}  // namespace

Bytes drawn_curves(const std::vector<std::string>& names, const std::vector<std::vector<double>>& values) {
  const auto range = range_of(values);
  const double zero = bottom + range.first / (range.second - range.first) * (bottom - top);
  std::string content = legend(names);
  content += fmt::format("<path d=\"M{} {:.1f}H{}\" stroke=\"#bbb\" stroke-width=\"0.7\"/>\n", left, zero, right);
  for (std::size_t i = 0; i < values.size(); ++i) content += curve(values[i], range, colour_of(i));
  return svg_file(content);
}

Bytes drawn_bars(const std::vector<std::string>& names, const std::vector<double>& values) {
  constexpr std::size_t most = 10;
  const std::size_t count = std::min(most, values.size());
  const double step = static_cast<double>(bottom - 4) / static_cast<double>(std::max<std::size_t>(1, count));
  constexpr double middle = 115, half = 40;
  std::string content = fmt::format("<path d=\"M{0} 4V{1}\" stroke=\"#bbb\" stroke-width=\"0.7\"/>\n", middle, bottom);
  for (std::size_t i = 0; i < count; ++i) {
    const double value = std::clamp(values[i], -1.0, 1.0), y = 4 + step * static_cast<double>(i);
    content += fmt::format("<text x=\"{}\" y=\"{:.1f}\" fill=\"#333\">{}</text>\n", left, y + step / 2 + 3.5,
                           escaped_name(i < names.size() ? names[i] : ""));
    content += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
                           middle + std::min(0.0, value) * half, y + 1, std::max(0.6, std::fabs(value) * half),
                           std::max(1.0, step - 2), colour_of(0));
  }
  return svg_file(content);
}

}  // namespace dragonet
