#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;
using Integers = std::vector<std::int32_t>;

static Model cut(const std::string& op, const Tensor& in, const Integers& block, const Integers& margins,
                 const Shape& out = {}) {
  const Tensor operand = constant("margins", DType::int32, {static_cast<int>(margins.size()) / 2, 2}, margins);
  return one_node(op, {in, numbers(block), operand}, {}, {{"out", in.dtype, out, in.quantization, {}}});
}

static Tensor part(const Shape& shape, const Quantization& quantization = plain) {
  return {"in", DType::int8, shape, quantization, {}};
}

/// Of images, or of sequences [batch, time, channels]: TensorFlow Lite takes both.
static Model random_to_batch(RandomModels& random, DType type) {
  const int spatial = random.pick(1, 2);
  Shape shape{random.pick(1, 2)};
  Integers block, paddings;
  for (int d = 0; d < spatial; ++d) {
    shape.push_back(random.pick(1, 6));
    block.push_back(random.pick(1, 3));
    paddings.push_back(random.pick(0, 2));
    paddings.push_back((block.back() - (shape.back() + paddings.back()) % block.back()) % block.back());
  }
  shape.push_back(random.pick(1, 4));
  return cut("space_to_batch_nd", random.tensor(type, shape), block, paddings);
}

static Model random_to_space(RandomModels& random, DType type) {
  const int spatial = random.pick(1, 2);
  Shape shape{random.pick(1, 2)};
  Integers block, crops;
  for (int d = 0; d < spatial; ++d) {
    shape.push_back(random.pick(2, 4));
    block.push_back(random.pick(1, 3));
    shape[0] *= block.back();
    crops.push_back(random.pick(0, 1));
    crops.push_back(random.pick(0, shape.back() * block.back() - crops.back() - 1) / 2);
  }
  shape.push_back(random.pick(1, 4));
  return cut("batch_to_space_nd", random.tensor(type, shape), block, crops);
}

static const Cases to_batch_cases{{.op = "space_to_batch_nd", .types = numeric, .make = random_to_batch, .share = 2}};
static const Cases to_space_cases{{.op = "batch_to_space_nd", .types = numeric, .make = random_to_space, .share = 2}};

TEST_CASE("space_to_batch_nd makes a batch of every second cell, after a padding of the zero point") {
  CHECK(run(cut("space_to_batch_nd", part({1, 4, 1}), {2}, {0, 0}), {1, 2, 3, 4}) == Numbers{1, 3, 2, 4});
  CHECK(run(cut("space_to_batch_nd", part({1, 3, 1}, {{1}, {-9}}), {2}, {1, 0}), {1, 2, 3}) == Numbers{-9, 2, 1, 3});
  CHECK(run(cut("space_to_batch_nd", part({1, 2, 2, 1}), {2, 2}, {0, 0, 0, 0}), {1, 2, 3, 4}) == Numbers{1, 2, 3, 4});
}

TEST_CASE("batch_to_space_nd puts the cells of batches between each other, and crops") {
  CHECK(run(cut("batch_to_space_nd", part({2, 2, 1}), {2}, {0, 0}), {1, 3, 2, 4}) == Numbers{1, 2, 3, 4});
  CHECK(run(cut("batch_to_space_nd", part({2, 2, 1}), {2}, {1, 1}), {1, 3, 2, 4}) == Numbers{2, 3});
}

TEST_CASE("space_to_batch_nd and batch_to_space_nd say what they cannot run") {
  CHECK_THAT(refusal_of(cut("space_to_batch_nd", part({1, 3, 1}), {2}, {0, 0}, {2, 1, 1})),
             Contains("dimension 1 of its input 1x3x1 and a padding of 0 do not fit blocks of 2"));
  CHECK_THAT(refusal_of(cut("batch_to_space_nd", part({3, 2, 1}), {2}, {0, 0}, {1, 4, 1})),
             Contains("its 3 batches cannot be put together from 2"));
  CHECK_THAT(refusal_of(cut("batch_to_space_nd", part({2, 2, 1}), {2}, {2, 2}, {1, 1, 1})),
             Contains("and crops of 4 do not fit blocks of 2"));
  CHECK_THAT(refusal_of(cut("space_to_batch_nd", part({1, 4, 1}), {0}, {0, 0}, {1, 4, 1})),
             Contains("its blocks are of 0"));
  CHECK_THAT(refusal_of(cut("space_to_batch_nd", part({1, 4, 1}), {2}, {-1, 1}, {2, 2, 1})), Contains("it pads by -1"));
  CHECK_THAT(refusal_of(cut("space_to_batch_nd", part({1, 40, 40, 1}), {40, 40}, {0, 0, 0, 0}, {1600, 1, 1, 1})),
             Contains("its blocks make 1600 batches"));
}
