// Do 95 % intervals hold in 95 of 100 cases? Draws test sets of which the truth is known, gives them to the functions
// that score models, and counts how often the truth lies in the interval (docs/statistics.md). Prints a table; status 1
// where a cell of it is below 93 or above 97 by more than chance.
//   bench_coverage [test sets per cell, 6000] [seed, 1]
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <numbers>
#include <random>

#include "judge/anomalies.h"
#include "judge/metrics.h"
#include "judge/number_errors.h"

using namespace dragonet;

namespace {

struct Random {
  std::mt19937_64 engine;
  double uniform() { return (static_cast<double>(engine() >> 11) + 0.5) * 0x1p-53; }
  int below(int n) { return static_cast<int>(uniform() * n); }
  int between(int low, int high) { return low + below(high - low + 1); }
  double normal() {  // Box and Muller
    return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * std::numbers::pi * uniform());
  }
  template <typename T, std::size_t n>
  T one_of(const std::array<T, n>& values) {
    return values[static_cast<std::size_t>(below(static_cast<int>(n)))];
  }
};

/// How much groups differ: none, moderate, strong.
constexpr std::array effects{0, 1, 2};

struct Design {
  int groups = 2, most_samples = 40, effect = 0;
  bool nested = false;  // each group is of one class; otherwise each has all
};

/// What a measure is to be tried with.
struct Trial {
  int groups = 2, effect = 0;
};

Design drawn_design(Random& random, const Trial& trial, bool nested) {
  return {trial.groups, random.one_of(std::array{1, 2, 5, 10, 20, 40}), trial.effect, nested};
}

int drawn_size(Random& random, const Design& design) {
  return random.between(std::max(1, design.most_samples / 2), design.most_samples);
}

/// The mean of f(z) over a standard normal z.
double normal_mean(const std::function<double(double)>& f) {
  double sum = 0, weights = 0;
  for (double z = -8; z <= 8; z += 0.02) {
    const double weight = std::exp(-z * z / 2);
    sum += weight * f(z), weights += weight;
  }
  return sum / weights;
}

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

/// Of the interval that the score has, whether the truth lies in it.
struct Outcome {
  bool known = false, holds = false;
  double width = 0;
};

Outcome outcome_of(const Interval& interval, double truth) {
  constexpr double rounding = 1e-9;
  return {interval.is_known(), interval.low - rounding <= truth && truth <= interval.high + rounding,
          interval.high - interval.low};
}

// --- labels ---

/// Recall is logistic(centre + deviation * normal) in each group: 1.5 is an intraclass correlation of 0.4 on that
/// scale.
constexpr std::array<double, 3> label_deviation{0, 0.7, 1.5};
constexpr std::array<double, 6> recalls{0.6, 0.7, 0.8, 0.9, 0.95, 0.99};

/// The centre at which the mean over groups is recalls[i].
double centre_of(int effect, std::size_t i) {
  static std::array<std::array<double, recalls.size()>, effects.size()> centres{};
  double& centre = centres[static_cast<std::size_t>(effect)][i];
  if (centre != 0) return centre;
  double low = 0, high = 20;
  while (high - low > 1e-6) {
    centre = (low + high) / 2;
    const double mean =
        normal_mean([&](double z) { return logistic(centre + label_deviation[static_cast<std::size_t>(effect)] * z); });
    (mean < recalls[i] ? low : high) = centre;
  }
  return centre;
}

struct LabelledSet {
  std::vector<Answer> answers;
  std::vector<double> recalls;  // the truth
};

void add_answers(LabelledSet& set, Random& random, int group, int truth, int samples, double recall) {
  const int classes = static_cast<int>(set.recalls.size());
  for (int i = 0; i < samples; ++i) {
    const int other = (truth + random.between(1, classes - 1)) % classes;
    set.answers.push_back({truth, random.uniform() < recall ? truth : other, std::to_string(group)});
  }
}

LabelledSet drawn_labels(Random& random, const Design& design, int classes) {
  LabelledSet set;
  std::vector<double> centres;
  for (int label = 0; label < classes; ++label) {
    const auto which = static_cast<std::size_t>(random.below(static_cast<int>(recalls.size())));
    set.recalls.push_back(recalls[which]);
    centres.push_back(centre_of(design.effect, which));
  }
  const double deviation = label_deviation[static_cast<std::size_t>(design.effect)];
  for (int group = 0; group < design.groups; ++group) {
    const double shared = random.normal();
    const int size = drawn_size(random, design);
    for (int label = 0; label < classes; ++label) {
      if (design.nested && group % classes != label) continue;
      const double own = design.nested ? shared : std::sqrt(0.5) * (shared + random.normal());
      add_answers(set, random, group, label, design.nested ? size : std::max(1, size / classes),
                  logistic(centres[static_cast<std::size_t>(label)] + deviation * own));
    }
  }
  return set;
}

Outcome balanced(Random& random, const Trial& trial, bool nested) {
  const int classes = random.between(2, 6);
  const LabelledSet set = drawn_labels(random, drawn_design(random, trial, nested), classes);
  const Score score = score_of(set.answers, classes);
  if (nested && trial.groups < classes) return {};  // not every class occurs
  return outcome_of(score.balanced_accuracy, mean(set.recalls));
}

Outcome balanced_nested(Random& random, const Trial& trial) { return balanced(random, trial, true); }
Outcome balanced_crossed(Random& random, const Trial& trial) { return balanced(random, trial, false); }

/// Of one of two classes, which has so many groups.
Outcome recall_of_class(Random& random, const Trial& trial) {
  const LabelledSet set = drawn_labels(random, drawn_design(random, {2 * trial.groups, trial.effect}, true), 2);
  return outcome_of(score_of(set.answers, 2).classes[0].recall.value(), set.recalls[0]);
}

// --- numbers ---

/// Errors are normal in each group, with a bias and a scale of its own; in units of the scale.
constexpr std::array<double, 3> number_deviation{0, 0.4, 0.8};

std::vector<Estimate> drawn_numbers(Random& random, const Design& design) {
  const double deviation = number_deviation[static_cast<std::size_t>(design.effect)];
  std::vector<Estimate> estimates;
  for (int group = 0; group < design.groups; ++group) {
    const double bias = deviation * random.normal(), scale = std::exp(deviation / 2 * random.normal());
    for (int i = drawn_size(random, design); i > 0; --i) {
      const double truth = 3 * random.normal();
      estimates.push_back({{float(truth)}, {float(truth + bias + scale * random.normal())}, std::to_string(group)});
    }
  }
  return estimates;
}

/// The mean over groups of what depends on a group's variance about 0.
double error_truth(int effect, const std::function<double(double)>& f) {
  const double deviation = number_deviation[static_cast<std::size_t>(effect)];
  return normal_mean([&](double z) { return f(deviation * deviation + std::exp(deviation * z)); });
}

Outcome mean_absolute_error(Random& random, const Trial& trial) {
  static const auto truths = [] {
    std::array<double, 3> of{};
    for (const int effect : effects)
      of[static_cast<std::size_t>(effect)] =
          error_truth(effect, [](double variance) { return std::sqrt(2 * variance / std::numbers::pi); });
    return of;
  }();
  const Design design = drawn_design(random, trial, false);
  return outcome_of(number_score_of(drawn_numbers(random, design)).outputs[0].mae,
                    truths[static_cast<std::size_t>(design.effect)]);
}

Outcome root_mean_squared_error(Random& random, const Trial& trial) {
  const Design design = drawn_design(random, trial, false);
  const double truth = std::sqrt(error_truth(design.effect, [](double variance) { return variance; }));
  return outcome_of(number_score_of(drawn_numbers(random, design)).outputs[0].rmse, truth);
}

// --- anomalies ---

/// Scores are normal in each group about a centre of its own, in units of that normal's deviation.
Outcome auc(Random& random, const Trial& trial, bool nested) {
  const Design design = drawn_design(random, trial, nested);
  const double deviation = number_deviation[static_cast<std::size_t>(design.effect)];
  const double distance = random.one_of(std::array{0.4, 1.0, 2.0, 3.0});
  std::vector<ScoredSample> scored;
  for (int group = 0; group < trial.groups; ++group) {
    const double shared = random.normal();
    const int size = drawn_size(random, design);
    for (const bool is_anomaly : {false, true}) {
      if (nested && is_anomaly != (group % 2 == 1)) continue;
      const double own = nested ? shared : std::sqrt(0.5) * (shared + random.normal());
      for (int i = nested ? size : std::max(1, size / 2); i > 0; --i)
        scored.push_back({.score = distance * is_anomaly + deviation * own + random.normal(),
                          .is_anomaly = is_anomaly,
                          .group = std::to_string(group)});
    }
  }
  const double truth = std::erfc(-distance / std::sqrt(2 + 2 * deviation * deviation) / std::numbers::sqrt2) / 2;
  return outcome_of(anomaly_metrics_of(scored, 1).auc.value(), truth);
}

Outcome auc_nested(Random& random, const Trial& trial) { return auc(random, trial, true); }
Outcome auc_crossed(Random& random, const Trial& trial) { return auc(random, trial, false); }

// --- the table ---

struct Measure {
  const char* name;
  Outcome (*drawn)(Random&, const Trial&);
};
constexpr Measure measures[] = {{"balanced accuracy, nested", balanced_nested},
                                {"balanced accuracy, crossed", balanced_crossed},
                                {"recall of a class", recall_of_class},
                                {"mean absolute error", mean_absolute_error},
                                {"root mean squared error", root_mean_squared_error},
                                {"AUC, nested", auc_nested},
                                {"AUC, crossed", auc_crossed}};

constexpr std::array all_groups{2, 3, 4, 5, 7, 10, 15, 20, 30, 50};
constexpr std::array effect_names{"none", "moderate", "strong"};

struct Tally {
  int known = 0, held = 0, sets = 0;
  double width = 0;

  void add(const Outcome& outcome) {
    ++sets;
    if (outcome.known) ++known, held += outcome.holds, width += outcome.width;
  }
  void add(const Tally& more) { known += more.known, held += more.held, sets += more.sets, width += more.width; }
  /// Of few sets nothing is said.
  bool is_sure() const { return known > 200; }
  double coverage() const { return 100.0 * held / known; }
};

std::string cell(const Tally& tally) {
  if (!tally.is_sure()) return "cannot know";
  const double known = 100.0 * tally.known / tally.sets;
  const std::string share = known < 99.5 ? fmt::format(", {:.0f} % known", known) : "";
  return fmt::format("{:.1f} (width {:.2f}{})", tally.coverage(), tally.width / tally.known, share);
}

/// By more than chance, of which two standard errors are allowed; 97.4 is 97 of 100.
bool is_off(const Tally& tally) {
  if (!tally.is_sure()) return false;
  const double two_errors = 2 * std::sqrt(tally.coverage() * (100 - tally.coverage()) / tally.known);
  return tally.coverage() + two_errors < 92.5 || tally.coverage() - two_errors > 97.5;
}

using Tallies = std::array<std::array<Tally, std::size(measures)>, effects.size()>;  // of so many groups

Tallies tallied(int groups, int sets, std::uint64_t seed) {
  Tallies tallies;
  for (const int effect : effects)
    for (std::size_t i = 0; i < std::size(measures); ++i) {
      Random random{std::mt19937_64(seed)};
      for (int k = 0; k < sets / 3; ++k)
        tallies[static_cast<std::size_t>(effect)][i].add(measures[i].drawn(random, {groups, effect}));
    }
  return tallies;
}

void print_head(const char* first) {
  std::string head = fmt::format("| {} |", first), line = "| ---: |";
  for (const Measure& measure : measures) head += fmt::format(" {} |", measure.name), line += " --- |";
  fmt::print("{}\n{}\n", head, line);
}

/// Of all effects; whether one is off.
bool print_row(const Tallies& tallies, int groups) {
  bool off = false;
  fmt::print("| {} |", groups);
  for (std::size_t i = 0; i < std::size(measures); ++i) {
    Tally all;
    for (const auto& of_effect : tallies) all.add(of_effect[i]);
    fmt::print(" {} |", cell(all));
    off |= is_off(all);
  }
  fmt::print("\n");
  std::fflush(stdout);
  return off;
}

void print_effects(const Tallies& all) {
  print_head("groups differ");
  for (const int effect : effects) {
    fmt::print("| {} |", effect_names[static_cast<std::size_t>(effect)]);
    for (const Tally& tally : all[static_cast<std::size_t>(effect)]) fmt::print(" {:.1f} |", tally.coverage());
    fmt::print("\n");
  }
}

}  // namespace

int main(int count, char** arguments) {
  const int sets = count > 1 ? std::atoi(arguments[1]) : 6000;
  const auto seed = static_cast<std::uint64_t>(count > 2 ? std::atoi(arguments[2]) : 1);
  Tallies all;
  bool off = false;
  print_head("groups");
  for (const int groups : all_groups) {
    const Tallies tallies = tallied(groups, sets, seed);
    off |= print_row(tallies, groups);
    for (std::size_t effect = 0; effect < all.size(); ++effect)
      for (std::size_t i = 0; i < std::size(measures); ++i) all[effect][i].add(tallies[effect][i]);
  }
  fmt::print("\nOf all numbers of groups:\n\n");
  print_effects(all);
  return off;
}
