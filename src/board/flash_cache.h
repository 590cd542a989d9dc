// The read cache of a flash controller, and the cycles that its misses cost the core.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "board/board.h"

namespace dragonet {

/// Lines and their number are powers of 2.
class FlashCache {
 public:
  explicit FlashCache(const FlashTiming& timing)
      : wait_states_(timing.wait_states),
        line_shift_(static_cast<unsigned>(std::countr_zero(timing.line_bytes))),
        mask_(timing.cache_lines - 1),
        tags_(timing.cache_lines, nothing) {}

  bool has_waits() const { return wait_states_ > 0; }

  /// Cycles that reading these bytes waits; `bytes` is not 0.
  unsigned read(std::uint32_t address, std::uint32_t bytes) {
    unsigned waits = 0;
    const std::uint32_t last = (address + bytes - 1) >> line_shift_;
    for (std::uint32_t line = address >> line_shift_; line <= last; ++line) {
      std::uint32_t& tag = tags_[line & mask_];
      if (tag == line) continue;
      tag = line;
      waits += wait_states_;
    }
    return waits;
  }

 private:
  static constexpr std::uint32_t nothing = 0xFFFF'FFFF;
  unsigned wait_states_, line_shift_;
  std::uint32_t mask_;
  std::vector<std::uint32_t> tags_;
};

}  // namespace dragonet
