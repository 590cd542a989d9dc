#include "base/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/error.h"

namespace dragonet {
namespace {

[[noreturn]] void fail(const std::string& program, int error) {
  throw Error({program, "cannot start: " + std::generic_category().message(error),
               "close other programs and try again, or check the program's permissions"});
}

// What the child does with its descriptors: nothing to read, both outputs into the pipe.
class SpawnActions {
 public:
  explicit SpawnActions(int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
  }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

std::vector<char*> as_argv(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  return argv;
}

std::string read_to_end(int descriptor) {
  std::string text;
  char part[4096];
  for (ssize_t count; (count = ::read(descriptor, part, sizeof part)) != 0;) {
    if (count > 0)
      text.append(part, static_cast<std::size_t>(count));
    else if (errno != EINTR)
      break;
  }
  return text;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& arguments) {
  int ends[2];  // close-on-exec: a child started meanwhile by another thread must not hold the pipe open
  if (::pipe2(ends, O_CLOEXEC) != 0) fail(arguments.at(0), errno);
  pid_t child = 0;
  const int error = posix_spawnp(&child, arguments.at(0).c_str(), SpawnActions(ends[1]).get(), nullptr,
                                 as_argv(arguments).data(), environ);
  ::close(ends[1]);
  const std::string output = error ? "" : read_to_end(ends[0]);
  ::close(ends[0]);
  if (error == ENOENT) return {127, arguments[0] + ": not found"};
  if (error) fail(arguments[0], error);
  return {wait_for(child), output};
}

}  // namespace dragonet
