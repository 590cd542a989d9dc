#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

static Model unpacked(const Tensor& in, std::int64_t axis, int parts, const Shape& out = {}) {
  return one_node("unpack", {in}, {{"axis", axis}, {"num", std::int64_t{parts}}},
                  std::vector<Tensor>(parts, {"out", in.dtype, out, in.quantization, {}}));
}

static Tensor part(const Shape& shape) { return {"in", DType::int8, shape, plain, {}}; }

static Model random_unpack(RandomModels& random, DType type) {
  Tensor in = random.tensor(type, random.shape());
  if (in.shape.size() == 1) in.shape.push_back(random.pick(1, 5));
  const int rank = static_cast<int>(in.shape.size()), axis = random.pick(0, rank - 1);
  return unpacked(in, random.one_in(2) ? axis : axis - rank, in.shape[axis]);
}

static const Cases unpack_cases{{.op = "unpack", .types = int8_int16_float, .make = random_unpack}};

TEST_CASE("unpack gives each index along an axis an output of its own") {
  const Model model = unpacked(part({2, 3}), 1, 3);
  check_supported(model);
  const TensorBytes values = run_reference(model, bytes_of({1, 2, 3, 4, 5, 6}));
  CHECK(model.tensors[1].shape == Shape{2});
  CHECK(values[1] == bytes_of({1, 4}));
  CHECK(values[3] == bytes_of({3, 6}));
}

TEST_CASE("unpack says what it cannot run") {
  CHECK_THAT(refusal_of(unpacked(part({2, 3}), -3, 2, {3})), Contains("its axis is -3, and there are 2 dimensions"));
  CHECK_THAT(refusal_of(unpacked(part({2, 3}), 1, 2, {2})), Contains("it unpacks 2 of 3 tensors and has 2 outputs"));
  Model model = unpacked(part({2, 3}), 0, 2);
  model.tensors[2].quantization = {{3}, {0}};
  CHECK_THAT(refusal_of(model), Contains("its input and output are quantized differently"));
}
