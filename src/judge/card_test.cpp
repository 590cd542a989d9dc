#include "judge/card.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <regex>

#include "judge/card_blocks.h"
#include "judge/text.h"

using namespace dragonet;

namespace {

Score score_with(const Confusion& confusion) {
  std::vector<Answer> answers;
  for (int truth = 0; truth < static_cast<int>(confusion.size()); ++truth)
    for (int predicted = 0; predicted < static_cast<int>(confusion.size()); ++predicted)
      for (int i = 0; i < confusion[truth][predicted]; ++i)
        answers.push_back({truth, predicted, fmt::format("{}-{}", truth, answers.size() / 3)});
  return score_of(answers, static_cast<int>(confusion.size()));
}

Report dragon_report() {
  Report report;
  report.title = "dragons";
  report.board = "Arduino MKR Zero (SAMD21G18A)";
  report.labels = {"dragon", "other"};
  report.positive = "dragon";
  report.unit = "unit";
  report.int8 = score_with({{75, 9}, {10, 112}});
  report.int8.balanced_accuracy = {.91, .80, .97};
  report.random_split = Interval{.93, .90, .96};
  report.flash = {23040, 9012, 7004, 39056, 253952};
  report.ram = {11264, 0, 0, 3104, 1972, 16340, 32768};
  report.layers = {{"layer_00", "conv_2d", 1, 14'100'000, 17'000'000}, {"layer_01", "softmax", 1, 100'000, 90'000}};
  report.instructions = 14'201'000, report.cycles = 17'093'000;
  report.ms = 356;
  return report;
}

/// `classes` classes of ten samples, of which class i has i wrong.
Report report_with(int classes) {
  Report report = dragon_report();
  report.labels.clear();
  Confusion confusion(classes, std::vector<std::int64_t>(classes, 0));
  for (int i = 0; i < classes; ++i) {
    report.labels.push_back(fmt::format("a class with the number {}", i));
    confusion[i][i] = 10 - i % 10;
    confusion[i][(i + 1) % classes] += i % 10;
  }
  report.int8 = score_with(confusion);
  return report;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  return static_cast<std::size_t>(std::distance(std::sregex_iterator(text.begin(), text.end(), regex), {}));
}

struct Box {
  double left, top, right, bottom;
  std::string words;
  bool overlaps(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
};

/// DejaVu Sans Mono: each character is 1233 of 2048 units wide; what is drawn of ours lies within 0.76 above and 0.24
/// below the line.
Box box_of(const std::smatch& text, double x, double y) {
  const std::string words = std::regex_replace(text[5].str(), std::regex("&[a-z0-9#]+;"), "&");
  const double size = std::stod(text[3]), width = static_cast<double>(characters(words)) * size * 1233 / 2048;
  const double shift = text[4] == "end" ? -width : text[4] == "middle" ? -width / 2 : 0;
  x += std::stod(text[1]) + shift;
  y += std::stod(text[2]);
  return {x, y - 0.76 * size, x + width, y + 0.24 * size, words};
}

/// Of all words, where they stand on the card: groups move what is in them.
std::vector<Box> words_on(const std::string& svg) {
  static const std::regex element(
      R"re(<g [^>]*?translate\((\S+) (\S+)\)[^>]*>|</g>|<text x="(\S+)" y="(\S+)" font-size="(\S+)" class="[^"]*" text-anchor="(\w+)">([^<]*)</text>)re");
  static const std::regex words(
      R"re(<text x="(\S+)" y="(\S+)" font-size="(\S+)" class="[^"]*" text-anchor="(\w+)">([^<]*)</text>)re");
  std::vector<std::pair<double, double>> corners{{0, 0}};
  std::vector<Box> boxes;
  for (std::sregex_iterator i(svg.begin(), svg.end(), element), end; i != end; ++i) {
    const std::string found = i->str();
    std::smatch text;
    if (found == "</g>")
      corners.pop_back();
    else if (std::regex_match(found, text, words))
      boxes.push_back(box_of(text, corners.back().first, corners.back().second));
    else
      corners.push_back({corners.back().first + std::stod((*i)[1]), corners.back().second + std::stod((*i)[2])});
  }
  return boxes;
}

void check_nothing_overlaps(const std::string& svg) {
  std::smatch size;
  REQUIRE(std::regex_search(svg, size, std::regex("viewBox=\"0 0 960 ([0-9]+)\"")));
  const std::vector<Box> boxes = words_on(svg);
  CHECK(boxes.size() == count(svg, "<text "));
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    INFO(boxes[i].words);
    CHECK((boxes[i].left >= 30 && boxes[i].right <= 930 && boxes[i].top >= 20 &&
           boxes[i].bottom <= std::stod(size[1]) - 20));
    for (std::size_t k = 0; k < i; ++k) {
      INFO(boxes[k].words);
      CHECK_FALSE(boxes[i].overlaps(boxes[k]));
    }
  }
}

/// Every element that opens closes, in order; no '&' but of an entity.
void check_well_formed(const std::string& svg) {
  std::vector<std::string> open;
  static const std::regex tag("<(/?)([a-z]+)[^>]*?(/?)>");
  for (std::sregex_iterator i(svg.begin(), svg.end(), tag), end; i != end; ++i) {
    if ((*i)[3] == "/") continue;
    if ((*i)[1] == "") {
      open.push_back((*i)[2]);
    } else {
      REQUIRE_FALSE(open.empty());
      CHECK(open.back() == (*i)[2]);
      open.pop_back();
    }
  }
  CHECK(open.empty());
  CHECK(count(svg, "&(?!(amp|lt|gt|quot|#39);)") == 0);
}

}  // namespace

TEST_CASE("the card tells the result: shares and counts, what is honest, what is claimed, memory, time") {
  const std::string svg = result_card_svg(dragon_report());
  for (const char* words :
       {">89 %<", ">75 of 84<", ">92 %<", ">112 of 122<", ">91 % (80–97)<", ">a random split would have claimed<",
        ">93 % (90–96)<", ">guessing gets 50 %<", ">Arduino MKR Zero (SAMD21G18A)<", ">39 056 B of 253 952 B<",
        ">16 340 B of 32 768 B<", ">356 ms<", ">with the flash&#39;s wait states<",
        ">14.20 million instructions, 17.09 million cycles<"})
    CHECK(contains(svg, words));
}

TEST_CASE("the card's sentence is the verdict, unshortened") {
  const Report report = dragon_report();
  std::string sentence;
  for (const Box& box : words_on(result_card_svg(report)))
    if (box.bottom - box.top == Approx(20) && !contains(box.words, " ms")) sentence += box.words + " ";
  CHECK(sentence == verdict(report) + " ");
}

TEST_CASE("nothing on the card overlaps, nor leaves it") {
  for (const int classes : {1, 2, 3, 4, 5, 6, 7, 12, 30}) {
    INFO(classes);
    check_nothing_overlaps(result_card_svg(report_with(classes)));
  }
  check_nothing_overlaps(result_card_svg(dragon_report()));
}

TEST_CASE("long names from outside are cut, and keep within their places") {
  const std::string endless(300, 'w');
  Report report = dragon_report();
  report.title = report.model = report.board = report.unit = report.positive = endless;
  report.labels = {endless, endless + "x"};
  check_nothing_overlaps(result_card_svg(report));
}

TEST_CASE("names from outside are text on the card, never markup, and it stays XML") {
  const std::string hostile = "</text><script>\"'&\x01\n";
  Report report = dragon_report();
  report.title = report.model = report.date = report.board = report.unit = report.positive = hostile;
  report.labels = {hostile, "other"};
  const std::string svg = result_card_svg(report);
  CHECK_FALSE(contains(svg, "<script"));
  CHECK(count(svg, "\x01") == 0);
  check_well_formed(svg);
  check_nothing_overlaps(svg);
}

TEST_CASE("the card stands alone: no script, no address outside it; light and dark") {
  const std::string svg = result_card_svg(dragon_report());
  check_well_formed(svg);
  CHECK(count(svg, "https?:") == 1);  // the name of the SVG namespace
  for (const char* outside : {"<script", "href", "@import", "url(", "<image"}) CHECK_FALSE(contains(svg, outside));
  CHECK(contains(svg, "prefers-color-scheme: dark"));
}

TEST_CASE("bars are to scale") {
  const std::string svg = result_card_svg(dragon_report());
  CHECK(contains(svg, "width=\"382.2\" height=\"14.0\" class=\"honest\""));     // 91 % of 420
  CHECK(contains(svg, "width=\"390.6\" height=\"14.0\" class=\"pretended\""));  // 93 %
  CHECK(contains(svg, "width=\"38.1\" height=\"14.0\" class=\"constants\""));   // 23 040 of 253 952 bytes
  CHECK(contains(svg, "x=\"144.4\" y=\"18.0\" width=\"39.8\" height=\"14.0\" class=\"variables\""));
}

TEST_CASE("up to six classes make a matrix, more make bars of recall, the weakest first") {
  CHECK(count(result_card_svg(report_with(6)), "class=\"wrong\"") == 30);
  const std::string seven = result_card_svg(report_with(7));
  CHECK(count(seven, "class=\"wrong\"") == 0);
  CHECK(count(seven, "class=\"right\"") == 7);
  CHECK(contains(seven, "weakest first"));
  CHECK(seven.find(">40 %<") < seven.find(">50 %<"));
  const std::string thirty = result_card_svg(report_with(30));
  CHECK(count(thirty, "class=\"right\"") == 12);
  CHECK(contains(thirty, "the weakest 12 of 30"));
}

TEST_CASE("a class without samples has no shares") {
  Report report = dragon_report();
  report.int8 = score_with({{5, 1}, {0, 0}});
  const std::string svg = result_card_svg(report);
  CHECK(count(svg, ">–<") == 2);
  CHECK_FALSE(contains(svg, "nan"));
}

TEST_CASE("memory that does not fit says by how much, and stays within the bar") {
  Report report = dragon_report();
  report.ram = {30000, 0, 1200, 1000, 2000, 34200, 32768};
  const std::string svg = result_card_svg(report);
  CHECK(contains(svg, "class=\"no\" text-anchor=\"end\">34 200 B of 32 768 B, 1 432 B too much<"));
  CHECK(contains(svg, "class=\"limit\" d=\"M402.4 "));  // 32 768 / 34 200 of 420
  CHECK(contains(svg, ">input<"));
}

TEST_CASE("what is not known leaves its part out, and the card gets lower") {
  Report report = dragon_report();
  report.random_split.reset();
  report.flash = {};
  report.ram = {};
  report.layers.clear();
  report.ms = 0;
  report.instructions = report.cycles = 0;
  const std::string svg = result_card_svg(report);
  for (const char* words : {"random split", "Flash", "RAM", "MKR Zero", "inference", " ms<"})
    CHECK_FALSE(contains(svg, words));
  const auto height = [](const std::string& card) {
    return std::stoi(card.substr(card.find("viewBox=\"0 0 960 ") + 17));
  };
  CHECK(height(svg) < height(result_card_svg(dragon_report())));
}

TEST_CASE("a report of nothing is an empty card, not an error") {
  const std::string svg = result_card_svg(Report{});
  check_well_formed(svg);
  CHECK(count(svg, "<text ") == 0);
}

TEST_CASE("samples that were not grouped are not called groups") {
  Report report = dragon_report();
  report.grouped = false;
  CHECK(contains(result_card_svg(report), ">on samples it never saw<"));
}

TEST_CASE("only a dragon detector has a dragon") {
  Report report = dragon_report();
  CHECK(contains(result_card_svg(report), "<g class=\"dragon\""));
  report.labels[0] = report.positive = "elf";
  CHECK_FALSE(contains(result_card_svg(report), "<g class=\"dragon\""));
}

TEST_CASE("sentences are wrapped evenly, and a percent sign stays with its number") {
  CHECK(wrapped("one two three four", 14) == std::vector<std::string>{"one two", "three four"});
  CHECK(wrapped("seven 8 % nine", 8) == std::vector<std::string>{"seven", "8 % nine"});
  CHECK(wrapped("a endless-word b", 7) == std::vector<std::string>{"a", "endles…", "b"});
}

TEST_CASE("what cannot be known is said in words, and no interval is drawn") {
  Report report = dragon_report();
  report.random_split.reset();
  CHECK(count(result_card_svg(report), "class=\"interval\"") == 1);
  report.int8.balanced_accuracy = {1, 0, 1, "only 2 groups"};
  CHECK(contains(result_card_svg(report), "100 % (cannot know: only 2 groups)"));
  CHECK(count(result_card_svg(report), "class=\"interval\"") == 0);
}

TEST_CASE("every colour that the card's style names is one that it has, in light and in dark") {
  const std::string svg = result_card_svg(dragon_report());
  const std::regex use("var\\((--[a-z_]+)\\)");
  for (std::sregex_iterator at(svg.begin(), svg.end(), use), end; at != end; ++at)
    CHECK(count(svg, (*at)[1].str() + ": #") == 2);
}
