#include "app/messages.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

namespace dragonet {

static std::FILE* own_words = nullptr;  // null: stderr is ours alone
static int own_descriptor = STDERR_FILENO, library_words = -1;

std::FILE* messages() { return own_words ? own_words : stderr; }
int messages_descriptor() { return own_descriptor; }

// Only what a signal handler may call.
static void print_the_end(int signal) {
  char text[2048];
  const off_t end = ::lseek(library_words, 0, SEEK_END);
  const ssize_t count = ::pread(library_words, text, sizeof text, std::max<off_t>(0, end - off_t{sizeof text}));
  if (count > 0 && ::write(own_descriptor, text, static_cast<std::size_t>(count)) < 0) ::_exit(2);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

static bool is_sanitized() {
#if defined(__SANITIZE_ADDRESS__)
  return true;
#else
  return false;
#endif
}

/// Not in the place of a stdin or stdout that is closed: what is meant for those must not go there.
static int beyond_standard(int descriptor) {
  if (descriptor < 0) return descriptor;
  const int beyond = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  ::close(descriptor);
  return beyond;
}

void keep_libraries_quiet() {
  if (own_words || is_sanitized() || std::getenv("DRAGONET_LIBRARY_WORDS")) return;
  const int own = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (own < 0) return;  // it is closed
  const int words = beyond_standard(::memfd_create("words of libraries", MFD_CLOEXEC));
  std::FILE* const file = ::fdopen(own, "w");
  if (!file || words < 0 || ::dup2(words, STDERR_FILENO) < 0) return;  // then they are heard
  std::setvbuf(file, nullptr, _IONBF, 0);
  own_words = file, own_descriptor = own, library_words = words;
  std::signal(SIGABRT, print_the_end);
}

}  // namespace dragonet
