#include "ops/box_copy.h"

#include <utility>

namespace dragonet {

Box whole_box(const Model& model, const Node& node, int input) {
  const Shape& shape = model.input(node, input).shape;
  Box box{.input = input, .from = Index(shape.size()), .to = Index(shape.size())};
  for (std::size_t d = 0; d < shape.size(); ++d) box.sides.push_back({shape[d], static_cast<int>(d)});
  return box;
}

/// The output's dimension that its rows lie along; none where it is one row.
static std::optional<int> row_dimension(const Tensor& out) {
  return rows_of(out).count > 1 ? std::optional(1) : std::nullopt;
}

/// The input's rows that a side of the box goes through, from the box's first on.
static Rows rows_along(const Tensor& in, const BoxSide& side) {
  if (!is_row_axis(in, side.axis)) return {0, 1};
  const int last = (side.count - 1) * side.step;
  return {std::min(0, last), std::abs(last) + 1};
}

/// Which of the side's values is at that place of the output's dimension, counted from the box's first; none: none.
static std::optional<int> value_at(const BoxSide& side, int place) {
  if (place < 0 || place % side.spread != 0 || place / side.spread >= side.count * side.repeat) return std::nullopt;
  return place / side.spread % side.count;
}

/// Those of the input that are in row y of the output; none if the box has nothing there.
static std::optional<Rows> rows_in(const Model& model, const Node& node, const Box& box, int y) {
  const Tensor &in = model.input(node, box.input), &out = model.output(node, box.output);
  Rows rows{rows_of(in).count > 1 ? box.from[1] : 0, 1};
  for (int d = 0; d < static_cast<int>(box.sides.size()); ++d) {
    const BoxSide& side = box.sides[d];
    if (row_dimension(out) == d) {
      const std::optional<int> value = value_at(side, y - box.to[d]);
      if (!value) return std::nullopt;
      if (is_row_axis(in, side.axis)) rows.first += *value * side.step;
    } else {
      const Rows along = rows_along(in, side);
      rows = {rows.first + along.first, rows.count + along.count - 1};
    }
  }
  return rows;
}

/// No row, but the one that lies nearest to those that are used.
static Rows no_rows(const Model& model, const Node& node, const Boxes& boxes, int input, int y) {
  const Tensor &in = model.input(node, input), &out = model.output(node);
  const bool is_before = row_dimension(out) && y < boxes[0].to[1];
  return {is_before ? 0 : rows_of(in).count - 1, 0};
}

Rows rows_of(const Model& model, const Node& node, const Boxes& boxes, int input, int y) {
  std::optional<Rows> all;
  for (const Box& box : boxes) {
    const std::optional<Rows> rows = box.input == input ? rows_in(model, node, box, y) : std::nullopt;
    if (!rows) continue;
    const int first = all ? std::min(all->first, rows->first) : rows->first;
    const int end = std::max(all ? all->first + all->count : 0, rows->first + rows->count);
    all = Rows{first, end - first};
  }
  return all.value_or(no_rows(model, node, boxes, input, y));
}

/// The sides of the walk within one output row, innermost first.
static WalkSides sides_of(const Tensor& in, const Tensor& out, const Box& box) {
  WalkSides sides;
  for (int d = static_cast<int>(box.sides.size()) - 1; d >= 0; --d)
    if (const BoxSide& side = box.sides[d]; row_dimension(out) != d) {
      WalkPlace step = step_along(in, side.axis, side.step, out, d);
      sides.push_back({side.repeat, {step.out * side.count}});
      step.out *= side.spread;
      sides.insert(sides.end() - 1, {side.count, step});
    }
  return merged(sides);
}

static std::string copy_numbers(const Model& model, const Node& node, const Box& box, const std::string& suffix,
                                std::vector<Constant>& constants) {
  const Tensor &in = model.input(node, box.input), &out = model.output(node, box.output);
  WalkSides sides = sides_of(in, out, box);
  const std::int64_t run = take_run(sides, size_of(out.dtype));
  const WalkPlace begin = place_of(in, box.from, out, box.to);
  const auto row = row_dimension(out);
  const WalkPlace row_step = row ? step_along(in, box.sides[*row].axis, box.sides[*row].step, out, *row) : WalkPlace{};
  return fmt::format("{{{}, {}, {}, {}, {}}}", row ? box.to[*row] : 0, row ? box.sides[*row].count : 1,
                     place_numbers(row_step), walk_numbers(sides, begin, suffix, constants), run);
}

/// "in0", "out", "out1"
static std::string output_operand(int output) { return output == 0 ? "out" : fmt::format("out{}", output); }

/// One for each repetition along the output's rows: the kernel goes through them but once.
static Boxes without_repeated_rows(const Model& model, const Node& node, const Boxes& boxes) {
  Boxes result;
  for (Box box : boxes) {
    const auto row = row_dimension(model.output(node, box.output));
    const int repeat = row ? std::exchange(box.sides[*row].repeat, 1) : 1;
    for (int i = 0; i < repeat; ++i) {
      result.push_back(box);
      if (row) box.to[*row] += box.sides[*row].count;
    }
  }
  return result;
}

static constexpr std::size_t most_sides = 6, most_boxes = 1024;

Problems check_boxes(const Model& model, const Node& node, const Boxes& boxes) {
  const Boxes all = without_repeated_rows(model, node, boxes);
  if (all.size() > most_boxes)
    return {fmt::format("it copies {} boxes; at most {} are supported", all.size(), most_boxes)};
  for (const Box& box : all) {
    WalkSides sides = sides_of(model.input(node, box.input), model.output(node, box.output), box);
    take_run(sides, size_of(model.output(node).dtype));
    if (sides.size() > most_sides)
      return {fmt::format("it goes along {} dimensions at once; at most {} are supported", sides.size(), most_sides)};
  }
  return {};
}

Emitted emit_copies_on(const Tensor& value, const Model& model, const Node& node, const Boxes& boxes) {
  Emitted code = emit_copies(model, node, boxes);
  const Tensor& out = model.output(node);
  code.row = fmt::format("fill_row<{}>(out, {}, {});\n  dragonet::{}", c_type(value.dtype),
                         rows_of(out).bytes / size_of(out.dtype), constant_of(value, "").values, code.row);
  return code;
}

/// "copy_row($[0], in0, y, out);"
static std::string copy_call(const Model& model, const Node& node, const Box& box, std::size_t number) {
  const auto row = row_dimension(model.output(node, box.output));
  const int spread = row && box.sides[*row].count > 1 ? box.sides[*row].spread : 1;
  const std::string kernel =
      spread == 1 ? fmt::format("copy_row($[{}]", number) : fmt::format("spread_row($[{}], {}", number, spread);
  return fmt::format("{}, in{}, y, {});", kernel, box.input, output_operand(box.output));
}

Emitted emit_copies(const Model& model, const Node& node, const Boxes& boxes) {
  Emitted code{.header = "copy.h"};
  std::vector<std::string> numbers, calls;
  for (const Box& box : without_repeated_rows(model, node, boxes)) {
    calls.push_back(copy_call(model, node, box, numbers.size()));
    numbers.push_back(copy_numbers(model, node, box, fmt::format("sides{}", numbers.size()), code.constants));
  }
  code.parameters = fmt::format("Copy $[] = {{{}}}", fmt::join(numbers, ",\n    "));
  code.row = fmt::format("{}", fmt::join(calls, "\n  dragonet::"));
  return code;
}

}  // namespace dragonet
