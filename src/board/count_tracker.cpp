#include "board/count_tracker.h"

#include <algorithm>
#include <cstdlib>

namespace dragonet {
namespace {

enum { elsewhere, inference, features, first_layer };
constexpr std::uint32_t nowhere = 0xffff'ffff;

// "dragon::layer_03_conv_2d" -> "layer_03_conv_2d"
std::string last_part(const std::string& name) {
  const std::size_t colons = name.rfind("::");
  return colons == std::string::npos ? name : name.substr(colons + 2);
}

bool is_layer(const std::string& name) {
  return name.starts_with("layer_") && name.size() > 6 && name[6] >= '0' && name[6] <= '9';
}

int layer_index(const std::string& name) { return std::atoi(name.c_str() + 6); }

// The emitted model's namespace is the one that holds the layers: the protocol has a `begin` of its own.
std::string model_namespace(const std::vector<Symbol>& symbols) {
  for (const Symbol& symbol : symbols)
    if (symbol.is_function && is_layer(last_part(symbol.name)))
      return symbol.name.substr(0, symbol.name.size() - last_part(symbol.name).size());
  return "?";
}

int bin_of_entry(const std::string& function) {
  if (function == "begin" || function == "feed_row" || function == "invoke") return inference;
  const bool of_features = function == "begin_image" || function == "feed_image_row" || function == "begin_listening" ||
                           function == "feed_reading";
  return of_features ? features : -1;
}

}  // namespace

CountTracker::CountTracker(const std::vector<Symbol>& symbols) : bins_(first_layer), return_address_(nowhere) {
  const std::string prefix = model_namespace(symbols);
  for (const Symbol& symbol : symbols) {
    const std::string function = last_part(symbol.name);
    if (!symbol.is_function || symbol.name != prefix + function) continue;
    if (is_layer(function)) bins_.push_back({function, symbol.address, {}});
    if (bin_of_entry(function) >= 0) entries_.push_back({symbol.address, bin_of_entry(function)});
  }
  std::stable_sort(bins_.begin() + first_layer, bins_.end(),
                   [](const Bin& a, const Bin& b) { return layer_index(a.layer) < layer_index(b.layer); });
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
