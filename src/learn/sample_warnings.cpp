#include "learn/sample_warnings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "data/letters.h"

namespace dragonet {
namespace {

constexpr std::size_t most_told = 10;

std::vector<std::string> first_of(std::vector<std::string> warnings) {
  const std::size_t all = warnings.size();
  if (all <= most_told) return warnings;
  warnings.resize(most_told);
  warnings.push_back(fmt::format("{} more like this", all - most_told));
  return warnings;
}

/// A rate, with those that a clock's jitter makes of it.
struct RateCount {
  double lowest_hz = 0, highest_hz = 0;
  std::vector<int> files;  // of each label
};

/// Each file once, however many samples it has.
std::map<std::pair<std::string, int>, double> rates_of(const Dataset& dataset, const std::vector<double>& recorded_hz) {
  std::map<std::pair<std::string, int>, double> rates;
  for (std::size_t i = 0; i < dataset.samples.size(); ++i)
    if (recorded_hz[i] > 0) rates[{dataset.samples[i].path.string(), dataset.samples[i].label}] = recorded_hz[i];
  return rates;
}

std::vector<RateCount> count_rates(const Dataset& dataset, const std::vector<double>& recorded_hz) {
  std::map<double, std::vector<int>> exact;
  for (const auto& [file, rate_hz] : rates_of(dataset, recorded_hz)) {
    std::vector<int>& files = exact[rate_hz];
    files.resize(dataset.labels.size());
    ++files[file.second];
  }
  std::vector<RateCount> rates;
  for (const auto& [rate_hz, files] : exact) {
    if (rates.empty() || rate_hz > 1.05 * rates.back().highest_hz)
      rates.push_back({rate_hz, rate_hz, std::vector<int>(files.size())});
    rates.back().highest_hz = rate_hz;
    for (std::size_t label = 0; label < files.size(); ++label) rates.back().files[label] += files[label];
  }
  return rates;
}

std::string hz_text(const RateCount& rate) {
  return rate.lowest_hz == rate.highest_hz ? fmt::format("{:g} Hz", rate.lowest_hz)
                                           : fmt::format("{:g} to {:g} Hz", rate.lowest_hz, rate.highest_hz);
}

/// Of one label at one rate against all other labels; "": the rate says little.
std::string rate_warning(const Dataset& dataset, const std::vector<RateCount>& rates, const RateCount& rate,
                         std::size_t label) {
  int own = 0, others = 0, others_at_rate = 0;
  for (const RateCount& each : rates)
    for (std::size_t l = 0; l < each.files.size(); ++l) (l == label ? own : others) += each.files[l];
  for (std::size_t l = 0; l < rate.files.size(); ++l) others_at_rate += l == label ? 0 : rate.files[l];
  if (own < 2 || others < 2) return "";
  const double share = double(rate.files[label]) / own, other_share = double(others_at_rate) / others;
  if (share - other_share <= 0.5) return "";
  return fmt::format(
      "label {} can be told from the sampling rate alone: {} of its {} files have {}, and {} of the {} others do; a "
      "model may learn that instead of what they hold; record all labels alike",
      dataset.labels[label], rate.files[label], own, hz_text(rate), others_at_rate, others);
}

}  // namespace

std::vector<std::string> rate_warnings(const Dataset& dataset, const std::vector<double>& recorded_hz) {
  const std::vector<RateCount> rates = count_rates(dataset, recorded_hz);
  std::vector<std::string> warnings;
  if (rates.size() < 2 || dataset.labels.size() < 2) return warnings;
  for (std::size_t label = 0; label < dataset.labels.size(); ++label)
    for (const RateCount& rate : rates)
      if (const std::string warning = rate_warning(dataset, rates, rate, label); !warning.empty())
        warnings.push_back(warning);
  if (dataset.labels.size() == 2 && warnings.size() > 1) warnings.resize(1);  // of the other label it is the same
  return first_of(warnings);
}

std::vector<std::string> label_warnings(const std::vector<std::string>& labels) {
  std::map<std::string, std::vector<std::string>> alike;
  for (const std::string& label : labels) alike[folded(label)].push_back(label);
  std::vector<std::string> warnings;
  for (const auto& [letters, names] : alike)
    if (names.size() > 1)
      warnings.push_back(
          fmt::format("labels {} differ only in capitals, blanks, or how their letters are composed, and are taken for "
                      "{} labels; give their folders one name if they are one",
                      fmt::join(names, " and "), names.size()));
  return first_of(warnings);
}

std::vector<std::string> contradiction_warnings(const Dataset& dataset, const std::vector<std::string>& hashes) {
  std::map<std::string, std::map<int, std::string>> paths;  // by hash and label
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    const Sample& sample = dataset.samples[i];
    const bool is_whole = sample.last_s == 0;  // parts of one file may well have several labels
    if (!hashes[i].empty() && is_whole) paths[hashes[i]].emplace(sample.label, sample.path.generic_string());
  }
  std::vector<std::string> warnings;
  for (const auto& [hash, labels] : paths) {
    if (labels.size() < 2) continue;
    std::vector<std::string> names;
    for (const auto& [label, path] : labels) names.push_back(path);
    warnings.push_back(fmt::format("the same sample has {} labels: {}; remove it from all but one", labels.size(),
                                   fmt::join(names, " and ")));
  }
  return first_of(warnings);
}

}  // namespace dragonet
