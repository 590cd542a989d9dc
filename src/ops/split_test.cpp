#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

static Tensor axis_tensor(std::int32_t axis, const Shape& shape) {
  return constant("axis", DType::int32, shape, std::vector<std::int32_t>{axis});
}

static Model split_up(const Tensor& axis, const Tensor& in, int parts, const Shape& out = {}) {
  const std::vector<Tensor> outputs(parts, {"out", in.dtype, out, in.quantization, {}});
  return one_node("split", {axis, in}, {{"num_splits", std::int64_t{parts}}}, outputs);
}

static Tensor part(const Shape& shape) { return {"in", DType::int8, shape, plain, {}}; }

static Model random_split(RandomModels& random, DType type) {
  Tensor in = random.tensor(type, random.shape());
  const int rank = static_cast<int>(in.shape.size()), axis = random.pick(0, rank - 1), parts = random.pick(1, 4);
  in.shape[axis] = parts * random.pick(1, 3);
  return split_up(axis_tensor(random.one_in(2) ? axis : axis - rank, random.one_in(2) ? Shape{} : Shape{1}), in, parts);
}

static const Cases split_cases{{.op = "split", .types = int8_int16_float, .make = random_split}};

TEST_CASE("split deals the values along an axis out to its outputs") {
  const Model model = split_up(axis_tensor(1, {}), part({2, 4}), 2);
  check_supported(model);
  const TensorBytes values = run_reference(model, bytes_of({1, 2, 3, 4, 5, 6, 7, 8}));
  CHECK(values[2] == bytes_of({1, 2, 5, 6}));
  CHECK(values[3] == bytes_of({3, 4, 7, 8}));
}

TEST_CASE("split of rows needs for its outputs' first rows those that lie a part's height apart") {
  const Model model = split_up(axis_tensor(1, {1}), part({1, 6, 2, 1}), 2);
  const Rows rows = find_operator("split")->rows(model, model.nodes[0], 1, 0);
  CHECK((rows.first == 0 && rows.count == 4));
}

TEST_CASE("split says what it cannot run") {
  CHECK_THAT(refusal_of(split_up(axis_tensor(2, {}), part({2, 4}), 2, {2, 2})),
             Contains("its axis is 2, and there are 2 dimensions"));
  CHECK_THAT(refusal_of(split_up(axis_tensor(1, {}), part({2, 4}), 3, {2, 1})),
             Contains("it splits 4 values into 3 parts"));
  Model model = split_up(axis_tensor(1, {}), part({2, 4}), 2);
  model.nodes[0].attributes["num_splits"] = std::int64_t{4};
  CHECK_THAT(refusal_of(model), Contains("it makes 4 parts and has 2 outputs"));
  model = split_up(axis_tensor(1, {}), part({2, 4}), 2);
  model.tensors[3].shape = {2, 3};
  CHECK_THAT(refusal_of(model), Contains("its output should be 2x2, and the file says 2x3"));
  model.tensors[3].quantization = {{3}, {0}};
  CHECK_THAT(refusal_of(model), Contains("its input and output are quantized differently"));
  model.tensors[0].data.clear();
  CHECK_THAT(refusal_of(model), Contains("its axis is not a constant"));
}
