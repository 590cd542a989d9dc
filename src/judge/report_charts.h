#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "judge/metrics.h"
#include "judge/report.h"
#include "train/train.h"

namespace dragonet {

/// Loss and balanced accuracy, of training and validation, over the epochs: two inline SVGs with the best epoch marked.
std::string curves_svg(std::span<const Epoch> history);

/// One line of the chart that sets results side by side.
struct Claim {
  std::string name;
  Interval interval;
  bool honest = true;  // otherwise drawn as what it is: a claim that does not hold
};

/// Points with their 95 % intervals on a scale from 0 to 100 %, with a mark at what guessing gets.
std::string claims_html(std::span<const Claim> claims, double guessing);

/// How often which score came: what is normal upwards, anomalies downwards, and the threshold. Empty without scores.
std::string histograms_html(const AnomalyScores& scores);

/// A table, each cell shaded by its share of its row.
std::string confusion_html(const Score& score, const std::vector<std::string>& labels);

}  // namespace dragonet
