#include "base/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace dragonet {
namespace {

using namespace std::chrono_literals;

constexpr int bar_cells = 30;

bool on_terminal() {
  static const bool is_terminal = ::isatty(STDERR_FILENO);
  return is_terminal;
}

std::size_t terminal_columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// Eighths of a character cell, so that the bar moves smoothly: U+2588 is a full block, U+258F one eighth.
std::string bar(double part) {
  static const char* const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const int filled = static_cast<int>(part * bar_cells * 8);
  std::string text;
  for (int cell = 0; cell < filled / 8; ++cell) text += "█";
  text += eighths[filled % 8];
  const int used = filled / 8 + (filled % 8 != 0);
  return text + std::string(static_cast<std::size_t>(bar_cells - used), ' ');
}

void draw_bar(const std::string& what, double part, const std::string& note) {
  const std::size_t taken = what.size() + bar_cells + 9;  // "what |bar| 100%  note"
  const std::size_t left = terminal_columns() > taken + 1 ? terminal_columns() - taken - 1 : 0;
  fmt::print(stderr, "\r{} |{}| {:3.0f}%  {}\033[K", what, bar(part), 100 * part, note.substr(0, left));
  std::fflush(stderr);
}

}  // namespace

Progress::Progress(std::string what, std::size_t total) : what_(std::move(what)), total_(total) {}

Progress::~Progress() {
  if (drawn_ && on_terminal()) fmt::print(stderr, "\n");
}

void Progress::update(std::size_t done, const std::string& note) {
  const auto now = std::chrono::steady_clock::now();
  const auto pause = on_terminal() ? 50ms : 3000ms;
  if (drawn_ && done < total_ && now - last_ < pause) return;
  last_ = now;
  drawn_ = true;
  const double part = total_ ? std::min(1.0, static_cast<double>(done) / static_cast<double>(total_)) : 1.0;
  if (on_terminal())
    draw_bar(what_, part, note);
  else
    fmt::print(stderr, "{} {:.0f}%{}{}\n", what_, 100 * part, note.empty() ? "" : "  ", note);
}

}  // namespace dragonet
