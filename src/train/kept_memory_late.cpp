// Each step of training allocates every layer's map, some megabytes each, and frees them again. malloc returns such
// blocks to the system, or cannot fit the next aligned one into the hole that the last one left, so that each is new
// memory: a page fault for every 4 KB, which took longer than the arithmetic (DS-CNN: 9 000 faults a step). Here a
// freed block waits for the next tensor of about its size: the steps are all alike, so from the second on all are
// found.

#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <map>
#include <mutex>
#include <new>
#include <vector>

#include "train/kept_memory.h"

namespace dragonet {

namespace {

constexpr std::size_t alignment = 64;    // as torch's own allocator; the block's size lies in as many bytes before it
constexpr std::size_t least = 16 << 10;  // below, malloc does well

class KeptBlocks {
 public:
  void* take(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    std::vector<void*>& free = free_[bytes];
    in_use_ += bytes;
    most_in_use_ = std::max(most_in_use_, in_use_);
    if (free.empty()) {
      if (in_use_ + kept_ > 2 * most_in_use_) give_back();  // other sizes are wanted now
      return nullptr;
    }
    void* const block = free.back();
    free.pop_back();
    kept_ -= bytes;
    return block;
  }

  void keep(void* block, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    free_[bytes].push_back(block);
    in_use_ -= bytes;
    kept_ += bytes;
  }

 private:
  void give_back() {
    for (auto& [bytes, blocks] : free_) {
      for (void* block : blocks) std::free(block);
      blocks.clear();
    }
    kept_ = 0;
  }

  std::mutex mutex_;
  std::map<std::size_t, std::vector<void*>> free_;
  std::size_t in_use_ = 0, kept_ = 0, most_in_use_ = 0;
};

/// An eighth more at most, so that a last, smaller batch finds the blocks of the others.
std::size_t rounded_up(std::size_t bytes) {
  const std::size_t step = std::max(std::bit_floor(bytes) / 8, alignment);
  return (bytes + step - 1) / step * step;
}

KeptBlocks& kept_blocks() {
  static auto* const blocks = new KeptBlocks;  // never destroyed: torch frees tensors when the program ends
  return *blocks;
}

void* allocate_block(std::size_t bytes) {
  const std::size_t size = rounded_up(bytes + alignment);
  void* block = size < least ? nullptr : kept_blocks().take(size);
  if (!block) block = std::aligned_alloc(alignment, size);
  if (!block) throw std::bad_alloc();
  *static_cast<std::size_t*>(block) = size;
  return static_cast<std::byte*>(block) + alignment;
}

void free_block(void* data) {
  if (!data) return;
  void* const block = static_cast<std::byte*>(data) - alignment;
  const std::size_t size = *static_cast<std::size_t*>(block);
  if (size < least)
    std::free(block);
  else
    kept_blocks().keep(block, size);
}

class KeepingAllocator : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t bytes) const override {
    void* const data = bytes == 0 ? nullptr : allocate_block(bytes);
    return {data, data, free_block, c10::Device(c10::DeviceType::CPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return free_block; }
};

}  // namespace

void keep_freed_memory() {
  static KeepingAllocator allocator;
  constexpr std::uint8_t before_torchs_own = 1;
  c10::SetCPUAllocator(&allocator, before_torchs_own);
}

}  // namespace dragonet
