#include "judge/report.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <regex>

using namespace dragonet;

namespace {

/// 40 dragons of 20 units of which `right` are known, 60 others of 30 units, all known.
Score score_with(int right) {
  std::vector<Answer> answers;
  for (int i = 0; i < 40; ++i) answers.push_back({0, i < right ? 0 : 1, "dragon" + std::to_string(i / 2)});
  for (int i = 0; i < 60; ++i) answers.push_back({1, 1, "other" + std::to_string(i / 2)});
  return score_of(answers, 2);
}

Report small_report() {
  Report report;
  report.title = "dragons";
  report.labels = {"dragon", "other"};
  report.positive = "dragon";
  report.unit = "unit";
  report.int8 = score_with(36);
  return report;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++n;
  return n;
}

}  // namespace

TEST_CASE("the verdict says what is known, what is mistaken for it, with intervals, on how many it never saw") {
  const std::string text = verdict(small_report());
  CHECK(std::regex_match(text,
                         std::regex("Knows a dragon 90 % of the time \\([0-9]+–[0-9]+\\), and takes 0 % of the others "
                                    "for one \\(0–[0-9]+\\), on 100 samples of 50 units that it never saw\\.")));
}

TEST_CASE("a report of two people says that it cannot know, and draws no interval") {
  std::vector<Answer> answers;
  for (int i = 0; i < 40; ++i) answers.push_back({i % 2, i % 2, i < 20 ? "Ann" : "Ben"});
  Report report = small_report();
  report.int8 = score_of(answers, 2);
  CHECK(verdict(report).starts_with("Knows a dragon 100 % of the time (cannot know: only 2 groups), and takes 0 % "));
  const std::string html = report_html(report);
  CHECK(contains(html, "<b>100 % (cannot know: only 2 groups)</b>"));
  CHECK(contains(html, "<td>100 % (cannot know: only 2 groups)</td>"));
  CHECK_FALSE(contains(html, "class=\"range\""));
}

TEST_CASE("without a positive label the verdict is the balanced accuracy") {
  Report report = small_report();
  report.positive = "";
  report.grouped = false;
  CHECK(verdict(report).starts_with("Right 95 % of the time ("));
  CHECK(verdict(report).ends_with("each class counting the same, on 100 samples that it never saw."));
}

TEST_CASE("a noun that begins with a vowel gets its article") {
  Report report = small_report();
  report.labels = {"elf", "other"};
  report.positive = "elf";
  CHECK(verdict(report).starts_with("Knows an elf 90 % "));
}

TEST_CASE("the page stands alone: no script, no address outside it") {
  const std::string html = report_html(small_report());
  for (const char* outside : {"http:", "https:", "<script", "@import", "url(", "<link"})
    CHECK_FALSE(contains(html, outside));
  CHECK(contains(html, "default-src 'none'"));
  CHECK(contains(html, "prefers-color-scheme: dark"));
}

TEST_CASE("names from outside are text on the page, never markup") {
  const std::string hostile = "<script>\"'&";
  Report report = small_report();
  report.title = report.model = report.board = report.date = report.unit = report.command = report.settings = hostile;
  report.labels = {hostile, "other"};
  report.positive = hostile;
  report.layers = {{hostile, hostile, 1, 1, 1}};
  report.mistakes = {{hostile, hostile, hostile, 0.5, {}}};
  report.mistakes_total = 1;
  report.provenance = {{hostile, hostile}};
  const std::string html = report_html(report);
  CHECK_FALSE(contains(html, "<script"));
  CHECK(count(html, "&lt;script&gt;") >= 12);
}

TEST_CASE("what is not given has no section") {
  const std::string html = report_html(small_report());
  CHECK(contains(html, "What it confuses"));
  for (const char* heading : {"<h2>Training", "<h2>Memory", "<h2>Layers", "<h2>To repeat"})
    CHECK_FALSE(contains(html, heading));
  CHECK_FALSE(contains(html, "random split"));
}

TEST_CASE("a remark on the scores stands below them") {
  Report report = small_report();
  CHECK_FALSE(contains(report_html(report), "points below float"));
  report.remark = "int8 is 5.0 points below float";
  CHECK(contains(report_html(report), "<p class=\"note\">int8 is 5.0 points below float.</p>"));
}

TEST_CASE("the random split's claim stands beside the honest result") {
  Report report = small_report();
  report.random_split = Interval{0.99, 0.97, 1};
  const std::string html = report_html(report);
  CHECK(contains(html, "what a random split would have claimed</span><b>99 % (97–100)</b>"));
  CHECK(contains(html, "near duplicates"));
}

TEST_CASE("each curve has a point an epoch, and the best epoch is marked in both charts") {
  Report report = small_report();
  report.history = {{1, 0.7, 0.5, 0.6, 0.55, true}, {2, 0.4, 0.8, 0.3, 0.9, true}, {3, 0.2, 0.9, 0.4, 0.85, false}};
  const std::string html = report_html(report);
  CHECK(count(html, "<polyline") == 4);
  CHECK(count(html, "class=\"best\"") == 2);
  CHECK(count(html, "class=\"best\" x1=\"196.0\"") == 2);  // epoch 2 of 3: half way from 40 to 352
}

TEST_CASE("a loss that ran away does not break the charts") {
  Report report = small_report();
  report.history = {{1, 0.7, 0.5, NAN, 0.5, true}, {2, INFINITY, 0.5, NAN, 0.5, false}};
  const std::string html = report_html(report);
  CHECK_FALSE(contains(html, "nan"));
  CHECK_FALSE(contains(html, "inf\""));
  CHECK_FALSE(contains(html, "inf "));
}

TEST_CASE("memory that fits shows what is free, memory that does not by how much it is too large") {
  Report report = small_report();
  report.flash = {1000, 2000, 3000, 6000, 253952};
  report.ram = {30000, 0, 0, 1000, 2000, 33000, 32768};
  report.fits = false;
  const std::string html = report_html(report);
  CHECK(contains(html, "<th>free</th><td>247\u202f952</td>"));
  CHECK(contains(html, "<th>too much by</th><td class=\"no\">232</td>"));
  CHECK(contains(html, "It does not fit."));
}

TEST_CASE("the memory map is a picture of its own, whose style cannot touch the page's") {
  Report report = small_report();
  report.flash.limit = report.ram.limit = 1000;
  report.memory_map_svg = "<svg><style>text { fill: red; }</style></svg>";
  const std::string html = report_html(report);
  CHECK(contains(html, "src=\"data:image/svg+xml;base64,PHN2Zz4"));
  CHECK_FALSE(contains(html, "fill: red"));
}

TEST_CASE("layers add up") {
  Report report = small_report();
  report.layers = {{"layer_00", "conv_2d", 1000, 9000, 11000}, {"layer_01", "softmax", 2, 300, 400}};
  CHECK(contains(report_html(report),
                 "<th>all layers</th><td></td><td>1\u202f002</td><td>9\u202f300</td><td>11\u202f400</td>"));
  report.instructions = 9400, report.cycles = 11500;
  CHECK(contains(report_html(report),
                 "lies between layers</th><td></td><td>1\u202f002</td><td>9\u202f400</td><td>11\u202f500</td>"));
}

TEST_CASE("mistakes are pictures within the page, at most 48, and it says of how many") {
  Report report = small_report();
  report.mistakes_total = 70;
  report.mistakes.assign(60, {"dragon/drakes_fire-fly_1.png", "dragon", "other", 0.87, {0x89, 'P', 'N', 'G'}});
  const std::string html = report_html(report);
  CHECK(count(html, "src=\"data:image/png;base64,iVBORw==\"") == 48);
  CHECK(contains(html, "70 of 100 samples; here are 48."));
  CHECK(contains(html, "(87\u00a0%)"));
}

TEST_CASE("an anomaly model's scores are two histograms with the threshold between them") {
  Report report;
  report.title = "pump";
  report.measured = "The model finds most.";
  report.table = {{"model", "AUC"}, {"int8", "0.9"}};
  report.anomalies = {.normals = {0.1, 0.11, 0.12, 0.2}, .anomalies = {0.5, 0.6, 900}, .threshold = 0.3};
  const std::string page = report_html(report);
  CHECK(contains(page, "What it scores"));
  CHECK(count(page, "<rect class=\"normal\"") == 32);
  CHECK(count(page, "<rect class=\"anomaly\"") == 32);
  CHECK(contains(page, "threshold 0.3<"));
  CHECK(contains(page, "normal, 4 samples"));
  CHECK(contains(page, "anomalies, 3,"));
  report.anomalies = {};
  CHECK_FALSE(contains(report_html(report), "What it scores"));
}

TEST_CASE("of samples that are not the project's own, the verdict names their folder") {
  Report report = small_report();
  report.samples = "/home/ada/others";
  CHECK(verdict(report).ends_with("on all 100 samples of /home/ada/others."));
}
