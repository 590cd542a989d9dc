#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Model cut(const std::string& op, const Tensor& in, std::int64_t block, const Shape& out = {}) {
  return one_node(op, {in}, {{"block_size", block}}, {{"out", in.dtype, out, in.quantization, {}}});
}

static Tensor part(const Shape& shape) { return {"in", DType::int8, shape, plain, {}}; }

static Model random_cut(const std::string& op, RandomModels& random, DType type) {
  const int block = random.pick(1, 3);
  Shape shape{random.one_in(3) ? 2 : 1, random.pick(1, 4), random.pick(1, 4), random.pick(1, 4)};
  if (op == "depth_to_space")
    shape[3] *= block * block;
  else
    shape[1] *= block, shape[2] *= block;
  return cut(op, random.tensor(type, shape), block);
}

static Cases cases_of(const std::string& op) {
  return {{.op = op,
           .types = numeric,
           .make = [op](RandomModels& random, DType type) { return random_cut(op, random, type); },
           .share = 2}};
}

static const Cases to_depth_cases = cases_of("space_to_depth");
static const Cases to_space_cases = cases_of("depth_to_space");

TEST_CASE("space_to_depth makes channels of the cells of a block, depth_to_space cells of channels") {
  const Numbers cells{1, 2, 5, 6, 3, 4, 7, 8}, channels{1, 2, 3, 4, 5, 6, 7, 8};
  CHECK(run(cut("space_to_depth", part({1, 2, 4, 1}), 2), cells) == channels);
  CHECK(run(cut("depth_to_space", part({1, 1, 2, 4}), 2), channels) == cells);
}

TEST_CASE("depth_to_space makes two rows of one") {
  const Model model = cut("depth_to_space", part({1, 3, 2, 4}), 2);
  const auto rows = [&](int y) { return find_operator("depth_to_space")->rows(model, model.nodes[0], 0, y); };
  CHECK((rows(3).first == 1 && rows(3).count == 1));
  CHECK((rows(4).first == 2 && rows(4).count == 1));
}

TEST_CASE("space_to_depth and depth_to_space say what they cannot run") {
  CHECK_THAT(refusal_of(cut("space_to_depth", part({1, 3, 4, 1}), 2, {1, 1, 2, 4})),
             Contains("its input 1x3x4x1 cannot be cut in blocks of 2"));
  CHECK_THAT(refusal_of(cut("depth_to_space", part({1, 3, 4, 6}), 2, {1, 6, 8, 1})),
             Contains("its input 1x3x4x6 cannot be cut in blocks of 2"));
  CHECK_THAT(refusal_of(cut("depth_to_space", part({4}), 2, {4})), Contains("its input has 1 dimensions, not 4"));
  CHECK_THAT(refusal_of(cut("space_to_depth", part({1, 2, 2, 1}), 0, {1, 2, 2, 1})), Contains("its blocks are of 0"));
}
