#include "judge/report_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "judge/html.h"
#include "judge/text.h"

namespace dragonet {
namespace {

// A chart in its own units, which the page scales: narrow enough that at 380 pixels its text keeps its size.
constexpr double chart_width = 360, chart_height = 200, left = 40, right = 352, top = 14, bottom = 174;

struct Scale {  // of one axis: values first..last lie at pixels from..to
  double first, last, from, to;
  double operator()(double value) const { return from + (value - first) / (last - first) * (to - from); }
};

struct Chart {
  Scale x, y;
};

/// 1, 2 or 5 times a power of ten, so that about `count` steps make the range.
double tick_step(double range, int count) {
  const double rough = range / count, power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (rough <= factor * power) return factor * power;
  return 10 * power;
}

std::string horizontal_grid(const Scale& y) {
  const double step = tick_step(y.last - y.first, 4);
  std::string svg;
  for (double value = std::ceil(y.first / step) * step; value <= y.last + step / 1000; value += step)
    svg += fmt::format(
        R"(<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/><text x="{}" y="{:.1f}" text-anchor="end">{:.4g}</text>)",
        left, right, y(value), y(value), left - 6, y(value) + 4, value);
  return svg;
}

std::string epoch_labels(const Scale& x) {
  const double step = std::max(1.0, tick_step(x.last - x.first, 5));
  std::string svg;
  for (double epoch = std::ceil(x.first / step) * step; epoch <= x.last; epoch += step)
    svg += fmt::format(R"(<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>)", x(epoch), bottom + 18, epoch);
  return svg;
}

std::string line(const Chart& chart, std::span<const Epoch> history, double Epoch::*field, const char* name) {
  std::string points;
  for (const Epoch& epoch : history)
    if (std::isfinite(epoch.*field))
      points += fmt::format("{:.1f},{:.1f} ", chart.x(epoch.number), chart.y(epoch.*field));
  return fmt::format(R"(<polyline class="{}" points="{}"/>)", name, points);
}

std::string best_mark(const Chart& chart, std::span<const Epoch> history, double Epoch::*field) {
  std::string svg;
  for (const Epoch& epoch : history)
    if (epoch.best && std::isfinite(epoch.*field))  // the last one marked is the best of all
      svg = fmt::format(
          R"(<line class="best" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/><circle class="mark" cx="{0:.1f}" cy="{3:.1f}" r="4"/>)",
          chart.x(epoch.number), top, bottom, chart.y(epoch.*field));
  return svg;
}

Chart chart_of(std::span<const Epoch> history, double low, double high) {
  const double last = std::max(history.back().number, history.front().number + 1);
  return {.x = {static_cast<double>(history.front().number), last, left, right},
          .y = {low, high > low ? high : low + 1, bottom, top}};
}

std::string curves(const Chart& chart, std::span<const Epoch> history, double Epoch::*train, double Epoch::*validation,
                   const char* title) {
  return fmt::format(
             R"(<figure><h3>{}</h3><svg class="curves" role="img" aria-label="{} by epoch" viewBox="0 0 {} {}">)",
             title, title, chart_width, chart_height) +
         horizontal_grid(chart.y) + epoch_labels(chart.x) + line(chart, history, train, "train") +
         line(chart, history, validation, "validation") + best_mark(chart, history, validation) + "</svg></figure>\n";
}

/// The finite values of both fields: a loss that ran away is NaN or infinite.
std::vector<double> finite(std::span<const Epoch> history, double Epoch::*a, double Epoch::*b) {
  std::vector<double> values;
  for (const Epoch& epoch : history)
    for (const double value : {epoch.*a, epoch.*b})
      if (std::isfinite(value)) values.push_back(value);
  return values;
}

double largest_loss(std::span<const Epoch> history) {
  const std::vector<double> losses = finite(history, &Epoch::train_loss, &Epoch::validation_loss);
  return losses.empty() ? 1 : *std::max_element(losses.begin(), losses.end());
}

double smallest_accuracy(std::span<const Epoch> history) {
  const std::vector<double> shares = finite(history, &Epoch::train_accuracy, &Epoch::validation_accuracy);
  return shares.empty() ? 0 : std::floor(*std::min_element(shares.begin(), shares.end()) * 10) / 10;
}

std::string claim_html(const Claim& claim, double guessing) {
  const Interval& i = claim.interval;
  const std::string range = i.is_known()
                                ? fmt::format(R"(<span class="range" style="--low:{:.1f}%;--width:{:.1f}%"></span>)",
                                              100 * i.low, 100 * (i.high - i.low))
                                : "";
  return fmt::format(
      R"(<div class="claim{}"><div><span>{}</span><b>{}</b></div><div class="track"><span class="guess" style="--value:{:.1f}%"></span>{}<span class="point" style="--value:{:.1f}%"></span></div></div>
)",
      claim.honest ? "" : " pretended", escaped(claim.name), percent(i), 100 * guessing, range, 100 * i.value);
}

constexpr std::size_t bins = 32;

/// Some scores are far beyond all others: they go into the last bin.
double last_score(const AnomalyScores& scores) {
  std::vector<double> all = scores.normals;
  all.insert(all.end(), scores.anomalies.begin(), scores.anomalies.end());
  std::ranges::sort(all);
  const double most = all[(all.size() - 1) * 97 / 100];
  return std::max({most, scores.threshold * 1.3, 1e-12});
}

/// The share of the scores in each bin from 0 to `last`.
std::vector<double> histogram(const std::vector<double>& scores, double last) {
  std::vector<double> shares(bins);
  for (const double score : scores)
    shares[static_cast<std::size_t>(std::clamp(score / last * bins, 0.0, bins - 1.0))] +=
        1.0 / static_cast<double>(scores.size());
  return shares;
}

/// From the middle upwards or downwards; the highest bar is `height` high.
std::string bars(const std::vector<double>& shares, double height, const char* css) {
  constexpr double middle = (top + bottom) / 2, width = (right - left) / bins;
  const double most = std::max(1e-12, *std::ranges::max_element(shares));
  std::string svg;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double high = std::fabs(height) * shares[i] / most;
    svg +=
        fmt::format(R"(<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)", css,
                    left + width * static_cast<double>(i) + 0.5, height > 0 ? middle - high : middle, width - 1, high);
  }
  return svg;
}

std::string score_labels(const Scale& x) {
  const double step = tick_step(x.last, 4);
  std::string svg;
  for (double score = 0; score <= x.last; score += step)
    svg += fmt::format(R"(<text x="{:.1f}" y="{}" text-anchor="middle">{:.3g}</text>)", x(score), bottom + 18, score);
  return svg;
}

std::string threshold_mark(const Scale& x, double threshold) {
  const bool is_right = x(threshold) > (left + right) / 2;
  return fmt::format(
      R"(<line class="best" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"/><text x="{3:.1f}" y="{4}" text-anchor="{5}">threshold {6:.3g}</text>)",
      x(threshold), top, bottom, x(threshold) + (is_right ? -5 : 5), top + 8, is_right ? "end" : "start", threshold);
}

std::string confusion_header(const std::vector<std::string>& labels) {
  const std::vector<std::string> shown = cut_names(labels, labels.size() > 4 ? 8 : 24);
  std::string html = "<thead><tr><th>truth</th>";
  for (std::size_t i = 0; i < labels.size(); ++i)
    html += fmt::format(R"(<th class="column" title="{}">{}</th>)", escaped(labels[i]), escaped(shown[i]));
  return html + "<th>found</th></tr></thead>\n";
}

std::string confusion_cell(std::int64_t count, std::int64_t row_total, bool is_right) {
  if (row_total == 0) return R"(<td class="cell">–</td>)";
  const double share = static_cast<double>(count) / static_cast<double>(row_total);
  return fmt::format(R"(<td class="cell {}" style="--share:{:.3f}">{}<small>{}</small></td>)",
                     is_right ? "right" : "wrong", share, percent(share), count);
}

std::string confusion_row(const Score& score, std::size_t truth, const std::string& label) {
  const auto& counts = score.confusion[truth];
  std::int64_t row_total = 0;
  for (const std::int64_t count : counts) row_total += count;
  std::string html = "<tr><th>" + escaped(label) + "</th>";
  for (std::size_t i = 0; i < counts.size(); ++i) html += confusion_cell(counts[i], row_total, i == truth);
  const auto& found = score.classes[truth].recall;
  return html + "<td>" + (found ? percent(*found) : "no samples") + "</td></tr>\n";
}

}  // namespace

std::string curves_svg(std::span<const Epoch> history) {
  if (history.empty()) return {};
  const Chart losses = chart_of(history, 0, largest_loss(history) * 1.05);
  const Chart accuracies = chart_of(history, smallest_accuracy(history), 1);
  const std::string loss = curves(losses, history, &Epoch::train_loss, &Epoch::validation_loss, "Loss");
  if (history.front().validation_error > 0) return loss;  // there are no labels to be right about
  return loss + curves(accuracies, history, &Epoch::train_accuracy, &Epoch::validation_accuracy, "Balanced accuracy");
}

std::string claims_html(std::span<const Claim> claims, double guessing) {
  std::string html = "<div class=\"claims\">\n";
  for (const Claim& claim : claims) html += claim_html(claim, guessing);
  return html + "</div>\n";
}

std::string histograms_html(const AnomalyScores& scores) {
  if (scores.normals.empty()) return {};
  const double last = last_score(scores), half = (bottom - top) / 2 - 16;
  const Scale x{0, last, left, right};
  std::string svg =
      fmt::format(R"(<svg class="curves" role="img" aria-label="Scores and the threshold" viewBox="0 0 {} {}">)",
                  chart_width, chart_height);
  svg += fmt::format(R"(<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>)", left, right, (top + bottom) / 2,
                     (top + bottom) / 2);
  svg += bars(histogram(scores.normals, last), half, "normal");
  if (!scores.anomalies.empty()) svg += bars(histogram(scores.anomalies, last), -half, "anomaly");
  svg += score_labels(x) + threshold_mark(x, scores.threshold) + "</svg>\n";
  return svg +
         fmt::format(
             R"(<p class="note"><span class="key blue"></span>normal, {} samples, upwards &ensp; <span class="key red"></span>anomalies, {}, downwards &ensp; <span class="key green"></span>threshold; each of the two is drawn to its own highest bar, and what scores higher than {:.3g} is in the last one</p>
)",
             scores.normals.size(), scores.anomalies.size(), last);
}

std::string confusion_html(const Score& score, const std::vector<std::string>& labels) {
  std::string html =
      fmt::format("<div class=\"scroll\"><table class=\"confusion{}\">\n", labels.size() > 4 ? " many" : "");
  html += confusion_header(labels) + "<tbody>\n";
  for (std::size_t truth = 0; truth < labels.size(); ++truth) html += confusion_row(score, truth, labels[truth]);
  return html + "</tbody></table></div>\n";
}

}  // namespace dragonet
