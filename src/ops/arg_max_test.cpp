#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

static constexpr std::int64_t int32_type = 2, int64_type = 4;  // the schema's numbers, for output_type

static Model largest(const Tensor& in, std::int32_t axis, DType out = DType::int32, const Shape& shape = {},
                     const std::string& op = "arg_max") {
  const Tensor operand = constant("axis", DType::int32, {}, std::vector<std::int32_t>{axis});
  return one_node(op, {in, operand}, {{"output_type", out == DType::int32 ? int32_type : int64_type}},
                  {{"out", out, shape, {}, {}}});
}

template <typename Value, typename Index = std::int32_t>
static std::vector<Index> run_arg_max(const Model& model, const std::vector<Value>& in) {
  check_supported(model);
  Tensor values;
  set_values<Value>(values, in);
  const Bytes out = reference_output(model, values.data);
  const auto* first = reinterpret_cast<const Index*>(out.data());
  return {first, first + out.size() / sizeof(Index)};
}

static Tensor part(const Shape& shape, DType type = DType::int8) {
  return {"in", type, shape, type == DType::int8 ? plain : Quantization{}, {}};
}

/// TensorFlow Lite is asked of int8 and float, and gives out no int64 in this version.
static Model random_arg_max(const std::string& op, RandomModels& random, DType type) {
  const Tensor in = random.tensor(type, random.shape());
  const int rank = static_cast<int>(in.shape.size());
  return largest(in, random.pick(-rank, rank - 1), type == DType::int16 ? DType::int64 : DType::int32, {}, op);
}

static Cases cases_of(const std::string& op) {
  return {{.op = op, .types = int8_int16_float, .make = [op](RandomModels& random, DType type) {
             return random_arg_max(op, random, type);
           }}};
}

static const Cases arg_max_cases = cases_of("arg_max");
static const Cases arg_min_cases = cases_of("arg_min");

TEST_CASE("arg_max finds the index of the largest value along an axis") {
  CHECK(run_arg_max<std::int8_t>(largest(part({2, 3}), 1), {1, 9, 3, -4, -5, -6}) == std::vector<std::int32_t>{1, 0});
  CHECK(run_arg_max<std::int8_t>(largest(part({2, 3}), -2), {1, 9, 3, 4, -5, 3}) == std::vector<std::int32_t>{1, 0, 0});
  const Model reals = largest(part({3}, DType::float32), 0, DType::int64);
  CHECK(run_arg_max<float, std::int64_t>(reals, {-3, -1, -2}) == std::vector<std::int64_t>{1});
}

TEST_CASE("arg_max takes the first of equal values") {
  CHECK(run_arg_max<std::int8_t>(largest(part({4}), 0), {-128, 7, 7, 7}) == std::vector<std::int32_t>{1});
}

TEST_CASE("arg_min finds the index of the least value, of equal ones the first") {
  CHECK(run_arg_max<std::int8_t>(largest(part({2, 3}), 1, DType::int32, {}, "arg_min"), {1, -9, 3, -4, -5, -5}) ==
        std::vector<std::int32_t>{1, 1});
}

TEST_CASE("arg_max says what it cannot run") {
  CHECK_THAT(refusal_of(largest(part({2, 3}), 2, DType::int32, {2})),
             Contains("its axis is 2, and there are 2 dimensions"));
  CHECK_THAT(refusal_of(largest(part({2, 3}), 0, DType::int32, {2})), Contains("its output should be 3"));
  CHECK_THAT(refusal_of(largest(part({2, 3}), 0, DType::int8, {3})), Contains("it makes int8 of int8; int32 or int64"));
  CHECK_THAT(refusal_of(largest(part({2, 3}, DType::int32), 0, DType::int32, {3})),
             Contains("it makes int32 of int32"));
  Model model = largest(part({2, 3}), 1);
  model.tensors[1].dtype = DType::float32;
  CHECK_THAT(refusal_of(model), Contains("its axis is float32, not int32 or int64"));
}
