#include "base/leftovers.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>

namespace dragonet {

/// The number that a text begins with, where `end` follows it: all of the rest, or its beginning if that may go on.
static std::optional<int> number_before(std::string_view text, std::string_view end, bool may_go_on = false) {
  int number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number <= 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return (may_go_on ? text.starts_with(end) : text == end) ? std::optional(number) : std::nullopt;
}

static std::string_view behind(std::string_view text, std::size_t at) { return text.substr(at); }

std::optional<int> maker_of(const std::string& name) {
  if (name.starts_with(".build-")) return number_before(behind(name, 7), "");
  if (name.starts_with("dragonet-")) return number_before(behind(name, 9), "-", true);
  if (const std::size_t part = name.rfind(".part-"); part != std::string::npos && part > 0)
    return number_before(behind(name, part + 6), "");
  if (!name.ends_with(".tmp")) return std::nullopt;
  const std::size_t dot = name.rfind('.', name.size() - 5);
  return dot == std::string::npos || dot == 0 ? std::nullopt : number_before(behind(name, dot + 1), ".tmp");
}

static bool is_gone(int process) { return ::kill(process, 0) != 0 && errno == ESRCH; }

/// A process of another container has a number that means nothing here; but it holds a lock on its temporary folder.
static bool is_locked(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
  if (descriptor < 0) return true;
  struct flock range {};
  range.l_type = F_WRLCK;
  const bool asked = ::fcntl(descriptor, F_OFD_GETLK, &range) == 0;
  ::close(descriptor);
  return asked && range.l_type != F_UNLCK;
}

static bool is_ours(const fs::path& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && status.st_uid == ::geteuid() &&
         (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

static void remove_if_left(const fs::path& path) {
  const std::optional<int> maker = maker_of(path.filename().string());
  if (!maker || !is_gone(*maker) || !is_ours(path) || is_locked(path)) return;
  std::error_code stays;
  fs::remove_all(path, stays);
}

void sweep(const fs::path& folder, const std::string& prefix) {
  std::error_code none;
  for (fs::directory_iterator entry(folder, none), end; !none && entry != end; entry.increment(none))
    if (entry->path().filename().string().starts_with(prefix)) remove_if_left(entry->path());
}

void sweep_all(const fs::path& folder) {
  sweep(folder);
  std::error_code none;
  for (fs::directory_iterator entry(folder, none), end; !none && entry != end; entry.increment(none))
    if (entry->is_directory(none) && !entry->is_symlink(none)) sweep_all(entry->path());
}

}  // namespace dragonet
