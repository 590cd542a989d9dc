#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;
using Integers = std::vector<std::int32_t>;

static Model parted(const Tensor& in, const Integers& lengths, std::int32_t axis, const std::vector<Shape>& shapes) {
  std::vector<Tensor> outputs;
  for (const Shape& shape : shapes) outputs.push_back({"out", in.dtype, shape, in.quantization, {}});
  const Tensor operand = constant("axis", DType::int32, {}, Integers{axis});
  return one_node("split_v", {in, numbers(lengths), operand}, {{"num_splits", std::int64_t{std::ssize(lengths)}}},
                  outputs);
}

static Tensor part(const Shape& shape) { return {"in", DType::int8, shape, plain, {}}; }

/// The last length is -1 one time in three.
static Model random_parts(RandomModels& random, DType type) {
  Shape shape = random.shape();
  const int axis = random.pick(0, static_cast<int>(shape.size()) - 1);
  Integers lengths;
  std::vector<Shape> shapes;
  shape[axis] = 0;
  for (int parts = random.pick(1, 4); parts > 0; --parts) {
    lengths.push_back(random.pick(1, 4));
    shape[axis] += lengths.back();
    shapes.push_back(shape);
    shapes.back()[axis] = lengths.back();
  }
  if (random.one_in(3)) lengths.back() = -1;
  return parted(random.tensor(type, shape), lengths, random.one_in(2) ? axis : axis - std::ssize(shape), shapes);
}

static const Cases split_v_cases{{.op = "split_v", .types = numeric, .make = random_parts}};

TEST_CASE("split_v makes parts of the lengths that it is given; -1 is what is left") {
  const Model model = parted(part({2, 4}), {1, -1}, 1, {{2, 1}, {2, 3}});
  check_supported(model);
  const TensorBytes values = run_reference(model, bytes_of({1, 2, 3, 4, 5, 6, 7, 8}));
  CHECK(values[model.outputs[0]] == bytes_of({1, 5}));
  CHECK(values[model.outputs[1]] == bytes_of({2, 3, 4, 6, 7, 8}));
}

TEST_CASE("split_v says what it cannot run") {
  CHECK_THAT(refusal_of(parted(part({4}), {1, 2}, 0, {{1}, {2}})), Contains("its parts 1, 2 do not make 4"));
  CHECK_THAT(refusal_of(parted(part({4}), {-1, -1}, 0, {{1}, {3}})), Contains("its parts -1, -1 do not make 4"));
  CHECK_THAT(refusal_of(parted(part({4}), {5, -1}, 0, {{1}, {3}})), Contains("one of its parts is 5 of 4"));
  CHECK_THAT(refusal_of(parted(part({4}), {1, 3}, 0, {{1}, {2}})), Contains("its output should be 3"));
  CHECK_THAT(refusal_of(parted(part({4}), {1, 3}, 1, {{1}, {3}})),
             Contains("its axis is 1, and there are 1 dimensions"));
  CHECK_THAT(refusal_of(parted(part({4}), {4}, 0, {{1}, {3}})), Contains("its lengths has 1 values, not 2"));
}
