#include "ops/broadcast_walk.h"

#include "ops/walk_numbers.h"

namespace dragonet {

BroadcastOperand operand_of(const Tensor& tensor, std::size_t rank) {
  Shape sides = tensor.shape;
  sides.insert(sides.begin(), rank - sides.size(), 1);
  return {tensor, sides};
}

Shape shape_together(const std::vector<BroadcastOperand>& operands) {
  Shape shape(operands[0].sides.size(), 1);
  for (const BroadcastOperand& operand : operands)
    for (std::size_t d = 0; d < shape.size(); ++d)
      if (operand.sides[d] != 1) shape[d] = operand.sides[d];
  return shape;
}

bool go_together(const std::vector<BroadcastOperand>& operands) {
  const Shape shape = shape_together(operands);
  for (const BroadcastOperand& operand : operands)
    for (std::size_t d = 0; d < shape.size(); ++d)
      if (operand.sides[d] != 1 && operand.sides[d] != shape[d]) return false;
  return true;
}

Rows rows_together(const Tensor& operand, const Tensor& out, int y) {
  const int count = rows_of(operand).count;
  if (count == 1) return {0, 1};
  return rows_of(out).count == 1 ? Rows{0, count} : Rows{y, 1};
}

namespace {
struct Axis {
  int size = 1;
  std::vector<std::int64_t> steps, rows;  // of each operand
};
}  // namespace

/// How the operands go along an output's dimension.
static Axis axis_along(const std::vector<BroadcastOperand>& operands, const Tensor& out, std::size_t d) {
  Axis axis{out.shape[d]};
  for (const auto& [tensor, sides] : operands) {
    const bool has_rows = rows_of(tensor).count > 1 && d + 3 == sides.size();
    const bool is_still = sides[d] == 1 || has_rows;
    const Shape inner(sides.begin() + static_cast<std::ptrdiff_t>(d) + 1, sides.end());
    axis.steps.push_back(is_still ? 0 : element_count(inner));
    axis.rows.push_back(has_rows ? 1 : 0);
  }
  return axis;
}

static bool leads_into(const Axis& inner, const Axis& outer) {
  for (std::size_t i = 0; i < inner.steps.size(); ++i)
    if (outer.steps[i] != inner.steps[i] * inner.size || outer.rows[i] != inner.rows[i] * inner.size) return false;
  return true;
}

static std::string axis_text(const Axis& axis) {
  return fmt::format("{{{}, {{{}}}, {{{}}}}}", axis.size, fmt::join(axis.steps, ", "), fmt::join(axis.rows, ", "));
}

std::string broadcast_numbers(const std::vector<BroadcastOperand>& operands, const Tensor& out, int inner) {
  const std::vector<std::int64_t> none(operands.size());
  Axis y{1, none, none};
  std::vector<Axis> axes;
  for (std::size_t d = out.shape.size() - inner; d-- > 0;) {
    const Axis axis = axis_along(operands, out, d);
    if (is_row_axis(out, static_cast<int>(d)))
      y = axis;
    else if (!axes.empty() && leads_into(axes.back(), axis))
      axes.back().size *= axis.size;
    else if (axis.size > 1)
      axes.push_back(axis);
  }
  std::vector<std::string> texts;
  for (const Axis& axis : axes) texts.push_back(axis_text(axis));
  if (texts.empty()) texts.push_back(axis_text({1, none, none}));
  return fmt::format("{{{{{}}}, {{{}}}, {}, {{{}}}}}", fmt::join(y.steps, ", "), fmt::join(y.rows, ", "), axes.size(),
                     fmt::join(texts, ", "));
}

}  // namespace dragonet
