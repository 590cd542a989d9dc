#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Model summed(const Tensor& in, std::int32_t axis, bool exclusive, bool reverse, const Quantization& out) {
  const Tensor operand = constant("axis", DType::int32, {}, std::vector<std::int32_t>{axis});
  return one_node("cumsum", {in, operand}, {{"exclusive", std::int64_t{exclusive}}, {"reverse", std::int64_t{reverse}}},
                  {{"out", in.dtype, {}, out, {}}});
}

static Tensor part(const Shape& shape, const Quantization& quantization = plain) {
  return {"in", DType::int8, shape, quantization, {}};
}

static Model random_sum(RandomModels& random, DType type) {
  const Tensor in = random.tensor(type, random.shape());
  const int rank = static_cast<int>(in.shape.size());
  Quantization out = random.quantization(type);
  if (type == DType::int8) out.scale[0] = in.quantization.scale[0] * random.real(0.5f, 8);
  return summed(in, random.pick(-rank, rank - 1), random.one_in(2), random.one_in(2), out);
}

/// TensorFlow Lite knows none of int8.
static const Cases cumsum_cases{{.op = "cumsum",
                                 .types = {DType::int8, DType::int32, DType::float32},
                                 .make = random_sum,
                                 .unjudged = {DType::int8}}};

TEST_CASE("cumsum sums all so far along an axis, with the value itself or without, from either end") {
  const Numbers in{1, 2, 3, 4, 5, 6};
  CHECK(run(summed(part({2, 3}), 1, false, false, plain), in) == Numbers{1, 3, 6, 4, 9, 15});
  CHECK(run(summed(part({2, 3}), 0, false, false, plain), in) == Numbers{1, 2, 3, 5, 7, 9});
  CHECK(run(summed(part({2, 3}), -1, true, false, plain), in) == Numbers{0, 1, 3, 0, 4, 9});
  CHECK(run(summed(part({2, 3}), 1, false, true, plain), in) == Numbers{6, 5, 3, 15, 11, 6});
  CHECK(run(summed(part({2, 3}), 1, true, true, plain), in) == Numbers{5, 3, 0, 11, 6, 0});
}

TEST_CASE("cumsum brings sums to the output's scale, and saturates; they begin with the byte 0") {
  CHECK(run(summed(part({3}), 0, false, false, {{2}, {5}}), {2, 4, 100}) == Numbers{6, 8, 58});
  CHECK(run(summed(part({2}), 0, false, false, plain), {100, 100}) == Numbers{100, 127});
  CHECK(run(summed(part({2}, {{1}, {10}}), 0, false, false, plain), {11, 12}) == Numbers{-9, -7});  // from -10
}

TEST_CASE("cumsum of many large int8 does not overflow") {
  const std::vector<int> sums = run(summed(part({100}), 0, false, false, {{100}, {0}}), Numbers(100, 120));
  CHECK(sums[9] == 12);
  CHECK(sums[99] == 120);
}

TEST_CASE("cumsum of int32 wraps around") {
  CHECK(answer<std::int32_t>(summed({"in", DType::int32, {2}, {}, {}}, 0, false, false, {}),
                             std::vector<std::int32_t>{INT32_MAX, 1}) ==
        std::vector<std::int32_t>{INT32_MAX, INT32_MIN});
}

TEST_CASE("cumsum down the rows needs those before, in reverse those after") {
  const auto rows_of_third = [](bool reverse) {
    const Model model = summed(part({1, 5, 2, 2}), 1, false, reverse, plain);
    return find_operator("cumsum")->rows(model, model.nodes[0], 0, 2);
  };
  CHECK((rows_of_third(false).first == 0 && rows_of_third(false).count == 3));
  CHECK((rows_of_third(true).first == 2 && rows_of_third(true).count == 3));
}

TEST_CASE("cumsum says what it cannot run") {
  CHECK_THAT(refusal_of(summed(part({2}), 1, false, false, plain)), Contains("its axis is 1, and there are 1"));
  CHECK_THAT(refusal_of(summed(part({2}), 0, false, false, {{1e-9f}, {0}})), Contains("is too small for its input's"));
  CHECK_THAT(refusal_of(summed({"in", DType::int16, {2}, plain, {}}, 0, false, false, plain)),
             Contains("must be the same of int8, int32, float32"));
}
