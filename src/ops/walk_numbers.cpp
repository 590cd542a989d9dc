#include "ops/walk_numbers.h"

namespace dragonet {

bool is_row_axis(const Tensor& tensor, int axis) { return axis == 1 && rows_of(tensor).count > 1; }

/// In bytes, between neighbours along an axis.
static std::int64_t stride_of(const Tensor& tensor, int axis) {
  auto stride = static_cast<std::int64_t>(size_of(tensor.dtype));
  for (std::size_t d = axis + 1; d < tensor.shape.size(); ++d) stride *= tensor.shape[d];
  return stride;
}

WalkPlace step_along(const Tensor& in, int in_axis, int in_step, const Tensor& out, int out_axis) {
  WalkPlace step;
  if (out_axis >= 0 && !is_row_axis(out, out_axis)) step.out = stride_of(out, out_axis);
  if (in_axis >= 0 && is_row_axis(in, in_axis))
    step.row = in_step;
  else if (in_axis >= 0)
    step.in = in_step * stride_of(in, in_axis);
  return step;
}

WalkPlace place_of(const Tensor& in, const Index& from, const Tensor& out, const Index& to) {
  const auto in_byte = position_of(in.shape, from) * static_cast<std::int64_t>(size_of(in.dtype));
  const auto out_byte = position_of(out.shape, to) * static_cast<std::int64_t>(size_of(out.dtype));
  const auto in_row = static_cast<std::int64_t>(rows_of(in).bytes),
             out_row = static_cast<std::int64_t>(rows_of(out).bytes);
  return {out_byte % out_row, in_byte % in_row, static_cast<int>(in_byte / in_row)};
}

static bool leads_into(const WalkSide& inner, const WalkPlace& step) {
  return step.out == inner.step.out * inner.count && step.in == inner.step.in * inner.count &&
         step.row == inner.step.row * inner.count;
}

WalkSides merged(const WalkSides& sides) {
  WalkSides result;
  for (const WalkSide& side : sides) {
    if (side.count == 1) continue;
    if (!result.empty() && leads_into(result.back(), side.step))
      result.back().count *= side.count;
    else
      result.push_back(side);
  }
  return result;
}

std::int64_t take_run(WalkSides& sides, std::size_t value_bytes) {
  const auto bytes = static_cast<std::int64_t>(value_bytes);
  if (sides.empty()) return bytes;
  const auto [count, step] = sides[0];
  if (step.out != bytes || step.in != bytes || step.row != 0) return bytes;
  sides.erase(sides.begin());
  return bytes * count;
}

std::string place_numbers(const WalkPlace& place) {
  return fmt::format("{{{}, {}, {}}}", place.out, place.in, place.row);
}

std::string walk_numbers(const WalkSides& sides, const WalkPlace& begin, const std::string& suffix,
                         std::vector<Constant>& constants) {
  if (sides.empty()) return fmt::format("{{0, 0, {}}}", place_numbers(begin));
  std::vector<std::string> texts;
  for (const WalkSide& side : sides) texts.push_back(fmt::format("{{{}, {}}}", side.count, place_numbers(side.step)));
  constants.push_back({suffix, "dragonet::WalkSide", comma_separated(texts), 16 * sides.size()});
  return fmt::format("{{$_{}, {}, {}}}", suffix, sides.size(), place_numbers(begin));
}

}  // namespace dragonet
