#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Tensor part(const Shape& shape, const Quantization& quantization = plain) {
  return {"in", DType::int8, shape, quantization, {}};
}

static Model joined(const std::vector<Tensor>& inputs, std::int64_t axis, const Shape& out = {}) {
  return one_node("concatenation", inputs, {{"axis", axis}},
                  {{"out", inputs[0].dtype, out, inputs[0].quantization, {}}});
}

/// Of two to four inputs; those after the first are constants one time in five.
static Model random_concatenation(RandomModels& random, DType type) {
  const Shape shape = random.shape();
  const int rank = static_cast<int>(shape.size()), axis = random.pick(0, rank - 1);
  std::vector<Tensor> inputs;
  for (int left = random.pick(2, 4); left > 0; --left) {
    Tensor& in = inputs.emplace_back(inputs.empty() ? random.tensor(type, shape) : inputs[0]);
    in.data.clear();
    in.shape[axis] = random.pick(1, 5);
    if (inputs.size() > 1 && random.one_in(5)) in = random.with_values(in);
  }
  return joined(inputs, random.one_in(2) ? axis : axis - rank);
}

static const Cases concatenation_cases{
    {.op = "concatenation", .types = int8_int16_float, .make = random_concatenation}};

TEST_CASE("concatenation lays its inputs one behind the other along an axis") {
  CHECK(run(joined({part({2, 1}), part({2, 2})}, 1), {1, 2, 3, 4, 5, 6}) == Numbers{1, 3, 4, 2, 5, 6});
  CHECK(run(joined({part({1, 2}), part({2, 2})}, -2), {1, 2, 3, 4, 5, 6}) == Numbers{1, 2, 3, 4, 5, 6});
}

TEST_CASE("concatenation takes constants") {
  const Tensor zeros = constant("zeros", DType::int8, {1, 1}, std::vector<std::int8_t>{0}, plain);
  CHECK(run(joined({zeros, part({1, 2}), zeros}, 1), {7, 8}) == Numbers{0, 7, 8, 0});
}

TEST_CASE("concatenation of rows needs each input only where its rows go") {
  const Model model = joined({part({1, 2, 3, 1}), part({1, 4, 3, 1})}, 1);
  const auto rows = [&](int input, int y) {
    return find_operator("concatenation")->rows(model, model.nodes[0], input, y);
  };
  CHECK((rows(0, 1).first == 1 && rows(0, 1).count == 1));
  CHECK(rows(1, 1).count == 0);
  CHECK(rows(0, 2).count == 0);
  CHECK((rows(1, 5).first == 3 && rows(1, 5).count == 1));
}

TEST_CASE("concatenation says what it cannot run") {
  CHECK_THAT(refusal_of(joined({part({2, 1}), part({2, 2})}, 2, {2, 3})),
             Contains("its axis is 2, and there are 2 dimensions"));
  CHECK_THAT(refusal_of(joined({part({2, 1}), part({2, 1})}, -3, {2, 2})), Contains("its axis is -3"));
  CHECK_THAT(refusal_of(joined({part({2, 1}), part({3, 1})}, 1, {2, 2})),
             Contains("its inputs are 2x1 and 3x1, which differ not only along axis 1"));
  CHECK_THAT(refusal_of(joined({part({2, 1}), part({2})}, 1, {2, 2})), Contains("its inputs are 2x1 and 2"));
  CHECK_THAT(refusal_of(joined({part({2, 1}), part({2, 1}, {{2}, {0}})}, 1, {2, 2})),
             Contains("its input and output are quantized differently"));
  Model model = joined({part({2, 1}), part({2, 1})}, 1, {2, 2});
  model.nodes[0].attributes["fused_activation_function"] = std::int64_t{relu};
  CHECK_THAT(refusal_of(model), Contains("it has a fused activation"));
  model = joined({part({2, 1}), part({2, 1})}, 1, {2, 2});
  model.nodes[0].inputs[1] = -1;
  CHECK_THAT(refusal_of(model), Contains("its input 1 is missing"));
}
