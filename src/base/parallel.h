#pragma once

#include <cstddef>
#include <functional>

namespace dragonet {

/// work(0), work(1), ... work(count - 1), by as many threads as there are cores, each number once, roughly in order.
/// `on_done(n)` is called on the caller's thread now and then, with how many are done, and at the end. What a work
/// throws is thrown here, once all threads have ended.
void for_each_parallel(std::size_t count, const std::function<void(std::size_t)>& work,
                       const std::function<void(std::size_t)>& on_done = {});

}  // namespace dragonet
