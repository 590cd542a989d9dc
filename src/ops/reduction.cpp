#include "ops/reduction.h"

#include "ops/operands.h"
#include "ops/walk_numbers.h"

namespace dragonet {

static bool keeps_dims(const Node& node) { return node.integer("keep_dims") != 0; }

/// Per dimension of the input: does it go? Some may be named twice.
static std::vector<bool> reduced_axes(const Model& model, const Node& node) {
  const std::size_t rank = model.input(node, 0).shape.size();
  std::vector<bool> reduced(rank);
  for (const std::int64_t axis : numbers_of(model, node, 1)) reduced[*axis_in(axis, rank)] = true;
  return reduced;
}

std::int64_t reduced_count(const Model& model, const Node& node) {
  return element_count(model.input(node, 0).shape) / element_count(model.output(node).shape);
}

Shape reduced_shape(const Model& model, const Node& node) {
  const std::vector<bool> reduced = reduced_axes(model, node);
  Shape shape;
  for (std::size_t d = 0; d < reduced.size(); ++d)
    if (!reduced[d])
      shape.push_back(model.input(node, 0).shape[d]);
    else if (keeps_dims(node))
      shape.push_back(1);
  return shape;
}

Problems check_axes(const Model& model, const Node& node) {
  Problems wrong = check_numbers(model, node, 1, "axis");
  if (!wrong.empty()) return wrong;
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  for (const std::int64_t axis : numbers_of(model, node, 1))
    if (wrong = check_axis(axis, in.shape.size()); !wrong.empty()) return wrong;
  return gather({check_rows(in, "input"), check_rows(out, "output")});
}

/// Where an input value goes.
static Index output_index(const std::vector<bool>& reduced, bool keeps, const Index& index) {
  Index out;
  for (std::size_t d = 0; d < index.size(); ++d)
    if (!reduced[d])
      out.push_back(index[d]);
    else if (keeps)
      out.push_back(0);
  return out;
}

std::vector<std::int64_t> reduced_places(const Model& model, const Node& node) {
  const std::vector<bool> reduced = reduced_axes(model, node);
  std::vector<std::int64_t> places;
  for_each_index(model.input(node, 0).shape, [&](const Index& index) {
    places.push_back(position_of(model.output(node).shape, output_index(reduced, keeps_dims(node), index)));
  });
  return places;
}

/// All of them, if the height goes or the output has no rows; else the same.
Rows reduction_rows(const Model& model, const Node& node, int, int y) {
  const int in_rows = rows_of(model.input(node, 0)).count;
  if (rows_of(model.output(node)).count == 1) return {0, in_rows};
  return {in_rows > 1 ? y : 0, 1};
}

namespace {
struct Sides {
  WalkSides outputs, runs;  // along what stays and what goes, in a row
  WalkPlace row_step;       // from output row to output row
  int rows = 1;             // that go into one
};
}  // namespace

static Sides sides_of(const Model& model, const Node& node) {
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  const std::vector<bool> reduced = reduced_axes(model, node);
  Sides sides;
  int out_axis = static_cast<int>(out.shape.size());
  for (int d = static_cast<int>(in.shape.size()) - 1; d >= 0; --d) {
    if (!reduced[d] || keeps_dims(node)) --out_axis;
    const WalkPlace step = step_along(in, d, 1, out, reduced[d] ? -1 : out_axis);
    if (reduced[d] && is_row_axis(in, d))
      sides.rows = in.shape[d];
    else if (reduced[d])
      sides.runs.push_back({in.shape[d], step});
    else if (is_row_axis(out, out_axis))
      sides.row_step = step;
    else
      sides.outputs.push_back({in.shape[d], step});
  }
  sides.outputs = merged(sides.outputs), sides.runs = merged(sides.runs);
  return sides;
}

static std::string reduction_numbers(const Model& model, const Node& node, std::vector<Constant>& constants) {
  Sides sides = sides_of(model, node);
  WalkSide run{1, {}};
  if (!sides.runs.empty()) run = sides.runs[0], sides.runs.erase(sides.runs.begin());
  return fmt::format("{{{}, {}, {}, {}, {}, {}}}", place_numbers(sides.row_step),
                     walk_numbers(sides.outputs, {}, "outputs", constants),
                     walk_numbers(sides.runs, {}, "runs", constants), run.count, run.step.in, sides.rows);
}

Emitted emit_reduction(const Model& model, const Node& node, const std::string& kind, const std::string& numbers,
                       const std::string& stored, std::size_t stored_bytes) {
  Emitted code{.header = "reduce.h"};
  const std::string reduction = reduction_numbers(model, node, code.constants);
  code.parameters = fmt::format("{} $ = {{{}{}{}}}", kind, reduction, numbers.empty() ? "" : ", ", numbers);
  code.row = "reduce_row($, in0, y, out);";
  const bool takes_rows = rows_of(model.input(node, 0)).count > 1 && reduced_axes(model, node)[1];
  if (stored.empty() || !takes_rows) return code;
  code.accumulate = fmt::format("reduce_accumulate($, in0, y, out, ({}*)state);", stored);
  code.state_bytes = element_count(model.output(node).shape) * stored_bytes;
  return code;
}

}  // namespace dragonet
