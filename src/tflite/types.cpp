#include "tflite/types.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace dragonet {

static constexpr std::pair<DType, tflite::TensorType> dtypes[] = {
    {DType::float32, tflite::TensorType::FLOAT32}, {DType::int8, tflite::TensorType::INT8},
    {DType::int16, tflite::TensorType::INT16},     {DType::int32, tflite::TensorType::INT32},
    {DType::int64, tflite::TensorType::INT64},     {DType::uint8, tflite::TensorType::UINT8},
    {DType::boolean, tflite::TensorType::BOOL},    {DType::float16, tflite::TensorType::FLOAT16}};

tflite::TensorType to_tflite(DType dtype) {
  return std::ranges::find(dtypes, dtype, &std::pair<DType, tflite::TensorType>::first)->second;
}

std::optional<DType> from_tflite(tflite::TensorType type) {
  for (const auto& [ours, theirs] : dtypes)
    if (theirs == type) return ours;
  return std::nullopt;
}

static std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

tflite::BuiltinOperator builtin_operator(const std::string& name) {
  for (const tflite::BuiltinOperator code : tflite::EnumValuesBuiltinOperator())
    if (lower_case(tflite::EnumNameBuiltinOperator(code)) == name) return code;
  assert(!"every operator of ours stands in tflite.fbs");
  std::abort();
}

std::string operator_name(int code) {
  for (const tflite::BuiltinOperator known : tflite::EnumValuesBuiltinOperator())
    if (static_cast<int>(known) == code) return lower_case(tflite::EnumNameBuiltinOperator(known));
  return fmt::format("builtin operator {}", code);
}

}  // namespace dragonet
