// The program as a process of its own, to be watched and killed while it runs.
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "program.h"

namespace dragonet::testing {

/// `dragonet ...` in a folder; what it prints goes into a file there.
class Child {
 public:
  Child(const fs::path& folder, const std::vector<std::string>& arguments) : output_(folder / "output.txt") {
    std::vector<std::string> words{"sh", "-c", "cd \"$1\" && shift && exec \"$@\" >output.txt 2>&1", "sh", folder};
    words.push_back(program);
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    REQUIRE(::posix_spawnp(&process_, "sh", nullptr, nullptr, argv.data(), environ) == 0);
  }
  ~Child() { signal(SIGKILL), wait(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void signal(int number) {
    if (process_ > 0) ::kill(process_, number);
  }

  bool is_running() {
    if (process_ > 0 && ::waitpid(process_, &status_, WNOHANG) == process_) process_ = 0;
    return process_ > 0;
  }

  /// Its exit status; 128 + n if signal n ended it.
  int wait() {
    if (process_ > 0) ::waitpid(process_, &status_, 0);
    process_ = 0;
    return WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
  }

  std::string output() const { return read_text(output_); }

 private:
  fs::path output_;
  pid_t process_ = 0;
  int status_ = 0;
};

/// Until `happened` or the child ends; looks often enough to see a file while it is being written.
template <typename Happened>
void wait_until(Child& child, Happened happened) {
  while (!happened() && child.is_running()) std::this_thread::sleep_for(std::chrono::microseconds(20));
}

}  // namespace dragonet::testing
