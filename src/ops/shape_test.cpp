#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

static Model asked(const std::string& op, const Tensor& in, DType out = DType::int32) {
  const std::int64_t type = out == DType::int64 ? 4 : 2;  // the schema's numbers
  return one_node(op, {in}, {{"out_type", type}},
                  {{"out", out, op == "shape" ? Shape{static_cast<int>(in.shape.size())} : Shape{}}});
}

static Cases cases_of(const std::string& op) {
  return {{.op = op,
           .types = numeric,
           .make = [op](RandomModels& random, DType type) { return asked(op, random.tensor(type, random.shape())); },
           .share = 4}};
}

static const Cases shape_cases = cases_of("shape");
static const Cases rank_cases = cases_of("rank");

TEST_CASE("shape and rank say the sides of their input and how many there are") {
  const Tensor in{"in", DType::int8, {1, 2, 3}, plain, {}};
  const std::vector<std::int8_t> values(6);
  CHECK(answer<std::int32_t>(asked("shape", in), values) == std::vector<std::int32_t>{1, 2, 3});
  CHECK(answer<std::int64_t>(asked("shape", in, DType::int64), values) == std::vector<std::int64_t>{1, 2, 3});
  CHECK(answer<std::int32_t>(asked("rank", in), values) == std::vector<std::int32_t>{3});
}

TEST_CASE("shape and rank say what they cannot run") {
  const Tensor in{"in", DType::int8, {1, 2, 3}, plain, {}};
  CHECK_THAT(refusal_of(asked("shape", in, DType::int8)), Contains("its output is int8, not int32 or int64"));
  CHECK_THAT(refusal_of(asked("rank", in, DType::int64)), Contains("its output is int64, not int32"));
}
