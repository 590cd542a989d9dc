// The host's side of semihosting, by which a program without a board's drivers prints, asks for the time and ends:
// "Semihosting for AArch32 and AArch64", Arm. It is what newlib's rdimon.specs calls, and QEMU understands it too, so
// one image runs here and there. There are no files but the console.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace dragonet {

struct HostClock {
  std::uint64_t cycles;  // since reset, wait states among them
  std::uint32_t clock_hz;
};

struct Semihosting {
  /// Memory of the program; an empty span where there is none.
  using Memory = std::function<std::span<std::uint8_t>(std::uint32_t address, std::uint32_t bytes)>;

  /// What goes into r0. `argument`: r1.
  std::uint32_t answer(std::uint32_t operation, std::uint32_t argument, const HostClock& clock, const Memory& memory);

  std::string printed;
  std::optional<int> exit_status;
  std::string complaint;  // "" or what is wrong, for a sentence that goes on after "it "
};

}  // namespace dragonet
