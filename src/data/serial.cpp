#include "data/serial.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace dragonet {
namespace {

constexpr std::pair<int, speed_t> speeds[] = {
    {9600, B9600},     {19200, B19200},   {38400, B38400},   {57600, B57600},   {115200, B115200},
    {230400, B230400}, {460800, B460800}, {500000, B500000}, {921600, B921600}, {1000000, B1000000}};

[[noreturn]] void refuse(const fs::path& path, std::string what, std::string next) {
  throw Error(Problem{path.string(), std::move(what), std::move(next)});
}

speed_t speed_of(const fs::path& path, int baud) {
  std::string known;
  for (const auto& [number, speed] : speeds) {
    if (number == baud) return speed;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", number);
  }
  refuse(path, fmt::format("{} baud is not supported", baud), "give one of " + known);
}

/// The ports that boards have on Linux: USB's own and those of USB bridges.
std::string ports_here() {
  std::string ports;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator("/dev", ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("ttyACM") || name.starts_with("ttyUSB")) ports += " " + entry.path().string();
  }
  return ports.empty() ? "plug the board in: no /dev/ttyACM* or /dev/ttyUSB* is there" : "these are there:" + ports;
}

[[noreturn]] void refuse_to_open(const fs::path& path, int error) {
  const std::string what = "cannot open: " + std::generic_category().message(error);
  if (error == EACCES) refuse(path, what, "let your user into the group dialout, and log in again");
  if (error == EBUSY) refuse(path, what, "another program has it: close the serial monitor");
  refuse(path, what, ports_here());
}

void set_raw(const fs::path& path, int descriptor, speed_t speed) {
  termios settings{};
  if (::tcgetattr(descriptor, &settings) != 0) refuse(path, "it is no serial port", ports_here());
  ::cfmakeraw(&settings);
  settings.c_cflag |= CLOCAL | CREAD;
  settings.c_cflag &= ~static_cast<tcflag_t>(CRTSCTS | CSTOPB);
  settings.c_cc[VMIN] = 0, settings.c_cc[VTIME] = 0;
  ::cfsetispeed(&settings, speed), ::cfsetospeed(&settings, speed);
  if (::tcsetattr(descriptor, TCSANOW, &settings) != 0)
    refuse(path, "it does not take these settings: " + std::generic_category().message(errno), "try another --baud");
}

}  // namespace

SerialPort::SerialPort(const fs::path& path, int baud) {
  const speed_t speed = speed_of(path, baud);
  descriptor_ = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor_ < 0) refuse_to_open(path, errno);
  try {
    set_raw(path, descriptor_, speed);
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
  ::ioctl(descriptor_, TIOCEXCL);  // two readers would each get half of the bytes
}

SerialPort::~SerialPort() { ::close(descriptor_); }

std::string SerialPort::read_some(std::chrono::milliseconds patience) {
  pollfd waiting{descriptor_, POLLIN, 0};
  if (gone_ || ::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return "";
  char part[4096];
  const ssize_t count = ::read(descriptor_, part, sizeof part);
  if (count > 0) return {part, static_cast<std::size_t>(count)};
  gone_ = count == 0 || (errno != EAGAIN && errno != EINTR);
  return "";
}

std::vector<std::string> LineAssembler::take(std::string_view part) {
  constexpr std::size_t longest_line = 4096;
  std::vector<std::string> lines;
  for (const char c : part) {
    if (c != '\n' && c != '\r') {
      if (begun_.size() <= longest_line) begun_ += c;
      continue;
    }
    if (!begun_.empty() && begun_.size() <= longest_line) lines.push_back(begun_);
    begun_.clear();
  }
  return lines;
}

}  // namespace dragonet
