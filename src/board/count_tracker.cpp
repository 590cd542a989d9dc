#include "board/count_tracker.h"

#include <algorithm>
#include <map>

namespace dragonet {
namespace {

enum { elsewhere, inference, features, first_layer };
constexpr std::uint32_t nowhere = 0xffff'ffff;

}  // namespace

CountTracker::CountTracker(const std::vector<Symbol>& symbols, const EmittedInterface& emitted)
    : bins_(first_layer), return_address_(nowhere) {
  std::map<std::string, std::uint32_t> functions;
  for (const Symbol& symbol : symbols)
    if (symbol.is_function) functions.emplace(symbol.name, symbol.address);
  const auto for_each_present = [&](const std::vector<std::string>& names, auto action) {
    for (const std::string& name : names)
      if (const auto found = functions.find(qualified(emitted, name)); found != functions.end())
        action(name, found->second);
  };
  for_each_present(inference_entries(), [&](auto&, std::uint32_t at) { entries_.push_back({at, inference}); });
  for_each_present(feature_entries(emitted.raw), [&](auto&, std::uint32_t at) { entries_.push_back({at, features}); });
  for_each_present(emitted.layers, [&](auto& layer, std::uint32_t at) { bins_.push_back({layer, at, {}}); });
}

int CountTracker::bin_of_function(std::uint32_t address) const {
  for (const auto& [function, bin] : entries_)
    if (function == address) return bin;
  for (std::size_t bin = first_layer; bin < bins_.size(); ++bin)
    if (bins_[bin].function == address) return static_cast<int>(bin);
  return -1;
}

// There is no recursion in the firmware, so a function that is entered while it runs is a loop back to its first block.
void CountTracker::enter(std::uint32_t function, int bin, std::uint32_t return_address) {
  const auto is_same = [&](const Frame& frame) { return frame.function == function; };
  if (std::any_of(frames_.begin(), frames_.end(), is_same)) return;
  frames_.push_back({function, return_address, bin});
  switch_to_innermost();
}

// Functions that called each other as their last act return together.
void CountTracker::leave(std::uint32_t address) {
  while (!frames_.empty() && frames_.back().return_address == address) frames_.pop_back();
  switch_to_innermost();
}

void CountTracker::switch_to_innermost() {
  bins_[bin_].count += since_switch();
  at_switch_ = total_;
  bin_ = frames_.empty() ? elsewhere : frames_.back().bin;
  return_address_ = frames_.empty() ? nowhere : frames_.back().return_address;
}

Count CountTracker::since_switch() const { return total_ - at_switch_; }

std::string CountTracker::layer() const { return bins_[bin_].layer; }

void CountTracker::clear() {
  for (Bin& bin : bins_) bin.count = {};
  at_switch_ = total_;
}

Counts CountTracker::counts() const {
  std::vector<Bin> bins = bins_;
  bins[bin_].count += since_switch();
  Counts counts{.inference = bins[inference].count, .features = bins[features].count, .layers = {}};
  for (std::size_t bin = first_layer; bin < bins.size(); ++bin) {
    counts.inference += bins[bin].count;
    counts.layers.push_back({bins[bin].layer, bins[bin].count});
  }
  return counts;
}

}  // namespace dragonet
