// Cast: the same numbers as another type. Between integers it wraps around; floats are cut off towards 0, and what the
// type does not hold becomes the nearest that it does. Scales are not looked at.
// Source: TensorFlow Lite Micro, kernels/cast.cc; TensorFlow Lite, kernels/cast.cc.
#include <cmath>
#include <cstring>

#include "ops/unary_operator.h"

namespace dragonet {

/// Of an integer or a bool.
static std::int64_t integer_of(DType dtype, const std::vector<std::uint8_t>& bytes, std::size_t i) {
  if (dtype != DType::int64) return integer_at(dtype == DType::boolean ? DType::uint8 : dtype, bytes, i);
  std::int64_t value;
  std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
  return value;
}

/// Little-endian: the lowest bytes come first.
static void store(DType dtype, std::vector<std::uint8_t>& bytes, std::size_t i, std::int64_t value) {
  std::memcpy(bytes.data() + i * size_of(dtype), &value, size_of(dtype));
}

namespace {
struct Limits {
  std::int64_t least, most;
};
}  // namespace

static Limits limits_of(DType dtype) {
  if (dtype == DType::int64) return {INT64_MIN, INT64_MAX};
  const auto [least, most] = range_of(dtype);
  return {least, most};
}

static std::int64_t cut_off(float x, DType to) {
  const auto [least, most] = limits_of(to);
  if (std::isnan(x)) return 0;
  if (x >= 0x1p63f) return most;
  return x < -0x1p63f ? least : std::clamp(static_cast<std::int64_t>(x), least, most);
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const DType from = model.input(node, 0).dtype, to = model.output(node).dtype;
  const std::vector<std::uint8_t>& in = bytes[node.inputs[0]];
  std::vector<std::uint8_t>& out = bytes[node.outputs[0]];
  for (std::size_t i = 0; i < out.size() / size_of(to); ++i) {
    const float real = from == DType::float32 ? data_of<float>(bytes, node.inputs[0])[i] : 0;
    const std::int64_t integer = from == DType::float32 ? 0 : integer_of(from, in, i);
    if (to == DType::float32)
      data_of<float>(bytes, node.outputs[0])[i] = from == to ? real : static_cast<float>(integer);
    else if (to == DType::boolean)
      out[i] = from == DType::float32 ? real != 0 : integer != 0;
    else
      store(to, out, i, from == DType::float32 ? cut_off(real, to) : integer);
  }
}

static Problems check(const Model&, const Node&) { return {}; }  // all types that are read are known

static std::string limit_text(std::int64_t value) {
  if (value == INT64_MIN) return "-9223372036854775807LL - 1";
  return value == INT32_MIN ? int32_text(INT32_MIN) : fmt::format("{}", value);
}

static Emitted emit(const Model& model, const Node& node) {
  const DType from = model.input(node, 0).dtype, to = model.output(node).dtype;
  if (to == DType::boolean) return emit_unary(model, node, "cast.h", "CastToBool", "");
  if (from != DType::float32 || to == DType::float32) return emit_unary(model, node, "cast.h", "Cast", "");
  const auto [least, most] = limits_of(to);
  return emit_unary(model, node, "cast.h", to == DType::int64 ? "CastReal<int64_t>" : "CastReal<int32_t>",
                    limit_text(least) + ", " + limit_text(most));
}

extern const Operator cast{.name = "cast",
                           .options = "CastOptions",
                           .version = 1,
                           .dtypes = "any -> any",
                           .check = check,
                           .reference = reference,
                           .emit = emit,
                           .quantization = {.in_float = true}};

}  // namespace dragonet
