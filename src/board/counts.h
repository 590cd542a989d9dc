#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dragonet {

struct Count {
  std::uint64_t instructions = 0;
  std::uint64_t cycles = 0;       // of the core, as if memory answered at once
  std::uint64_t wait_cycles = 0;  // what the board's flash adds

  std::uint64_t all_cycles() const { return cycles + wait_cycles; }
  Count& operator+=(const Count& more) {
    instructions += more.instructions;
    cycles += more.cycles;
    wait_cycles += more.wait_cycles;
    return *this;
  }
  friend Count operator+(Count a, const Count& b) { return a += b; }
  friend Count operator-(const Count& a, const Count& b) {
    return {a.instructions - b.instructions, a.cycles - b.cycles, a.wait_cycles - b.wait_cycles};
  }
  bool operator==(const Count&) const = default;
};
struct LayerCount {
  std::string name;  // the emitted function: "layer_03_conv_2d"
  Count count;
};
struct Counts {
  Count inference;  // everything inside the emitted model, features left out
  Count features;   // raw rows -> model rows
  std::vector<LayerCount> layers;
};

}  // namespace dragonet
