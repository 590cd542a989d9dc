#include "judge/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "judge/html.h"
#include "judge/report_charts.h"
#include "judge/report_template.h"
#include "judge/text.h"

namespace dragonet {
namespace {

constexpr std::size_t most_mistakes = 48;  // shown: the page stays below a megabyte or so

/// "12 345", with narrow spaces that do not break.
std::string digits(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (int i = static_cast<int>(text.size()) - 3; i > 0; i -= 3) text.insert(static_cast<std::size_t>(i), "\u202f");
  return text;
}

std::string with_article(const std::string& noun) {
  const bool vowel = !noun.empty() && std::string("aeiouAEIOU").find(noun.front()) != std::string::npos;
  return (vowel ? "an " : "a ") + noun;
}

std::string section(const std::string& heading, const std::string& content) {
  if (content.empty()) return {};
  return "<section>\n<h2>" + heading + "</h2>\n" + content + "</section>\n";
}

std::string paragraph(const std::string& text) { return "<p class=\"note\">" + text + "</p>\n"; }

std::string bar(double share) {
  return fmt::format(R"(<span class="bar"><span style="--share:{:.1f}%"></span></span>)", 100 * share);
}

std::string tested_on(const Report& report) {
  const std::int64_t samples = total(report.int8.confusion);
  if (!report.samples.empty()) return fmt::format("on all {} samples of {}", samples, report.samples);
  if (!report.grouped) return fmt::format("on {} samples that it never saw", samples);
  return fmt::format("on {} samples of {} {}{} that it never saw", samples, report.int8.groups, report.unit,
                     report.int8.groups == 1 ? "" : "s");
}

const Score::Class* positive_class(const Report& report) {
  const auto label = std::find(report.labels.begin(), report.labels.end(), report.positive);
  if (label == report.labels.end()) return nullptr;
  return &report.int8.classes[static_cast<std::size_t>(label - report.labels.begin())];
}

std::string verdict_on(const Report& report, const Interval& recall, const Interval& false_alarms) {
  return fmt::format("Knows {} {} of the time {}, and takes {} of the others for one {}, {}.",
                     with_article(report.positive), percent(recall.value), range(recall), percent(false_alarms.value),
                     range(false_alarms), tested_on(report));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

/// A line must not end between a number and its percent sign, nor within a range: no-break space, word joiners.
std::string unbroken(const std::string& text) {
  return replaced(replaced(text, " %", "\u00a0%"), "–", "\u2060–\u2060");
}

// --- the sections, in the order of the page ---

std::vector<Claim> claims_of(const Report& report) {
  std::vector<Claim> claims{{"int8, the model that is compiled", report.int8.balanced_accuracy}};
  if (report.board_score) claims.push_back({"on the virtual board", report.board_score->balanced_accuracy});
  if (report.float32) claims.push_back({"float, before quantization", report.float32->balanced_accuracy});
  if (report.random_split) claims.push_back({"what a random split would have claimed", *report.random_split, false});
  return claims;
}

std::string remark(const Report& report) {
  return report.remark.empty() ? "" : paragraph(escaped(report.remark) + ".");
}

std::string honesty_note(const Report& report) {
  if (!report.grouped)
    return paragraph(
        "Every sample counted as independent. If some are frames of one recording or pictures of one thing, this is "
        "too kind: name the groups with <code>--group</code>.");
  return paragraph(
      fmt::format("Samples of one {} were never on both sides of the split.{}", escaped(report.unit),
                  report.random_split ? " A random split puts near duplicates on both sides and tests memory." : ""));
}

std::string trust(const Report& report) {
  const double guessing = 1.0 / static_cast<double>(std::max<std::size_t>(1, report.labels.size()));
  return "<h3>Balanced accuracy, each class counting the same; the thin mark is guessing</h3>\n" +
         claims_html(claims_of(report), guessing) + remark(report) + honesty_note(report);
}

std::string cells(const std::vector<std::string>& row, const char* tag) {
  std::string html;
  for (const std::string& cell : row) html += fmt::format("<{0}>{1}</{0}>", tag, escaped(cell));
  return "<tr>" + html + "</tr>\n";
}

std::string measures(const Report& report) {
  std::string rows;
  for (std::size_t i = 1; i < report.table.size(); ++i) rows += cells(report.table[i], "td");
  return "<div class=\"scroll\"><table class=\"wide\">\n<thead>" + cells(report.table.at(0), "th") +
         "</thead>\n<tbody>\n" + rows + "</tbody></table></div>\n" + paragraph("In brackets: 95 % intervals.") +
         remark(report) + honesty_note(report);
}

std::string confusions(const Report& report) {
  return paragraph("Of the samples of each true class (row), the share that got each answer (column); int8 model.") +
         confusion_html(report.int8, report.labels);
}

std::string training(const Report& report) {
  if (report.history.empty()) return {};
  return "<div class=\"columns\">\n" + curves_svg(report.history) + "</div>\n" +
         paragraph(R"(<span class="key"></span>training &ensp; <span class="key blue"></span>validation &ensp; )"
                   R"(<span class="key green"></span>best epoch, which was kept)");
}

using Part = std::pair<const char*, std::uint32_t>;

std::string memory_row(const Part& part, std::uint32_t limit) {
  return fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n", part.first, digits(part.second),
                     bar(limit ? static_cast<double>(part.second) / limit : 0));
}

std::string memory_sum(std::uint32_t total, std::uint32_t limit) {
  if (total > limit)
    return fmt::format("<tr><th>too much by</th><td class=\"no\">{}</td><td></td></tr>\n", digits(total - limit));
  return fmt::format("<tr><th>free</th><td>{}</td><td></td></tr>\n", digits(limit - total));
}

std::string memory_table(const char* name, const std::vector<Part>& parts, std::uint32_t total, std::uint32_t limit) {
  std::string rows;
  for (const Part& part : parts) rows += memory_row(part, limit);
  return fmt::format(
      "<div class=\"scroll\"><table class=\"wide\">\n<thead><tr><th>{}</th><th>bytes</th><th>of "
      "{}</th></tr></thead>\n<tbody>\n{}"
      "</tbody>\n<tfoot><tr><th>together</th><td>{}</td><td>{}</td></tr>\n{}</tfoot></table></div>\n",
      name, digits(limit), rows, digits(total), bar(std::min(1.0, static_cast<double>(total) / limit)),
      memory_sum(total, limit));
}

std::string memory_tables(const FlashUse& flash, const RamUse& ram) {
  return "<div class=\"columns\">\n" +
         memory_table(
             "flash",
             {{"constants", flash.constants}, {"model code", flash.model_code}, {"firmware code", flash.firmware_code}},
             flash.total, flash.limit) +
         memory_table("RAM",
                      {{"activations", ram.activations},
                       {"features", ram.features},
                       {"input", ram.input},
                       {"static", ram.static_},
                       {"stack, at its deepest", ram.stack}},
                      ram.total, ram.limit) +
         "</div>\n";
}

/// A part of the map, as wide as the page.
std::string map_part(const std::string& uri, int x, const char* alt) {
  return fmt::format(R"(<div class="part"><img alt="{}" src="{}" style="left:{}%"></div>
)",
                     alt, uri, -x * 100);
}

std::string constants_table(const Report& report) {
  std::string rows;
  for (const auto& [layer, bytes] : report.largest_constants)
    rows += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n", escaped(layer), digits(bytes),
                        bar(static_cast<double>(bytes) / std::max(1u, report.largest_constants[0].second)));
  return rows.empty() ? ""
                      : "<table class=\"wide\">\n<thead><tr><th>largest constants</th><th>bytes</th><th></th></tr>"
                        "</thead>\n<tbody>\n" +
                            rows + "</tbody></table>\n";
}

/// Flash and RAM side by side with the largest constants below; where that would be too small to read, one after the
/// other.
std::string memory_map(const Report& report) {
  const std::string& svg = report.memory_map_svg;
  if (svg.empty()) return {};
  const std::string uri = data_uri(std::span(reinterpret_cast<const std::uint8_t*>(svg.data()), svg.size()));
  return "<img class=\"map where-wide\" alt=\"Memory map: flash and RAM to scale\" src=\"" + uri + "\">\n" +
         "<div class=\"where-narrow\">\n" + map_part(uri, 0, "Flash, to scale") + map_part(uri, 1, "RAM, to scale") +
         constants_table(report) + "</div>\n";
}

std::string memory(const Report& report) {
  if (report.flash.limit == 0 || report.ram.limit == 0) return {};
  std::string html;
  if (!report.fits) html += "<p class=\"no\"><b>It does not fit.</b></p>\n";
  html += memory_map(report);
  return html + memory_tables(report.flash, report.ram);
}

LayerRow sum_of(const std::vector<LayerRow>& layers) {
  LayerRow sum;
  for (const LayerRow& layer : layers) {
    sum.macs += layer.macs;
    sum.instructions += layer.instructions;
    sum.cycles += layer.cycles;
  }
  return sum;
}

std::string layer_numbers(const LayerRow& layer) {
  return fmt::format("<td>{}</td><td>{}</td><td>{}</td>", digits(static_cast<std::uint64_t>(layer.macs)),
                     digits(layer.instructions), digits(layer.cycles));
}

std::string layer_row(const LayerRow& layer, std::uint64_t all_cycles) {
  const double share = all_cycles ? static_cast<double>(layer.cycles) / static_cast<double>(all_cycles) : 0;
  return fmt::format("<tr><td>{}</td><td class=\"text\">{}</td>{}<td>{}</td></tr>\n", escaped(layer.name),
                     escaped(layer.op), layer_numbers(layer), bar(share));
}

/// What an inference takes as a whole, as the card and `dragonet run` say it.
std::string whole_inference(const Report& report, const LayerRow& sum) {
  if (report.instructions <= sum.instructions) return {};
  const LayerRow whole{.macs = sum.macs, .instructions = report.instructions, .cycles = report.cycles};
  return "<tr><th>one inference, with what lies between layers</th><td></td>" + layer_numbers(whole) +
         "<td></td></tr>\n";
}

std::string layers(const Report& report) {
  if (report.layers.empty()) return {};
  const LayerRow sum = sum_of(report.layers);
  std::string rows;
  for (const LayerRow& layer : report.layers) rows += layer_row(layer, sum.cycles);
  const std::string time =
      report.ms > 0
          ? paragraph(fmt::format("One inference takes {:.0f} ms, with what the flash makes it wait.", report.ms))
          : "";
  return time +
         "<div class=\"scroll\"><table class=\"wide layers\">\n<thead><tr><th>layer</th><th "
         "class=\"text\">operator</th><th>MACs</th>"
         "<th>instructions</th><th>cycles</th><th>share</th></tr></thead>\n<tbody>\n" +
         rows + "</tbody>\n<tfoot><tr><th>all layers</th><td></td>" + layer_numbers(sum) + "<td></td></tr>\n" +
         whole_inference(report, sum) + "</tfoot></table></div>\n";
}

std::string mistake_figure(const Mistake& mistake) {
  return fmt::format(
      R"(<figure><img alt="{0}" src="{1}"><figcaption>{2}, taken for <b class="no">{3}</b> ({4}) <span class="file">{0}</span></figcaption></figure>
)",
      escaped(mistake.file), data_uri(mistake.image), escaped(mistake.truth), escaped(mistake.predicted),
      unbroken(percent(mistake.confidence)));
}

std::string mistakes(const Report& report) {
  if (report.mistakes_total == 0) return paragraph("Nothing, on these samples.");
  const std::size_t shown = std::min(most_mistakes, report.mistakes.size());
  std::string html = paragraph(fmt::format("{} of {} samples{}. In brackets: how sure it was.", report.mistakes_total,
                                           total(report.int8.confusion),
                                           shown < report.mistakes_total ? fmt::format("; here are {}", shown) : ""));
  html += "<div class=\"mistakes\">\n";
  for (std::size_t i = 0; i < shown; ++i) html += mistake_figure(report.mistakes[i]);
  return html + "</div>\n";
}

/// How good it is, by its task's measures.
std::string judged(const Report& report) {
  if (!report.table.empty())
    return section("How far to trust it", measures(report)) +
           section("What it scores", histograms_html(report.anomalies));
  return section("How far to trust it", trust(report)) + section("What it confuses", confusions(report)) +
         section("What it got wrong", mistakes(report));
}

std::string repeat(const Report& report) {
  std::string html;
  for (const auto& [name, value] : report.provenance)
    html += "<dt>" + escaped(name) + "</dt><dd><code>" + escaped(value) + "</code></dd>\n";
  if (!html.empty()) html = "<dl>\n" + html + "</dl>\n";
  if (!report.command.empty()) html += "<pre>" + escaped(report.command) + "</pre>\n";
  if (!report.settings.empty()) html += "<h3>dragonet.toml</h3>\n<pre>" + escaped(report.settings) + "</pre>\n";
  return html;
}

std::string facts(const Report& report) {
  std::string line;
  for (const std::string& fact : {report.model, report.board, report.date})
    if (!fact.empty()) line += (line.empty() ? "" : " · ") + escaped(fact);
  return line;
}

}  // namespace

std::string verdict(const Report& report) {
  if (!report.measured.empty()) return report.measured;
  const Score::Class* positive = positive_class(report);
  if (positive && positive->recall && positive->false_alarms)
    return verdict_on(report, *positive->recall, *positive->false_alarms);
  const Interval& balanced = report.int8.balanced_accuracy;
  return fmt::format("Right {} of the time {}, each class counting the same, {}.", percent(balanced.value),
                     range(balanced), tested_on(report));
}

std::string report_html(const Report& report) {
  const std::string sections = judged(report) + section("Training", training(report)) +
                               section("Memory", memory(report)) + section("Layers", layers(report)) +
                               section("To repeat this run", repeat(report));
  return fmt::format(page_template, fmt::arg("title", escaped(report.title)), fmt::arg("css", page_css),
                     fmt::arg("facts", facts(report)), fmt::arg("verdict", escaped(unbroken(verdict(report)))),
                     fmt::arg("sections", sections));
}

}  // namespace dragonet
