#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"

namespace dragonet {

/// A serial port, or what pretends to be one: bytes as they are, 8 data bits, no parity, no flow control.
class SerialPort {
 public:
  /// Throws Error: no such port (with those that there are), no permission, no serial port, a baud rate unknown to it.
  SerialPort(const fs::path& path, int baud);
  ~SerialPort();
  SerialPort(const SerialPort&) = delete;
  SerialPort& operator=(const SerialPort&) = delete;

  /// What comes within this time, as soon as something does; "" if nothing did, or a signal came in between.
  std::string read_some(std::chrono::milliseconds patience);
  bool is_gone() const { return gone_; }  // the board was unplugged

 private:
  int descriptor_ = -1;
  bool gone_ = false;
};

/// Whole lines out of parts. What is longer than any line of readings is thrown away up to the line's end.
class LineAssembler {
 public:
  /// The lines that end in this part, without their ends; empty ones are left out.
  std::vector<std::string> take(std::string_view part);

 private:
  std::string begun_;
};

}  // namespace dragonet
