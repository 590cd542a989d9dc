#include "data/label_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "base/error.h"

namespace dragonet {

static constexpr const char* unknown = "unknown";

/// The name of a folder's label.
using Rule = std::function<std::string(const std::string& folder)>;

static std::string named(const std::string& folder) { return folder == background_folder ? silence_label : folder; }

static void require_folder(const fs::path& samples, const std::vector<std::string>& folders, const std::string& label,
                           const char* role) {
  if (std::ranges::find(folders, label) == folders.end())
    throw Error({samples.string(), fmt::format("no folder is named {}, {}", label, role), choice_of(label, folders)});
}

static LabelRules ruled(const std::vector<std::string>& folders, const Rule& rule) {
  std::set<std::string> names;
  for (const std::string& folder : folders) names.insert(rule(folder));
  LabelRules rules{.names = {names.begin(), names.end()}, .of_folder = {}};
  for (const std::string& folder : folders)
    rules.of_folder[folder] = static_cast<int>(std::ranges::find(rules.names, rule(folder)) - rules.names.begin());
  return rules;
}

/// The positive label comes first.
static LabelRules one_against_all(const std::vector<std::string>& folders, const std::string& positive) {
  LabelRules rules{.names = {positive, positive == "other" ? "rest" : "other"}, .of_folder = {}};
  for (const std::string& folder : folders) rules.of_folder[folder] = folder == positive ? 0 : 1;
  return rules;
}

LabelRules label_rules(const fs::path& samples, const std::vector<std::string>& folders,
                       const DatasetOptions& options) {
  const std::string& positive = options.positive;
  const std::vector<std::string>& keywords = options.keywords;
  if (!positive.empty() && !keywords.empty())
    throw Error({"samples.positive and samples.keywords", "are two ways to gather labels", "leave one of them out"});
  if (options.strict)
    for (const std::string& keyword : keywords) require_folder(samples, folders, keyword, "one of the keywords");
  if (!positive.empty()) {
    require_folder(samples, folders, positive, "the positive label");
    return one_against_all(folders, positive);
  }
  if (keywords.empty()) return ruled(folders, named);
  return ruled(folders, [&](const std::string& folder) {
    const std::string name = named(folder);
    const bool stays = name == silence_label || std::ranges::find(keywords, name) != keywords.end();
    return stays ? name : unknown;
  });
}

static std::size_t most_of_others(const Dataset& dataset, int label) {
  std::vector<std::size_t> counts(dataset.labels.size());
  for (const Sample& sample : dataset.samples) ++counts[sample.label];
  counts[label] = 0;
  return *std::ranges::max_element(counts);
}

void thin_unknown(Dataset& dataset) {
  const auto found = std::ranges::find(dataset.labels, unknown);
  if (found == dataset.labels.end()) return;
  const int label = static_cast<int>(found - dataset.labels.begin());
  const auto is_unknown = [&](const Sample& sample) { return sample.label == label; };
  const auto all = static_cast<std::size_t>(std::ranges::count_if(dataset.samples, is_unknown));
  const std::size_t most = 2 * most_of_others(dataset, label);
  if (most == 0 || all <= most) return;  // of other samples, where no keyword is among them, all are used
  std::size_t seen = 0;
  std::erase_if(dataset.samples, [&](const Sample& sample) {
    if (!is_unknown(sample)) return false;
    const std::size_t i = seen++;
    return (i + 1) * most / all == i * most / all;  // not where the share of those kept goes up by one
  });
  dataset.notes.push_back(
      fmt::format("unknown: {} of {} samples are used, evenly over all that are no keyword", most, all));
}

}  // namespace dragonet
