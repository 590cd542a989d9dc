#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static constexpr std::int64_t reflect = 0, symmetric = 1;

static Model mirrored(const Tensor& in, const std::vector<std::int32_t>& paddings, std::int64_t mode,
                      const Shape& out = {}) {
  const Tensor operand = constant("paddings", DType::int32, {static_cast<int>(paddings.size()) / 2, 2}, paddings);
  return one_node("mirror_pad", {in, operand}, {{"mode", mode}}, {{"out", in.dtype, out, in.quantization, {}}});
}

static Tensor part(const Shape& shape) { return {"in", DType::int8, shape, plain, {}}; }

static Model random_mirror(RandomModels& random, DType type) {
  const Tensor in = random.tensor(type, random.shape());
  const std::int64_t mode = random.pick(reflect, symmetric);
  std::vector<std::int32_t> paddings;
  for (const int side : in.shape)
    for (int i = 0; i < 2; ++i)
      paddings.push_back(random.one_in(2) ? 0 : random.pick(0, std::min(3, side - (mode == reflect ? 1 : 0))));
  if (in.shape.size() == 4) paddings[0] = paddings[1] = 0;
  return mirrored(in, paddings, mode);
}

static const Cases mirror_cases{{.op = "mirror_pad", .types = numeric, .make = random_mirror}};

TEST_CASE("mirror_pad goes on backwards, with its edge or without it") {
  CHECK(run(mirrored(part({3}), {2, 1}, reflect), {1, 2, 3}) == Numbers{3, 2, 1, 2, 3, 2});
  CHECK(run(mirrored(part({3}), {2, 1}, symmetric), {1, 2, 3}) == Numbers{2, 1, 1, 2, 3, 3});
  CHECK(run(mirrored(part({2, 2}), {1, 0, 0, 1}, reflect), {1, 2, 3, 4}) == Numbers{3, 4, 3, 1, 2, 1, 3, 4, 3});
}

TEST_CASE("mirror_pad says what it cannot run") {
  CHECK_THAT(refusal_of(mirrored(part({3}), {3, 0}, reflect, {6})),
             Contains("it pads dimension 0 of 3 by 3, not by 0 to 2"));
  CHECK_THAT(refusal_of(mirrored(part({3}), {0, -1}, symmetric, {2})), Contains("by -1, not by 0 to 3"));
  CHECK_THAT(refusal_of(mirrored(part({3}), {0, 0}, 2, {3})), Contains("its mode 2 is neither REFLECT nor SYMMETRIC"));
}
