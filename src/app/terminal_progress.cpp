#include "app/terminal_progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "app/messages.h"
#include "base/printable.h"

namespace dragonet {
namespace {

using namespace std::chrono_literals;

constexpr int bar_cells = 30;

bool on_terminal() {
  static const bool is_terminal = ::isatty(messages_descriptor());
  return is_terminal;
}

std::size_t terminal_columns() {
  winsize size{};
  return ::ioctl(messages_descriptor(), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
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
  fmt::print(messages(), "\r{} |{}| {:3.0f}%  {}\033[K", what, bar(part), 100 * part, note.substr(0, left));
  std::fflush(messages());
}

}  // namespace

Observer TerminalProgress::observer() {
  return {.progress = [this](const ProgressReport& report) { show(report); },
          .remark =
              [this](const std::string& sentence) {
                end_bar();
                fmt::print(messages(), "{}\n", printable(sentence));
              }};
}

bool TerminalProgress::is_due(const ProgressReport& report) const {
  const bool begins = report.what != what_ || report.done < done_, ends = report.done >= report.total;
  if (!begins && report.done == done_ && last_ != std::chrono::steady_clock::time_point{}) return false;
  return begins || ends || std::chrono::steady_clock::now() - last_ >= (on_terminal() ? 50ms : 3000ms);
}

void TerminalProgress::show(const ProgressReport& report) {
  if (!is_due(report)) return;
  if (report.what != what_) end_bar();
  what_ = report.what, done_ = report.done;
  last_ = std::chrono::steady_clock::now();
  const double part =
      report.total ? std::min(1.0, static_cast<double>(report.done) / static_cast<double>(report.total)) : 1.0;
  if (on_terminal())
    draw_bar(printable(what_), part, printable(report.note)), bar_is_open_ = true;
  else
    fmt::print(messages(), "{} {:.0f}%{}{}\n", printable(what_), 100 * part, report.note.empty() ? "" : "  ",
               printable(report.note));
}

void TerminalProgress::end_bar() {
  if (bar_is_open_) fmt::print(messages(), "\n");
  bar_is_open_ = false;
}

}  // namespace dragonet
