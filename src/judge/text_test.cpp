#include "judge/text.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <regex>

using namespace dragonet;

TEST_CASE("a confusion matrix shows the share of each true class, shaded, and how many were right") {
  CHECK(confusion_text({{8, 2}, {3, 27}}, {"dragon", "other"}) ==
        "       predicted\n"
        "truth       dragon      other  right\n"
        "dragon      80 % █     20 % ░  8 of 10\n"
        "other       10 % ░     90 % █  27 of 30\n");
}

TEST_CASE("a class without samples shows dashes, not zeros") {
  const std::string text = confusion_text({{5, 0}, {0, 0}}, {"a", "b"});
  CHECK(text.find("b               –          –  0 of 0\n") != std::string::npos);
}

TEST_CASE("a score's confusion matrix says how far each class' recall is known, and why it cannot be") {
  std::vector<Answer> answers;
  for (int i = 0; i < 12; ++i) answers.push_back({0, i < 11 ? 0 : 1, std::to_string(i / 3)});
  for (int i = 0; i < 4; ++i) answers.push_back({1, 1, "other" + std::to_string(i / 2)});
  const std::string text = confusion_text(score_of(answers, 2), {"dragon", "other"});
  CHECK(std::regex_search(text, std::regex("  11 of 12 \\([4-6][0-9]–9[89]\\)\n")));
  CHECK(text.find("  4 of 4 (cannot know: only 2 groups)\n") != std::string::npos);
}

TEST_CASE("an interval is said in words where it cannot be known") {
  CHECK(percent(Interval{0.9, 0.8, 0.95}) == "90 % (80–95)");
  CHECK(percent(Interval{1, 0, 1, "only 2 groups"}) == "100 % (cannot know: only 2 groups)");
}

TEST_CASE("colours come only when asked for, and end with every cell") {
  const Confusion confusion{{1, 0}, {1, 1}};
  CHECK(confusion_text(confusion, {"a", "b"}).find('\x1b') == std::string::npos);
  const std::string text = confusion_text(confusion, {"a", "b"}, {.colour = true});
  CHECK(text.find("\x1b[38;5;16;48;5;46m    100 %  \x1b[0m") != std::string::npos);
}

TEST_CASE("twelve classes with long names fit into 120 columns") {
  const std::vector<std::string> labels(12, "a-name-much-too-long-for-a-column");
  const std::string text = confusion_text(Confusion(12, std::vector<std::int64_t>(12, 1000000)), labels);
  const std::string last_line = text.substr(text.rfind('\n', text.size() - 2) + 1);
  std::size_t characters = 0;
  for (const char byte : last_line) characters += (byte & 0xC0) != 0x80;
  CHECK(characters < 125);
}

TEST_CASE("names are cut where they still differ: at the end, in the middle, at the beginning") {
  CHECK(cut_names({"dragon", "skeleton-archer"}, 7) == std::vector<std::string>{"dragon", "skelet…"});
  CHECK(cut_names({"skeleton-archer", "skeleton-knight"}, 7) == std::vector<std::string>{"ske…her", "ske…ght"});
  CHECK(cut_names({"drake-burner", "drake-glider"}, 6) == std::vector<std::string>{"…urner", "…lider"});
}

TEST_CASE("two numbers get as many digits as tell them apart") {
  using Pair = std::pair<std::string, std::string>;
  CHECK(told_apart(0.5, 0.25, 4) == Pair{"0.5", "0.25"});
  CHECK(told_apart(0.123456781, 0.123456789, 4) == Pair{"0.12345678", "0.12345679"});
  CHECK(told_apart(2, 2, 4) == Pair{"2", "2"});
}

TEST_CASE("names are cut between characters, not inside them") {
  CHECK(cut_names({"größenwahn"}, 5) == std::vector<std::string>{"größ…"});
  CHECK(cut_names({"ääääääb", "ääääääc"}, 4) == std::vector<std::string>{"ää…b", "ää…c"});
}

TEST_CASE("training curves span their own range and name the best epoch") {
  std::vector<Epoch> history(8);
  for (int i = 0; i < 8; ++i) history[i] = {i + 1, 0.8 - 0.1 * i, 0.5, 1.0 + i, 0.5 + 0.05 * i, i == 5};
  CHECK(training_curves_text(history) ==
        "training loss        0.800 █▇▆▅▄▃▂▁ 0.100\n"
        "validation loss      1.000 ▁▂▃▄▅▆▇█ 8.000\n"
        "validation accuracy  0.500 ▁▂▃▄▅▆▇█ 0.850  best: epoch 6, 75 %\n");
}

TEST_CASE("a long training is shortened to the width") {
  std::vector<Epoch> history(100);
  for (int i = 0; i < 100; ++i) history[i].validation_loss = i < 50 ? 2 : 1;
  CHECK(training_curves_text(history, 4).find("2.000 ██▁▁ 1.000") != std::string::npos);
  CHECK(training_curves_text({}).empty());
}

TEST_CASE("a loss that ran away is a question mark") {
  std::vector<Epoch> history(4);
  for (int i = 0; i < 4; ++i) history[i].validation_loss = i == 1 ? NAN : 1 + i;
  CHECK(training_curves_text(history).find("validation loss      1.000 ▁?▆█ 4.000") != std::string::npos);
}
