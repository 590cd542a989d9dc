#include <catch2/catch.hpp>

#include "ops/binary_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Model selected(const std::string& op, const Shape& condition, const Tensor& first, const Tensor& second) {
  return one_node(op, {{"condition", DType::boolean, condition, {}, {}}, first, second}, {},
                  {{"out", first.dtype, {}, first.quantization, {}}});
}

/// Both choices of one scale; a choice that is a constant now and then.
static Model random_v2(RandomModels& random, DType type) {
  const Shape whole = random.shape();
  const auto [first, second] = parts_of(random, whole);
  Tensor a = random.tensor(type, first), b = random.tensor(type, second);
  b.quantization = a.quantization;
  if (random.one_in(3)) b = random.with_values(b);
  return selected("select_v2", random.one_in(2) ? whole : parts_of(random, whole).second, a, b);
}

/// A condition of the choices' shape, of one value, or of one for each of the first dimension.
static Model random_select(RandomModels& random, DType type) {
  const Tensor a = random.tensor(type, random.shape());
  const Shape conditions[] = {a.shape, {}, {a.shape[0]}};
  return selected("select", conditions[random.pick(0, 2)], a, a);
}

static const Cases v2_cases{{.op = "select_v2", .types = numeric, .make = random_v2}};
static const Cases select_cases{{.op = "select", .types = numeric, .make = random_select}};

static Tensor part(const Shape& shape, const Quantization& quantization = plain) {
  return {"in", DType::int8, shape, quantization, {}};
}

TEST_CASE("select_v2 takes the first's value where the condition is true, else the second's") {
  CHECK(run(selected("select_v2", {3}, part({3}), part({3})), {1, 0, 1, 10, 20, 30, -1, -2, -3}) ==
        Numbers{10, -2, 30});
}

TEST_CASE("select_v2 repeats what has one value along a dimension") {
  CHECK(run(selected("select_v2", {2, 1}, part({3}), part({})), {1, 0, 10, 20, 30, -1}) ==
        Numbers{10, 20, 30, -1, -1, -1});
}

TEST_CASE("select takes a condition for each of the first dimension") {
  CHECK(run(selected("select", {2}, part({2, 2}), part({2, 2})), {0, 1, 1, 2, 3, 4, 5, 6, 7, 8}) ==
        Numbers{5, 6, 3, 4});
}

TEST_CASE("select says what it cannot run") {
  CHECK_THAT(refusal_of(selected("select_v2", {3}, part({2}), part({2}))),
             Contains("its condition of 3 and its choices of 2 and 2 do not go together"));
  Model model = selected("select_v2", {2}, part({2}), part({2}, {{0.5f}, {0}}));
  CHECK_THAT(refusal_of(model), Contains("its input and output are quantized differently"));
  model = selected("select", {2}, part({2}), part({2}));
  model.tensors[0].dtype = DType::int8;
  CHECK_THAT(refusal_of(model), Contains("its condition is int8, not bool"));
}
