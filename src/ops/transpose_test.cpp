#include <catch2/catch.hpp>
#include <numeric>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;
using Indices = std::vector<std::int32_t>;

static Model transposed(const Tensor& in, const Indices& permutation, const Shape& out = {}) {
  return one_node("transpose", {in, numbers(permutation)}, {}, {{"out", in.dtype, out, in.quantization, {}}});
}

static Tensor part(const Shape& shape) { return {"in", DType::int8, shape, plain, {}}; }

static Model random_transpose(RandomModels& random, DType type) {
  const Tensor in = random.tensor(type, random.shape());
  Indices permutation(in.shape.size());
  std::iota(permutation.begin(), permutation.end(), 0);
  for (std::size_t i = permutation.size(); i-- > 1;)
    std::swap(permutation[i], permutation[random.pick(0, static_cast<int>(i))]);
  return transposed(in, permutation);
}

static const Cases transpose_cases{{.op = "transpose", .types = int8_int16_float, .make = random_transpose}};

TEST_CASE("transpose makes columns of rows") {
  CHECK(run(transposed(part({2, 3}), {1, 0}), {1, 2, 3, 4, 5, 6}) == Numbers{1, 4, 2, 5, 3, 6});
}

TEST_CASE("transpose turns dimensions in a circle") {
  const Model model = transposed(part({1, 2, 3}), {2, 0, 1});
  CHECK(model.tensors[2].shape == Shape{3, 1, 2});
  CHECK(run(model, {1, 2, 3, 4, 5, 6}) == Numbers{1, 4, 2, 5, 3, 6});
}

TEST_CASE("transpose of an image needs all rows for one where the height goes elsewhere, else one") {
  const auto rows = [](const Indices& permutation) {
    const Model model = transposed(part({1, 4, 3, 2}), permutation);
    return find_operator("transpose")->rows(model, model.nodes[0], 0, 1);
  };
  CHECK((rows({0, 2, 1, 3}).first == 0 && rows({0, 2, 1, 3}).count == 4));
  CHECK((rows({0, 1, 3, 2}).first == 1 && rows({0, 1, 3, 2}).count == 1));
}

TEST_CASE("transpose says what it cannot run") {
  CHECK_THAT(refusal_of(transposed(part({2, 3}), {1}, {3, 2})), Contains("its permutation has 1 values, not 2"));
  CHECK_THAT(refusal_of(transposed(part({2, 3}), {1, 1}, {3, 2})),
             Contains("its permutation names dimension 1, which is there twice"));
  CHECK_THAT(refusal_of(transposed(part({2, 3}), {1, 2}, {3, 2})),
             Contains("its permutation names dimension 2, which is not there"));
  CHECK_THAT(refusal_of(transposed(part({2, 3}), {-1, 0}, {3, 2})), Contains("names dimension -1"));
  CHECK_THAT(refusal_of(transposed(part({2, 3}), {1, 0}, {2, 3})), Contains("its output should be 3x2"));
}
