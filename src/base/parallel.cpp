#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace dragonet {

void for_each_parallel(std::size_t count, const std::function<void(std::size_t)>& work,
                       const std::function<void(std::size_t)>& on_done) {
  std::atomic<std::size_t> next{0}, done{0};
  const auto take = [&](bool tells) {
    for (std::size_t i = next++; i < count; i = next++) {
      work(i);
      ++done;
      if (tells && on_done) on_done(done);
    }
  };
  const std::size_t threads =
      std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, std::max<std::size_t>(count, 1));
  std::vector<std::future<void>> others;
  for (std::size_t t = 1; t < threads; ++t) others.push_back(std::async(std::launch::async, take, false));
  std::exception_ptr failed;
  try {
    take(true);
  } catch (...) {
    failed = std::current_exception();
  }
  for (std::future<void>& other : others) try {
      other.get();
    } catch (...) {
      failed = std::current_exception();
    }
  if (failed) std::rethrow_exception(failed);
  if (on_done) on_done(count);
}

}  // namespace dragonet
