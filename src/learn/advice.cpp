#include "learn/advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "judge/text.h"
#include "judge/threshold.h"
#include "project/spoken_samples.h"

namespace dragonet {

static std::size_t count_groups(const Dataset& dataset) {
  std::set<std::string> groups;
  for (const Sample& sample : dataset.samples) groups.insert(sample.group);
  return groups.size();
}

/// More than some trainings take long.
static const char* command_for(std::size_t groups) {
  constexpr std::size_t few = 12;
  return groups <= few ? "dragonet test --leave-one-group-out" : "dragonet test --folds 5";
}

static std::string what_is_open(const Headline& headline) {
  const Interval& interval = headline.interval;
  if (!interval.is_known()) return "are too few to know how good the model is with others";
  return fmt::format("leave its {} anywhere from {:.2g} to {:.2g}", headline.text, interval.low, interval.high);
}

std::string folds_advice(const TaskScore& score, const Dataset& dataset) {
  const std::size_t all = count_groups(dataset);
  if (!is_barely_known(score) || all <= static_cast<std::size_t>(groups_in(score))) return "";
  return fmt::format("the groups in the test, {} of {}, {}; `{}` tests on all of them", groups_in(score), all,
                     what_is_open(headline_of(score)), command_for(all));
}

static std::string needed_text(double share) {
  return share < 1 ? fmt::format("{:.0f} would be needed", scores_needed(share)) : "no number would be enough";
}

std::string threshold_advice(const Task& task, std::size_t scores) {
  const auto* anomaly = std::get_if<Anomaly>(&task);
  if (!anomaly || can_show(scores, anomaly->quantile)) return "";
  return fmt::format(
      "that {:.3g} % of what is normal are taken for anomalies, as anomaly.quantile asks, cannot be verified with the "
      "scores of {} normal samples: {}; the threshold is extrapolated from these, and a lower anomaly.quantile finds "
      "more anomalies",
      100 * (1 - anomaly->quantile), scores, needed_text(anomaly->quantile));
}

std::string said_test_advice(const Dataset& dataset, const Indices& test) {
  const std::set<std::string> said = said_in(dataset.folder);
  const auto count = std::ranges::count_if(
      test, [&](int i) { return said.contains(dataset.samples[static_cast<std::size_t>(i)].path.generic_string()); });
  if (2 * count <= std::ssize(test)) return "";
  return fmt::format(
      "{} of the {} samples in the test were made by `dragonet data say`, which flatters: synthesizers resemble each "
      "other more than people do; record people, and test on them with `dragonet test --samples DIR`",
      count, test.size());
}

std::string random_split_text(const Interval& honest, const Interval& claim) {
  if (claim.value <= honest.value) return "";
  return fmt::format(
      "a careless random split would have claimed {}: near duplicates of its test pictures were in training",
      percent(claim));
}

}  // namespace dragonet
