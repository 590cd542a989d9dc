// What people feed a model is wrong more often than the model. The usual input
// transforms are tried one by one: which of them makes B's inputs of A's, or makes B's first layer agree with A's?
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "judge/finding.h"
#include "judge/reals.h"
#include "ops/run_reference.h"

namespace dragonet {
namespace {

/// What may have been done to an input on its way to B. `apply` takes the values [shape] as A has them.
struct InputTransform {
  const char *what, *next;
  Reals (*apply)(const Reals&, const Shape&);
};

template <typename Change>
Reals changed(Reals reals, Change change) {
  for (double& real : reals) real = change(real);
  return reals;
}

/// Image [h, w, c]: value (y, x, c) is taken from where `from` says.
template <typename From>
Reals moved(const Reals& reals, const Shape& shape, From from) {
  if (shape.size() != 4) return reals;
  const int h = shape[1], w = shape[2], c = shape[3];
  Reals result(reals.size());
  const auto at = [&](int y, int x, int z) { return (static_cast<std::size_t>(y) * w + x) * c + z; };
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x)
      for (int z = 0; z < c; ++z) result[at(y, x, z)] = reals[from(y, x, z, h, w, c)];
  return result;
}

const std::vector<InputTransform>& input_transforms() {
  static const std::vector<InputTransform> table{
      {"255 times too large: not divided by 255", "divide them by 255",
       [](const Reals& reals, const Shape&) { return changed(reals, [](double r) { return 255 * r; }); }},
      {"255 times too small: divided by 255 once too often", "do not divide them by 255",
       [](const Reals& reals, const Shape&) { return changed(reals, [](double r) { return r / 255; }); }},
      {"-1 to 1 where 0 to 1 is wanted", "add 1 and halve",
       [](const Reals& reals, const Shape&) { return changed(reals, [](double r) { return 2 * r - 1; }); }},
      {"0 to 1 where -1 to 1 is wanted", "double and subtract 1",
       [](const Reals& reals, const Shape&) { return changed(reals, [](double r) { return (r + 1) / 2; }); }},
      {"0 to 255 where -1 to 1 is wanted", "divide them by 127.5 and subtract 1",
       [](const Reals& reals, const Shape&) { return changed(reals, [](double r) { return 127.5 * (r + 1); }); }},
      {"of the wrong sign", "negate them",
       [](const Reals& reals, const Shape&) { return changed(reals, [](double r) { return -r; }); }},
      {"with their channels in reverse order: BGR for RGB", "exchange the first channel and the last",
       [](const Reals& reals, const Shape& shape) {
         return moved(reals, shape, [](int y, int x, int z, int, int w, int c) { return (y * w + x) * c + c - 1 - z; });
       }},
      {"with the channels first, as PyTorch has them", "transpose them to height, width, channels",
       [](const Reals& reals, const Shape& shape) {
         return moved(reals, shape, [](int y, int x, int z, int h, int w, int c) {
           const int i = (y * w + x) * c + z;  // of [c, h, w]
           return (i % (h * w)) * c + i / (h * w);
         });
       }},
      {"upside down", "reverse their rows",
       [](const Reals& reals, const Shape& shape) {
         return moved(reals, shape,
                      [](int y, int x, int z, int h, int w, int c) { return ((h - 1 - y) * w + x) * c + z; });
       }},
      {"mirrored", "reverse their columns",
       [](const Reals& reals, const Shape& shape) {
         return moved(reals, shape, [](int y, int x, int z, int, int w, int c) { return (y * w + w - 1 - x) * c + z; });
       }},
      {"with rows and columns exchanged", "transpose them", [](const Reals& reals, const Shape& shape) {
         if (shape.size() != 4 || shape[1] != shape[2]) return reals;
         return moved(reals, shape, [](int y, int x, int z, int, int w, int c) { return (x * w + y) * c + z; });
       }}};
  return table;
}

constexpr std::size_t most_vectors = 4;  // enough to tell the transforms apart

std::size_t vectors_to_try(const SideBySide& both) { return std::min(both.inputs_a.size(), most_vectors); }

/// The part of an input vector that is this input's.
Bytes part_of(const Model& model, const Bytes& input, int which) {
  std::size_t begin = 0;
  for (int i = 0; i < which; ++i) begin += model.tensors[model.inputs[i]].bytes();
  const auto first = input.begin() + static_cast<std::ptrdiff_t>(begin);
  return {first, first + static_cast<std::ptrdiff_t>(model.tensors[model.inputs[which]].bytes())};
}

Finding transformed(const InputTransform& transform, const std::string& whose, int place) {
  return {.place = place,
          .cause = Cause::input,
          .what = fmt::format("{} {}", whose, transform.what),
          .next = fmt::format("{}", transform.next)};
}

// --- Where B's inputs are given: are they A's?

struct GivenInputs {
  const SideBySide& both;
  const Place& place;
  const Tensor& a() const { return both.a.tensors[place.tensor_a]; }
  const Tensor& b() const { return both.b.tensors[place.tensor_b]; }
  Reals of_a(std::size_t v) const { return reals_of(a(), part_of(both.a, both.inputs_a[v], place.input)); }
  Bytes of_b(std::size_t v) const { return part_of(both.b, both.inputs_b[v], place.input); }
};

/// The share of B's values that lie within a step or two of what they should be, where `make` says what that is.
template <typename Make>
double agreement(const GivenInputs& given, Make make) {
  std::size_t agree = 0, count = 0;
  for (std::size_t v = 0; v < vectors_to_try(given.both); ++v) {
    const Reals wanted = reals_of(given.b(), make(v)), found = reals_of(given.b(), given.of_b(v));
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const double slack =
          std::max(1.6 * step_at(given.b(), 0) * (given.b().dtype != DType::float32), 1e-3 * std::abs(wanted[i]));
      agree += std::abs(wanted[i] - found[i]) <= slack;
    }
    count += wanted.size();
  }
  return static_cast<double>(agree) / static_cast<double>(std::max<std::size_t>(count, 1));
}

/// uint8 bytes taken for int8: 128 too high, and around the end.
Bytes with_other_sign_bit(Bytes bytes) {
  for (std::uint8_t& byte : bytes) byte ^= 0x80;
  return bytes;
}

std::optional<Finding> judge_given(const GivenInputs& given, int place) {
  constexpr double same = 0.98, explained = 0.95;
  const double as_is = agreement(given, [&](std::size_t v) { return bytes_of_reals(given.b(), given.of_a(v)); });
  if (as_is >= same) return std::nullopt;
  const InputTransform* best = nullptr;
  double most = std::max(explained, as_is + 0.02);
  for (const InputTransform& transform : input_transforms()) {
    const double share = agreement(given, [&](std::size_t v) {
      return bytes_of_reals(given.b(), transform.apply(given.of_a(v), given.a().shape));
    });
    if (share >= most) best = &transform, most = share;
  }
  if (best) return transformed(*best, "B's inputs are A's,", place);
  const double signs =
      agreement(given, [&](std::size_t v) { return with_other_sign_bit(bytes_of_reals(given.b(), given.of_a(v))); });
  if (given.b().dtype == DType::int8 && signs >= explained)
    return Finding{.place = place,
                   .cause = Cause::input,
                   .what = "B's inputs are uint8 values where int8 is wanted",
                   .next = "subtract 128 from each"};
  return Finding{.place = place,
                 .cause = Cause::input,
                 .what = fmt::format("B's inputs are not A's: only {:.0f} % of the values agree", 100 * as_is),
                 .next = "give both the same recordings, or compare how they are made"};
}

// --- Where B takes A's inputs: does it want them otherwise?

/// A's inputs that this input's first reader in B takes, and what A makes of them.
struct FirstLayer {
  const Place* place = nullptr;
  std::vector<Reals> inputs, wanted;
};

FirstLayer first_layer(const SideBySide& both, const Place& input) {
  FirstLayer first;
  for (const Place& place : both.places) {
    if (place.node_a < 0 || place.input >= 0 || first.place) continue;
    const Node &a = both.a.nodes[place.node_a], &b = both.b.nodes[place.node_b];
    const bool reads_it = a.inputs[0] == input.tensor_a && b.inputs[0] == input.tensor_b;
    const auto is_computed = [&](int t) { return t >= 0 && !both.b.tensors[t].is_constant(); };
    if (reads_it && std::ranges::count_if(b.inputs, is_computed) == 1 && a.op == b.op) first.place = &place;
  }
  if (!first.place) return first;
  for (std::size_t v = 0; v < vectors_to_try(both); ++v) {
    const TensorBytes bytes = run_reference(both.a, both.inputs_a[v]);
    first.inputs.push_back(reals_of(both.a.tensors[input.tensor_a], bytes[input.tensor_a]));
    first.wanted.push_back(reals_of(both.a.tensors[first.place->tensor_a], bytes[first.place->tensor_a]));
  }
  return first;
}

double db_with(const SideBySide& both, const FirstLayer& first, const Shape& shape, const InputTransform& transform) {
  const Node& node = both.b.nodes[first.place->node_b];
  Deviation sum;
  for (std::size_t v = 0; v < first.inputs.size(); ++v) {
    std::vector<Reals> inputs(node.inputs.size());
    inputs[0] = transform.apply(first.inputs[v], shape);
    const Reals found = run_alone(both.b, node, inputs);
    for (std::size_t i = 0; i < found.size(); ++i) sum.add(first.wanted[v][i], found[i]);
  }
  return sum.db();
}

/// Both models got the same, and B's layer agrees only with an input transform.
std::optional<Finding> judge_wanted(const SideBySide& both, const Place& input, int place) {
  constexpr double suspicious = 6;
  const FirstLayer first = first_layer(both, input);
  if (!first.place || shortfall_db(both, *first.place) + shortfall_db(both, input) < suspicious) return std::nullopt;
  const double as_is = std::min(sum_of(first.place->alone).db(), sum_of(first.place->whole).db());
  const double wanted = std::min(expected_db(both, *first.place), 40.0) - suspicious;
  const InputTransform* best = nullptr;
  double most = std::max(as_is + 10, wanted);
  for (const InputTransform& transform : input_transforms())
    if (const double db = db_with(both, first, both.a.tensors[input.tensor_a].shape, transform); db >= most)
      best = &transform, most = db;
  if (!best) return std::nullopt;
  return Finding{
      .place = place,
      .cause = Cause::input,
      .what = fmt::format("B wants other inputs than A: its first layer agrees ({:.0f} dB instead of {:.0f}) "
                          "once A's inputs are {}",
                          most, as_is, best->what),
      .next = "make B's inputs so, or convert the model with the inputs that A takes"};
}

// --- Where the values themselves tell

/// 0 to 255 for a model that takes 0 to 1, and the like.
std::optional<Finding> judge_range(const SideBySide& both, const Place& input, int place) {
  const RealSpan span = span_of(both.b.tensors[input.tensor_b]);
  if (!(span.step > 0) || both.b.tensors[input.tensor_b].dtype != DType::int8) return std::nullopt;
  Extent values;
  for (const Extent& channel : input.extent_a) values.add(channel);
  const double reach = std::max(std::abs(span.low), std::abs(span.high));
  const double largest = std::max(std::abs(values.low), std::abs(values.high));
  const bool is_large = largest / reach > 60 && largest / reach < 300;
  if (!is_large || input.saturated * 2 < input.count) return std::nullopt;
  return Finding{.place = place,
                 .cause = Cause::input,
                 .what = fmt::format("the inputs go up to {:.4g}, and B takes {:.4g} to {:.4g}: they are not scaled",
                                     values.high, span.low, span.high),
                 .next = "divide them by 255"};
}

}  // namespace

std::vector<Finding> find_input_faults(const SideBySide& both) {
  std::vector<Finding> found;
  for (std::size_t i = 0; i < both.places.size(); ++i) {
    const Place& place = both.places[i];
    if (place.input < 0 || !place.is_measured()) continue;
    const int at = static_cast<int>(i);
    auto finding = both.has_own_inputs ? judge_given({both, place}, at) : judge_range(both, place, at);
    if (!finding) finding = judge_wanted(both, place, at);
    if (finding) found.push_back(*finding);
  }
  return found;
}

}  // namespace dragonet
