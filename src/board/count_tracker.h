#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "board/counts.h"
#include "board/firmware.h"

namespace dragonet {

/// Splits running totals among the emitted model's layers, its other code, its features and all the rest. It follows
/// calls of the few functions that matter by their addresses and keeps a stack of where they return to; what these call
/// counts as theirs.
class CountTracker {
 public:
  CountTracker(const std::vector<Symbol>& symbols, const EmittedInterface& emitted);

  /// Which bin the function that begins at this address opens, or -1 for all functions that do not matter.
  int bin_of_function(std::uint32_t address) const;

  void add(const Count& count) { total_ += count; }
  void enter(std::uint32_t function, int bin, std::uint32_t return_address);
  /// To be called for every block: true only where the innermost function returns to this address.
  bool returns_to(std::uint32_t address) const { return address == return_address_; }
  void leave(std::uint32_t address);

  const Count& total() const { return total_; }
  std::string layer() const;  // that the program is in; "" if none
  void clear();
  Counts counts() const;

 private:
  struct Bin {
    std::string layer;  // "" for the first three
    std::uint32_t function = 0;
    Count count;
  };
  struct Frame {
    std::uint32_t function, return_address;
    int bin;
  };
  void switch_to_innermost();
  Count since_switch() const;

  std::vector<Bin> bins_;                               // elsewhere, inference, features, then layers in order
  std::vector<Frame> frames_;                           // innermost last
  std::vector<std::pair<std::uint32_t, int>> entries_;  // functions that are no layers, and their bins
  std::uint32_t return_address_;
  int bin_ = 0;
  Count total_, at_switch_;
};

}  // namespace dragonet
