#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;
using Indices = std::vector<std::int32_t>;

static Model sliced(const Tensor& in, const Indices& begin, const Indices& size, const Shape& out = {}) {
  return one_node("slice", {in, numbers(begin), numbers(size)}, {}, {{"out", in.dtype, out, in.quantization, {}}});
}

static Tensor part(const Shape& shape) { return {"in", DType::int8, shape, plain, {}}; }

static Model random_slice(RandomModels& random, DType type) {
  const Tensor in = random.tensor(type, random.shape());
  Indices begin, size;
  for (const int side : in.shape) {
    begin.push_back(random.pick(0, side - 1));
    size.push_back(random.one_in(3) ? -1 : random.pick(1, side - begin.back()));
  }
  return sliced(in, begin, size);
}

static const Cases slice_cases{{.op = "slice", .types = int8_int16_float, .make = random_slice}};

TEST_CASE("slice takes so many values from a begin on, along each dimension") {
  CHECK(run(sliced(part({2, 3}), {0, 1}, {2, 2}), {1, 2, 3, 4, 5, 6}) == Numbers{2, 3, 5, 6});
}

TEST_CASE("slice takes all that are left for a size of -1") {
  CHECK(run(sliced(part({2, 3}), {1, 1}, {-1, -1}), {1, 2, 3, 4, 5, 6}) == Numbers{5, 6});
}

TEST_CASE("slice says what it cannot run") {
  CHECK_THAT(refusal_of(sliced(part({5}), {3}, {3}, {1})),
             Contains("it takes 3 values from 3 on of dimension 0, which has 5"));
  CHECK_THAT(refusal_of(sliced(part({5}), {-1}, {1}, {1})), Contains("it takes 1 values from -1 on"));
  CHECK_THAT(refusal_of(sliced(part({5}), {5}, {-1}, {1})), Contains("it takes -1 values from 5 on"));
  CHECK_THAT(refusal_of(sliced(part({5}), {0}, {-2}, {1})), Contains("it takes -2 values from 0 on"));
  CHECK_THAT(refusal_of(sliced(part({5}), {0, 0}, {1}, {1})), Contains("its begin has 2 values, not 1"));
  CHECK_THAT(refusal_of(sliced(part({5}), {0}, {2}, {3})), Contains("its output should be 2, and the file says 3"));
}
