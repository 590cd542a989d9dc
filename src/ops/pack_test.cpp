#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Model packed(const std::vector<Tensor>& inputs, std::int64_t axis, const Shape& out = {}) {
  return one_node("pack", inputs, {{"axis", axis}, {"values_count", static_cast<std::int64_t>(inputs.size())}},
                  {{"out", inputs[0].dtype, out, inputs[0].quantization, {}}});
}

static Tensor part(const Shape& shape, const Quantization& quantization = plain) {
  return {"in", DType::int8, shape, quantization, {}};
}

static Model random_pack(RandomModels& random, DType type) {
  const Tensor in = random.tensor(type, random.shape());
  const int rank = static_cast<int>(in.shape.size()), axis = random.pick(0, rank);
  std::vector<Tensor> inputs{in};
  for (int more = random.pick(0, 3); more > 0; --more) inputs.push_back(random.one_in(4) ? random.with_values(in) : in);
  return packed(inputs, random.one_in(2) ? axis : axis - rank - 1);
}

static const Cases pack_cases{{.op = "pack", .types = int8_int16_float, .make = random_pack}};

TEST_CASE("pack lays tensors side by side along a new dimension") {
  const Model columns = packed({part({3}), part({3})}, 1);
  CHECK(columns.tensors[2].shape == Shape{3, 2});
  CHECK(run(columns, {1, 2, 3, 4, 5, 6}) == Numbers{1, 4, 2, 5, 3, 6});
  CHECK(run(packed({part({3}), part({3})}, -2), {1, 2, 3, 4, 5, 6}) == Numbers{1, 2, 3, 4, 5, 6});
}

TEST_CASE("pack makes a vector of single values") {
  CHECK(run(packed({part({}), part({})}, 0), {7, 8}) == Numbers{7, 8});
}

TEST_CASE("pack says what it cannot run") {
  CHECK_THAT(refusal_of(packed({part({3}), part({3})}, 2, {3, 2})),
             Contains("its axis is 2, and there are 2 dimensions"));
  CHECK_THAT(refusal_of(packed({part({3}), part({2})}, 1, {3, 2})),
             Contains("its inputs are 3 and 2, not of one shape"));
  CHECK_THAT(refusal_of(packed({part({3}), part({3}, {{2}, {0}})}, 1, {3, 2})),
             Contains("its input and output are quantized differently"));
  Model model = packed({part({3}), part({3})}, 1);
  model.nodes[0].attributes["values_count"] = std::int64_t{3};
  CHECK_THAT(refusal_of(model), Contains("it packs 3 tensors and has 2 inputs"));
}
