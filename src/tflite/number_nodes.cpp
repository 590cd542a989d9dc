#include "tflite/number_nodes.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "ops/operands.h"

namespace dragonet {
namespace {

using Inputs = std::vector<Numbers>;
using Result = std::optional<Numbers>;

/// Sides of 1 are stretched, as NumPy has it; none where sides differ otherwise.
std::optional<Shape> broadcast(const Shape& a, const Shape& b) {
  Shape shape(std::max(a.size(), b.size()));
  for (std::size_t d = 1; d <= shape.size(); ++d) {
    const int x = d <= a.size() ? a[a.size() - d] : 1, y = d <= b.size() ? b[b.size() - d] : 1;
    if (x != y && x != 1 && y != 1) return std::nullopt;
    shape[shape.size() - d] = x == 1 ? y : x;
  }
  return shape;
}

/// Of a value of the stretched tensor, the one that it is.
double at(const Numbers& numbers, const Shape& stretched, std::size_t i) {
  std::size_t place = 0, inner = 1;
  for (std::size_t d = stretched.size(), own = numbers.shape.size(); d-- > 0 && own > 0;) {
    const std::size_t index = i % static_cast<std::size_t>(stretched[d]);
    i /= static_cast<std::size_t>(stretched[d]);
    --own;
    if (numbers.shape[own] != 1) place += index * inner;
    inner *= static_cast<std::size_t>(numbers.shape[own]);
  }
  return numbers.values[place];
}

bool is_small(const Shape& shape) {
  std::int64_t count = 1;
  for (const int side : shape) {
    if (side < 0) return false;
    count *= side;
    if (count > most_numbers) return false;
  }
  return true;
}

Result stretched(const Numbers& numbers, const Shape& shape) {
  if (!is_small(shape) || broadcast(numbers.shape, shape) != shape) return std::nullopt;
  Numbers result{shape, std::vector<double>(static_cast<std::size_t>(element_count(shape)))};
  for (std::size_t i = 0; i < result.values.size(); ++i) result.values[i] = at(numbers, shape, i);
  return result;
}

/// Value by value of two tensors.
template <typename Work>
Result of_two(const Inputs& in, Work work) {
  if (in.size() != 2) return std::nullopt;
  const auto shape = broadcast(in[0].shape, in[1].shape);
  if (!shape || !is_small(*shape)) return std::nullopt;
  Numbers result{*shape, std::vector<double>(static_cast<std::size_t>(element_count(*shape)))};
  for (std::size_t i = 0; i < result.values.size(); ++i)
    result.values[i] = work(at(in[0], *shape, i), at(in[1], *shape, i));
  return result;
}

template <typename Work>
Result of_one(const Inputs& in, Work work) {
  if (in.size() != 1) return std::nullopt;
  Numbers result = in[0];
  std::ranges::transform(result.values, result.values.begin(), work);
  return result;
}

/// Cut off; what is none, or too large to be exact, lies outside every axis and shape.
std::int64_t whole_number(double value) {
  constexpr double most = 0x1p53;
  return static_cast<std::int64_t>(std::abs(value) < most ? value : value > 0 ? most : -most);
}

Shape shape_from(const Numbers& numbers) {
  Shape shape;
  for (const double value : numbers.values)
    shape.push_back(static_cast<int>(std::clamp<std::int64_t>(whole_number(value), -1, 2'000'000'000)));
  return shape;
}

/// Over the axes that the second input names.
template <typename Work>
Result reduced(const Node& node, const Inputs& in, double start, Work work) {
  if (in.size() != 2) return std::nullopt;
  const Shape& shape = in[0].shape;
  std::vector<bool> is_reduced(shape.size());
  for (const double axis : in[1].values) {
    const auto d = axis_in(whole_number(axis), shape.size());
    if (!d) return std::nullopt;
    is_reduced[static_cast<std::size_t>(*d)] = true;
  }
  Numbers result;
  for (std::size_t d = 0; d < shape.size(); ++d)
    if (!is_reduced[d] || node.integer("keep_dims")) result.shape.push_back(is_reduced[d] ? 1 : shape[d]);
  result.values.assign(static_cast<std::size_t>(element_count(result.shape)), start);
  for (std::size_t i = 0; i < in[0].values.size(); ++i) {
    std::size_t place = 0;
    for (std::size_t d = 0, left = in[0].values.size(), rest = i; d < shape.size(); ++d) {
      left /= static_cast<std::size_t>(shape[d]);
      if (!is_reduced[d]) place = place * static_cast<std::size_t>(shape[d]) + rest / left;
      rest %= left;
    }
    result.values[place] = work(result.values[place], in[0].values[i]);
  }
  return result;
}

/// Blocks of `inner` values each, of `count` along the axis.
struct AlongAxis {
  std::size_t outer = 1, count = 1, inner = 1;
};
AlongAxis along(const Shape& shape, std::size_t axis) {
  AlongAxis sides;
  for (std::size_t d = 0; d < shape.size(); ++d)
    (d < axis ? sides.outer : d == axis ? sides.count : sides.inner) *= static_cast<std::size_t>(shape[d]);
  return sides;
}

Result joined(const Node& node, const Inputs& in) {
  if (in.empty()) return std::nullopt;
  const auto axis = axis_in(node.integer("axis"), in[0].shape.size());
  if (!axis) return std::nullopt;
  const auto d = static_cast<std::size_t>(*axis);
  Numbers result{in[0].shape, {}};
  result.shape[d] = 0;
  for (const Numbers& part : in) {
    Shape others = part.shape;  // but for the axis they must be the first one's
    if (others.size() != result.shape.size()) return std::nullopt;
    others[d] = in[0].shape[d];
    if (others != in[0].shape) return std::nullopt;
    result.shape[d] += part.shape[d];
  }
  if (!is_small(result.shape)) return std::nullopt;
  for (std::size_t outer = 0; outer < along(result.shape, d).outer; ++outer)
    for (const Numbers& part : in) {
      const AlongAxis sides = along(part.shape, d);
      const auto first = part.values.begin() + static_cast<std::ptrdiff_t>(outer * sides.count * sides.inner);
      result.values.insert(result.values.end(), first, first + static_cast<std::ptrdiff_t>(sides.count * sides.inner));
    }
  return result;
}

/// Side by side along a new axis.
Result packed(const Node& node, Inputs in) {
  if (in.empty()) return std::nullopt;
  const auto axis = axis_in(node.integer("axis"), in[0].shape.size() + 1);
  if (!axis) return std::nullopt;
  for (Numbers& part : in) {
    if (part.shape.size() + 1 < static_cast<std::size_t>(*axis) + 1) return std::nullopt;
    part.shape.insert(part.shape.begin() + *axis, 1);
  }
  Node as_joined = node;
  as_joined.attributes["axis"] = std::int64_t{*axis};
  return joined(as_joined, in);
}

Result gathered(const Node& node, const Inputs& in) {
  if (in.size() != 2 || node.integer("batch_dims") != 0) return std::nullopt;
  const auto axis = axis_in(node.integer("axis"), in[0].shape.size());
  if (!axis) return std::nullopt;
  const AlongAxis sides = along(in[0].shape, static_cast<std::size_t>(*axis));
  Numbers result{in[0].shape, {}};
  result.shape.erase(result.shape.begin() + *axis);
  result.shape.insert(result.shape.begin() + *axis, in[1].shape.begin(), in[1].shape.end());
  if (!is_small(result.shape)) return std::nullopt;
  for (std::size_t outer = 0; outer < sides.outer; ++outer)
    for (const double index : in[1].values) {
      const bool is_inside = index >= 0 && index < static_cast<double>(sides.count);  // not so where it is no number
      if (!is_inside) return std::nullopt;
      const auto first =
          in[0].values.begin() +
          static_cast<std::ptrdiff_t>((outer * sides.count + static_cast<std::size_t>(index)) * sides.inner);
      result.values.insert(result.values.end(), first, first + static_cast<std::ptrdiff_t>(sides.inner));
    }
  return result;
}

Result ranged(const Inputs& in) {
  if (in.size() != 3) return std::nullopt;
  for (const Numbers& one : in)
    if (one.values.size() != 1) return std::nullopt;
  const double first = in[0].values[0], limit = in[1].values[0], step = in[2].values[0];
  const double count = step == 0 ? -1 : std::ceil((limit - first) / step);
  const bool is_possible = count >= 1 && count <= most_numbers;  // not so where it is no number
  if (!is_possible) return std::nullopt;
  Numbers result{{static_cast<int>(count)}, {}};
  for (int i = 0; i < result.shape[0]; ++i) result.values.push_back(first + i * step);
  return result;
}

Result chosen(const Inputs& in) {
  if (in.size() != 3) return std::nullopt;
  const auto of_values = broadcast(in[1].shape, in[2].shape);
  const auto shape = of_values ? broadcast(in[0].shape, *of_values) : std::nullopt;
  if (!shape || !is_small(*shape)) return std::nullopt;
  Numbers result{*shape, std::vector<double>(static_cast<std::size_t>(element_count(*shape)))};
  for (std::size_t i = 0; i < result.values.size(); ++i)
    result.values[i] = at(in[at(in[0], *shape, i) != 0 ? 1 : 2], *shape, i);
  return result;
}

Result one_stretched(const Inputs& in, std::size_t values, std::size_t shape) {
  return in.size() == 2 ? stretched(in[values], shape_from(in[shape])) : std::nullopt;
}

Result broadcast_shapes(const Inputs& in) {
  if (in.size() != 2) return std::nullopt;
  const auto shape = broadcast(shape_from(in[0]), shape_from(in[1]));
  if (!shape) return std::nullopt;
  return Numbers{{static_cast<int>(shape->size())}, {shape->begin(), shape->end()}};
}

using Work = std::function<Result(const Node&, const Inputs&)>;

template <typename Two>
Work two(Two work) {
  return [=](const Node&, const Inputs& in) { return of_two(in, work); };
}
template <typename One>
Work one(One work) {
  return [=](const Node&, const Inputs& in) { return of_one(in, work); };
}

/// No number where that is divided by zero: the result is then refused, since no shape has it.
double floored(double a, double b) { return std::floor(a / b); }

const std::map<std::string, Work>& table() {
  static const std::map<std::string, Work> works{
      {"add", two([](double a, double b) { return a + b; })},
      {"sub", two([](double a, double b) { return a - b; })},
      {"mul", two([](double a, double b) { return a * b; })},
      {"div", two([](double a, double b) { return a / b; })},
      {"floor_div", two(floored)},
      {"floor_mod", two([](double a, double b) { return a - b * floored(a, b); })},
      {"maximum", two([](double a, double b) { return std::max(a, b); })},
      {"minimum", two([](double a, double b) { return std::min(a, b); })},
      {"pow", two([](double a, double b) { return std::pow(a, b); })},
      {"equal", two([](double a, double b) { return a == b; })},
      {"not_equal", two([](double a, double b) { return a != b; })},
      {"less", two([](double a, double b) { return a < b; })},
      {"less_equal", two([](double a, double b) { return a <= b; })},
      {"greater", two([](double a, double b) { return a > b; })},
      {"greater_equal", two([](double a, double b) { return a >= b; })},
      {"logical_and", two([](double a, double b) { return a != 0 && b != 0; })},
      {"logical_or", two([](double a, double b) { return a != 0 || b != 0; })},
      {"logical_not", one([](double a) { return a == 0; })},
      {"cast", one([](double a) { return a; })},
      {"neg", one([](double a) { return -a; })},
      {"abs", one([](double a) { return std::abs(a); })},
      {"square", one([](double a) { return a * a; })},
      {"floor", one([](double a) { return std::floor(a); })},
      {"ceil", one([](double a) { return std::ceil(a); })},
      {"round", one([](double a) { return std::nearbyint(a); })},
      {"zeros_like", one([](double) { return 0.0; })},
      {"concatenation", joined},
      {"pack", packed},
      {"gather", gathered},
      {"sum", [](const Node& n, const Inputs& in) { return reduced(n, in, 0, std::plus<double>()); }},
      {"reduce_prod", [](const Node& n, const Inputs& in) { return reduced(n, in, 1, std::multiplies<double>()); }},
      {"reduce_max",
       [](const Node& n, const Inputs& in) {
         return reduced(n, in, -INFINITY, [](double a, double b) { return std::max(a, b); });
       }},
      {"reduce_min",
       [](const Node& n, const Inputs& in) {
         return reduced(n, in, INFINITY, [](double a, double b) { return std::min(a, b); });
       }},
      {"range", [](const Node&, const Inputs& in) { return ranged(in); }},
      {"select", [](const Node&, const Inputs& in) { return chosen(in); }},
      {"select_v2", [](const Node&, const Inputs& in) { return chosen(in); }},
      {"fill", [](const Node&, const Inputs& in) { return one_stretched(in, 1, 0); }},
      {"broadcast_to", [](const Node&, const Inputs& in) { return one_stretched(in, 0, 1); }},
      {"broadcast_args", [](const Node&, const Inputs& in) { return broadcast_shapes(in); }}};
  return works;
}

}  // namespace

bool works_on_numbers(const std::string& op) { return table().contains(op); }

std::optional<Numbers> result_of(const Node& node, const std::vector<Numbers>& inputs) {
  const auto found = table().find(node.op);
  for (const Numbers& numbers : inputs)
    if (!is_small(numbers.shape) || std::ssize(numbers.values) != element_count(numbers.shape)) return std::nullopt;
  return found == table().end() ? std::nullopt : found->second(node, inputs);
}

}  // namespace dragonet
