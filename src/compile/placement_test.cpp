#include "compile/placement.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

using namespace dragonet;

static std::vector<Block> random_blocks(std::mt19937& random, int count) {
  const auto pick = [&](int least, int most) { return std::uniform_int_distribution(least, most)(random); };
  std::vector<Block> blocks;
  for (int i = 0; i < count; ++i) {
    const int first = pick(0, 9);
    blocks.push_back({.tensor = i, .bytes = 4u * pick(1, 30), .first = first, .last = pick(first, 9)});
  }
  return blocks;
}

static bool collide(const Block& a, const Block& b) {
  const bool share_time = a.first <= b.last && b.first <= a.last;
  return share_time && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}

TEST_CASE("no two blocks that live in one step share a byte, and every block lies on a word") {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    const std::vector<Block> placed = place_blocks(random_blocks(random, 1 + round % 40));
    for (std::size_t i = 0; i < placed.size(); ++i) {
      CHECK(placed[i].offset % 4 == 0);
      for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(collide(placed[i], placed[j]));
    }
    CHECK(peak_of(placed).bytes <= end_of(placed));
  }
}

/// First fit in every order there is: one of them is best of all placements.
static std::size_t exact_end(std::vector<Block> blocks) {
  std::vector<std::size_t> order(blocks.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::size_t least = SIZE_MAX;
  do {
    std::size_t end = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      Block& block = blocks[order[i]];
      block.offset = 0;
      for (bool moved = true; moved;) {
        moved = false;
        for (std::size_t j = 0; j < i; ++j)
          if (const Block& other = blocks[order[j]]; collide(block, other))
            block.offset = other.offset + other.bytes, moved = true;
      }
      end = std::max(end, block.offset + block.bytes);
    }
    least = std::min(least, end);
  } while (std::ranges::next_permutation(order).found);
  return least;
}

TEST_CASE("for up to seven blocks the arena is as small as an exact search makes it") {
  std::mt19937 random(2);
  for (int round = 0; round < 100; ++round) {
    const std::vector<Block> blocks = random_blocks(random, 2 + round % 6);
    CHECK(end_of(place_blocks(blocks)) == exact_end(blocks));
  }
}

TEST_CASE("the peak is the step in which most is alive") {
  const std::vector<Block> blocks{
      {.bytes = 8, .first = 0, .last = 4}, {.bytes = 12, .first = 2, .last = 3}, {.bytes = 16, .first = 4, .last = 9}};
  CHECK(peak_of(blocks).step == 4);
  CHECK(peak_of(blocks).bytes == 24);
}
