#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "judge/metrics.h"
#include "train/train.h"

namespace dragonet {

struct TextOptions {
  bool colour = false;  // ANSI escapes, of the 256 colours that terminals agree on
};

/// The confusion matrix for a terminal, a line per true class: the share of its samples that got each answer, shaded,
/// then how many were right. `labels`: one per class, UTF-8, cut where too long. Ends with a newline.
std::string confusion_text(const Confusion& confusion, const std::vector<std::string>& labels,
                           TextOptions options = {});

/// The same, each line ending with the interval of the class' recall: "8 of 10 (45–94)".
std::string confusion_text(const Score& score, const std::vector<std::string>& labels, TextOptions options = {});

/// Loss and balanced accuracy over the epochs, a line of eight-step bars each. Empty without epochs.
std::string training_curves_text(std::span<const Epoch> history, std::size_t width = 40);

std::string percent(double share);                   // "91 %"
std::string range(const Interval& interval);         // "(84–96)", or as below
std::string unknown_text(const Interval& interval);  // "(cannot know: only 2 groups)"
std::string percent(const Interval& interval);       // "91 % (84–96)"

/// Two numbers that differ, with as many digits as tell them apart, from `digits` on: "0.12345", "0.12346".
std::pair<std::string, std::string> told_apart(double a, double b, int digits);

std::size_t characters(const std::string& text);  // of UTF-8, not bytes

/// Names in at most `width` (3 or more) characters, not bytes, cut where they still differ: at the end ("skelet…"),
/// else in the middle ("ske…her"), else at the beginning ("…urner").
std::vector<std::string> cut_names(const std::vector<std::string>& names, std::size_t width);

}  // namespace dragonet
