#include "ops/weight_runs.h"

#include <algorithm>
#include <cmath>

#include "ops/quantized.h"

namespace dragonet {

static constexpr int longest_run = 16, most_weight = 255;

std::vector<int> runs_of(std::span<const std::int8_t> weights) {
  std::vector<int> runs;
  int sum = most_weight + 1;
  for (const std::int8_t weight : weights) {
    sum += std::abs(weight);
    if (sum > most_weight || runs.back() == longest_run) runs.push_back(0), sum = std::abs(weight);
    ++runs.back();
  }
  return runs;
}

static std::vector<int> bytes_of_runs(const std::vector<int>& runs) {
  std::vector<int> bytes{static_cast<int>(runs.size()) & 255, static_cast<int>(runs.size()) >> 8};
  for (const int length : runs) bytes.push_back(longest_run - length);
  bytes.push_back(longest_run);
  return bytes;
}

Constant runs_of_pairs(std::span<const std::int8_t> weights, int taps, int pairs) {
  constexpr int end_of_runs = 255;
  const int half_of_a_tap = 3 + 2 * pairs;  // of its code's bytes
  std::vector<int> bytes;
  for (std::size_t at = 0; at < weights.size(); at += taps) {
    const auto* weight = weights.data() + at;
    for (const int length : runs_of(weights.subspan(at, taps))) {
      bytes.push_back((longest_run - length) * half_of_a_tap);
      for (int i = 0; i < length; ++i) bytes.push_back(static_cast<std::uint8_t>(*weight++));
    }
    bytes.push_back(end_of_runs);
  }
  return {"runs", "uint8_t", comma_separated(bytes), bytes.size()};
}

Constant estimates_of_pairs(std::span<const std::int8_t> weights, int taps, const Estimates& estimates) {
  std::vector<std::string> rows;
  for (std::size_t c = 0; c < estimates.channels.size(); ++c) {
    const std::size_t runs = runs_of(weights.subspan(c * taps, taps)).size();
    const auto begun = static_cast<std::int32_t>(static_cast<std::uint32_t>(runs) << 15);  // modulo 2^32, as sums are
    rows.push_back(fmt::format("{{{},{}}}", int32_text(begun), estimate_text(estimates.channels[c])));
  }
  return {"estimates", "dragonet::PairEstimate", comma_separated(rows), rows.size() * 20};
}

static constexpr int block = 8;

/// 0 where the last block has fewer channels.
static int weight_at(std::span<const std::int8_t> weights, int in_channels, int channel, int i) {
  const std::size_t at = static_cast<std::size_t>(channel) * in_channels + i;
  return at < weights.size() ? weights[at] : 0;
}

Constant words_of_blocks(std::span<const std::int8_t> weights, int in_channels) {
  const int channels = static_cast<int>(weights.size()) / in_channels;
  std::vector<std::uint32_t> words;
  for (int c = 0; c < channels; c += block)
    for (int i = 0; i < in_channels; ++i)
      for (int half = c; half < c + block; half += 4) {
        const auto byte = [&](int channel) {
          return static_cast<std::uint32_t>(weight_at(weights, in_channels, half + channel, i) + 128);
        };
        words.push_back(byte(0) | byte(2) << 8 | byte(1) << 16 | byte(3) << 24);
      }
  return {"weights", "uint32_t", comma_separated(words), words.size() * 4};
}

/// A run ends where that of any of the block's channels has to.
static std::vector<int> common_runs(std::span<const std::int8_t> weights, int in_channels, int first) {
  std::vector<int> runs, sums(block, most_weight + 1);
  for (int i = 0; i < in_channels; ++i) {
    bool is_full = runs.empty() || runs.back() == longest_run;
    for (int c = 0; c < block; ++c) {
      sums[c] += std::abs(weight_at(weights, in_channels, first + c, i));
      is_full |= sums[c] > most_weight;
    }
    if (is_full) {
      runs.push_back(0);
      for (int c = 0; c < block; ++c) sums[c] = std::abs(weight_at(weights, in_channels, first + c, i));
    }
    ++runs.back();
  }
  return runs;
}

Constant runs_of_blocks(std::span<const std::int8_t> weights, int in_channels) {
  const int channels = static_cast<int>(weights.size()) / in_channels;
  std::vector<int> bytes;
  for (int c = 0; c < channels; c += block) {
    const std::vector<int> of_block = bytes_of_runs(common_runs(weights, in_channels, c));
    bytes.insert(bytes.end(), of_block.begin(), of_block.end());
  }
  return {"runs", "uint8_t", comma_separated(bytes), bytes.size()};
}

int best_pairs(std::span<const std::int8_t> weights, int taps, int out_width) {
  const int channels = static_cast<int>(weights.size()) / taps;
  double runs = 0;
  for (int c = 0; c < channels; ++c) runs += static_cast<double>(runs_of(weights.subspan(c * taps, taps)).size());
  const double runs_each = runs / channels;
  int best = 2;
  double least = INFINITY;
  for (int pairs = 2; pairs <= std::min(4, (out_width + 1) / 2); ++pairs) {
    const int tiles = (out_width + 2 * pairs - 1) / (2 * pairs);
    const double cycles =
        taps * (4 + 3 * pairs + 13.0 * pairs / channels) + runs_each * (24 + 8 * pairs) + 60 + 38 * pairs;
    if (tiles * cycles < least) best = pairs, least = tiles * cycles;
  }
  return best;
}

}  // namespace dragonet
