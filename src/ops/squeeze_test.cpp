#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;
using Axes = std::vector<std::int64_t>;

static Model squeezed(const Tensor& in, const Axes& axes, const Shape& out = {}) {
  return one_node("squeeze", {in}, {{"squeeze_dims", axes}}, {{"out", in.dtype, out, in.quantization, {}}});
}

static Tensor part(const Shape& shape) { return {"in", DType::int8, shape, plain, {}}; }

static Model random_squeeze(RandomModels& random, DType type) {
  Tensor in = random.tensor(type, random.shape());
  Axes axes;
  for (std::size_t d = 0; d < in.shape.size(); ++d)
    if (random.one_in(3)) {
      in.shape[d] = 1;
      axes.push_back(static_cast<int>(d) - (random.one_in(2) ? static_cast<int>(in.shape.size()) : 0));
    }
  return squeezed(in, random.one_in(3) ? Axes{} : axes);
}

static const Cases squeeze_cases{{.op = "squeeze", .types = int8_int16_float, .make = random_squeeze}};

TEST_CASE("squeeze drops the dimensions that it names, or all of 1, and leaves the bytes as they are") {
  CHECK(squeezed(part({1, 2, 1, 3}), {}).tensors[1].shape == Shape{2, 3});
  CHECK(squeezed(part({1, 2, 1, 3}), {-2}).tensors[1].shape == Shape{1, 2, 3});
  CHECK(run(squeezed(part({1, 2, 1, 3}), {0}), {1, 2, 3, -4, -5, -6}) == Numbers{1, 2, 3, -4, -5, -6});
}

TEST_CASE("squeeze runs nothing and takes its input's place") {
  const Model model = squeezed(part({1, 2, 1, 3}), {});
  CHECK(find_operator("squeeze")->in_place);
  CHECK(find_operator("squeeze")->rows(model, model.nodes[0], 0, 0).count == 2);
}

TEST_CASE("squeeze says what it cannot run") {
  CHECK_THAT(refusal_of(squeezed(part({1, 2}), {1}, {1})), Contains("it drops dimension 1 of 1x2, which is not 1"));
  CHECK_THAT(refusal_of(squeezed(part({1, 2}), {2}, {2})), Contains("its axis is 2, and there are 2 dimensions"));
  CHECK_THAT(refusal_of(squeezed(part({1, 2}), {0}, {1, 2})), Contains("its output should be 2"));
}
