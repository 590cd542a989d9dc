#include "board/semihosting.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace dragonet {
namespace {

enum : std::uint32_t {
  sys_open = 0x01,
  sys_close = 0x02,
  sys_writec = 0x03,
  sys_write0 = 0x04,
  sys_write = 0x05,
  sys_read = 0x06,
  sys_istty = 0x09,
  sys_seek = 0x0A,
  sys_flen = 0x0C,
  sys_clock = 0x10,
  sys_time = 0x11,
  sys_errno = 0x13,
  sys_get_cmdline = 0x15,
  sys_heapinfo = 0x16,
  sys_exit = 0x18,
  sys_exit_extended = 0x20,
  sys_elapsed = 0x30,
  sys_tickfreq = 0x31
};

constexpr std::uint32_t failed = 0xFFFF'FFFF, console = 1, application_exit = 0x20026;

std::optional<std::uint32_t> word_at(const Semihosting::Memory& memory, std::uint32_t address) {
  const auto bytes = memory(address, 4);
  if (bytes.empty()) return std::nullopt;
  std::uint32_t value;
  std::memcpy(&value, bytes.data(), 4);
  return value;
}

std::string text_at(const Semihosting::Memory& memory, std::uint32_t address) {
  std::string text;
  for (auto byte = memory(address, 1); !byte.empty() && byte[0]; byte = memory(++address, 1))
    text += static_cast<char>(byte[0]);
  return text;
}

// {handle, text, bytes}: how many were not written.
std::uint32_t write(std::string& printed, const Semihosting::Memory& memory, std::uint32_t block) {
  const auto text = word_at(memory, block + 4), bytes = word_at(memory, block + 8);
  if (!text || !bytes) return failed;
  const auto contents = memory(*text, *bytes);
  printed.append(contents.begin(), contents.end());
  return *bytes - static_cast<std::uint32_t>(contents.size());
}

std::uint32_t store(const Semihosting::Memory& memory, std::uint32_t address, std::uint64_t value) {
  const auto bytes = memory(address, 8);
  if (bytes.empty()) return failed;
  std::memcpy(bytes.data(), &value, 8);
  return 0;
}

// Zeros: the program works out for itself where heap and stack lie.
std::uint32_t no_heap_info(const Semihosting::Memory& memory, std::uint32_t block) {
  const auto info = word_at(memory, block);
  const auto bytes = info ? memory(*info, 16) : std::span<std::uint8_t>();
  std::ranges::fill(bytes, std::uint8_t{0});
  return bytes.empty() ? failed : 0;
}

}  // namespace

std::uint32_t Semihosting::answer(std::uint32_t operation, std::uint32_t argument, const HostClock& clock,
                                  const Memory& memory) {
  switch (operation) {
    case sys_writec:
      if (const auto byte = memory(argument, 1); !byte.empty()) printed += static_cast<char>(byte[0]);
      return 0;
    case sys_write0:
      printed += text_at(memory, argument);
      return 0;
    case sys_write:
      return write(printed, memory, argument);
    case sys_open:
      return text_at(memory, word_at(memory, argument).value_or(0)) == ":tt" ? console : failed;
    case sys_read:  // nobody types: none of the bytes asked for
      return word_at(memory, argument + 8).value_or(0);
    case sys_istty:
      return 1;
    case sys_close:
    case sys_flen:
    case sys_errno:
    case sys_time:  // every run is at the same moment
      return 0;
    case sys_seek:
    case sys_get_cmdline:
      return failed;
    case sys_heapinfo:
      return no_heap_info(memory, argument);
    case sys_clock:  // in hundredths of a second
      return static_cast<std::uint32_t>(clock.cycles * 100 / clock.clock_hz);
    case sys_elapsed:
      return store(memory, argument, clock.cycles);
    case sys_tickfreq:
      return clock.clock_hz;
    case sys_exit:
      exit_status = argument == application_exit ? 0 : 1;
      return 0;
    case sys_exit_extended: {
      const bool is_exit = word_at(memory, argument) == application_exit;
      exit_status = is_exit ? static_cast<int>(word_at(memory, argument + 4).value_or(1)) : 1;
      return 0;
    }
    default:
      complaint = fmt::format("asks the host for semihosting call 0x{:02x}, which is not modelled", operation);
      return failed;
  }
}

}  // namespace dragonet
