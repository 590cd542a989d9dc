#include <fmt/format.h>

#include <algorithm>

#include "judge/finding.h"
#include "model/codec.h"

namespace dragonet {

// What is expected where nothing better is known.
static constexpr double float_db = 90;      // two float models, whose sums may be added in another order
static constexpr double quantized_db = 25;  // 4 bits: less says little

static bool have_same_grids(const SideBySide& both, const std::vector<int>& of_a, const std::vector<int>& of_b) {
  for (std::size_t i = 0; i < std::min(of_a.size(), of_b.size()); ++i)
    if (of_a[i] >= 0 && of_b[i] >= 0 && !is_same_grid(both.a.tensors[of_a[i]], both.b.tensors[of_b[i]])) return false;
  return true;
}

bool is_on_same_grids(const SideBySide& both, const Place& place) {
  if (place.input >= 0) return is_same_grid(both.a.tensors[place.tensor_a], both.b.tensors[place.tensor_b]);
  const Node &a = both.a.nodes[place.node_a], &b = both.b.nodes[place.node_b];
  return have_same_grids(both, a.inputs, b.inputs) && have_same_grids(both, a.outputs, b.outputs);
}

double expected_db(const SideBySide& both, const Place& place) {
  if (is_on_same_grids(both, place))
    return both.b.tensors[place.tensor_b].dtype == DType::float32 ? float_db : exact_db;
  return both.has_healthy && place.healthy[0].count > 0 ? sum_of(place.healthy).db() : quantized_db;
}

/// Where a channel is nearly silent, one rounding is as large as all that it says: not by how many decibels it falls
/// short counts there, but whether its values are more than a step off.
static bool is_within_a_step(const Deviation& channel, double step) {
  return channel.noise <= static_cast<double>(channel.count) * step * step;
}

/// A channel and by how much it falls short, in dB; -1: none does.
namespace {
struct Shortfall {
  int channel = -1;
  double db = 0;
};
}  // namespace

/// A fault in one channel of many drowns in their sum. The worst channel must fall further behind to count: chance
/// alone sets channels of few values 10 dB apart.
static Shortfall shortfall_of_channels(const SideBySide& both, const Place& place) {
  constexpr double chance = 14;
  const double step = span_of(tensor_of(both, place)).step;
  Shortfall most;
  for (std::size_t c = 0; c < place.alone.size(); ++c) {
    const Deviation &alone = place.alone[c], &healthy = place.healthy[c];
    if (healthy.count == 0 || alone.signal == 0 || is_within_a_step(alone, step)) continue;
    const double db = std::min(healthy.db(), 60.0) - alone.db() - chance;
    if (db > most.db) most = {static_cast<int>(c), db};
  }
  return most;
}

static double shortfall_of_all(const SideBySide& both, const Place& place) {
  return expected_db(both, place) - sum_of(place.alone).db();
}

double shortfall_db(const SideBySide& both, const Place& place) {
  if (sum_of(place.alone).count == 0) return 0;
  const double all = shortfall_of_all(both, place);
  return both.has_healthy ? std::max(all, shortfall_of_channels(both, place).db) : all;
}

static std::string shortfall_text(const SideBySide& both, const Place& place) {
  const Deviation all = sum_of(place.alone);
  const auto [channel, db] = both.has_healthy ? shortfall_of_channels(both, place) : Shortfall{};
  if (channel < 0 || shortfall_of_all(both, place) >= db)
    return fmt::format("alone it reaches {:.0f} dB, where {:.0f} dB are to be expected", all.db(),
                       expected_db(both, place));
  return fmt::format("alone its channel {} reaches {:.0f} dB, where {:.0f} dB are to be expected", channel,
                     place.alone[static_cast<std::size_t>(channel)].db(),
                     std::min(place.healthy[static_cast<std::size_t>(channel)].db(), 60.0));
}

static std::string worst_channels_text(const Place& place) {
  std::string text;
  for (const int c : worst_of(place.alone, 3))
    text += fmt::format("{}{} ({:.0f} dB)", text.empty() ? "" : ", ", c, place.alone[c].db());
  return text;
}

static int dead_channels(const Place& place) {
  int count = 0;
  for (std::size_t c = 0; c < place.extent_a.size(); ++c)
    count += place.extent_b[c].low == place.extent_b[c].high && place.extent_a[c].low < place.extent_a[c].high;
  return count;
}

std::vector<Finding> find_noise(const SideBySide& both) {
  constexpr double too_much = 10;
  std::vector<Finding> found;
  for (std::size_t i = 0; i < both.places.size(); ++i) {
    const Place& place = both.places[i];
    if (!place.is_measured() || shortfall_db(both, place) < too_much) continue;
    const int dead = dead_channels(place);
    found.push_back(
        {.place = static_cast<int>(i),
         .cause = Cause::arithmetic,
         .what = fmt::format("{}; its worst channels are {}{}", shortfall_text(both, place), worst_channels_text(place),
                             dead > 0 ? fmt::format("; {} of its channels are dead", dead) : ""),
         .next = "compare this layer's weights, bias and attributes with those that it was made from",
         .is_certain = false});
  }
  return found;
}

}  // namespace dragonet
