#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;
using Integers = std::vector<std::int32_t>;

/// An operator of values and of numbers that say where to.
static Model moved(const std::string& op, const Tensor& in, const Integers& operand, const Shape& out = {}) {
  return one_node(op, {in, numbers(operand)}, {}, {{"out", in.dtype, out, in.quantization, {}}});
}

static Tensor part(const Shape& shape) { return {"in", DType::int8, shape, plain, {}}; }

static Model random_tile(RandomModels& random, DType type) {
  const Tensor in = random.tensor(type, random.shape());
  Integers multiples;
  for (std::size_t d = 0; d < in.shape.size(); ++d) multiples.push_back(random.one_in(2) ? 1 : random.pick(1, 3));
  return moved("tile", in, multiples);
}

static Model random_broadcast(RandomModels& random, DType type) {
  const Shape whole = random.shape();
  Shape shape = whole;
  for (int& side : shape)
    if (random.one_in(2)) side = 1;
  while (shape.size() > 1 && shape[0] == 1 && random.one_in(2)) shape.erase(shape.begin());
  return moved("broadcast_to", random.tensor(type, shape), {whole.begin(), whole.end()});
}

static Model random_reverse(RandomModels& random, DType type) {
  const Tensor in = random.tensor(type, random.shape());
  return moved("reverse_v2", in, {random.pick(0, static_cast<int>(in.shape.size()) - 1)});
}

/// TensorFlow Lite knows no tile and no reverse of int8.
static const Cases tile_cases{
    {.op = "tile", .types = numeric, .make = random_tile, .unjudged = {DType::int8}, .share = 2}};
static const Cases broadcast_cases{{.op = "broadcast_to", .types = numeric, .make = random_broadcast, .share = 2}};
static const Cases reverse_cases{
    {.op = "reverse_v2", .types = numeric, .make = random_reverse, .unjudged = {DType::int8}, .share = 2}};

TEST_CASE("tile repeats its input along each dimension") {
  CHECK(run(moved("tile", part({2, 2}), {1, 2}), {1, 2, 3, 4}) == Numbers{1, 2, 1, 2, 3, 4, 3, 4});
  CHECK(run(moved("tile", part({2}), {3}), {1, 2}) == Numbers{1, 2, 1, 2, 1, 2});
}

TEST_CASE("tile's rows are the input's again and again") {
  const Model model = moved("tile", part({1, 3, 2, 2}), {1, 2, 1, 1});
  const auto rows = [&](int y) { return find_operator("tile")->rows(model, model.nodes[0], 0, y); };
  CHECK((rows(1).first == 1 && rows(1).count == 1));
  CHECK((rows(5).first == 2 && rows(5).count == 1));
}

TEST_CASE("broadcast_to repeats what has one value along a dimension, or has none of it") {
  CHECK(run(moved("broadcast_to", part({2, 1}), {2, 3}), {1, 2}) == Numbers{1, 1, 1, 2, 2, 2});
  CHECK(run(moved("broadcast_to", part({2}), {2, 2}), {1, 2}) == Numbers{1, 2, 1, 2});
}

TEST_CASE("reverse_v2 goes backwards along its axes") {
  CHECK(run(moved("reverse_v2", part({2, 3}), {1}), {1, 2, 3, 4, 5, 6}) == Numbers{3, 2, 1, 6, 5, 4});
  CHECK(run(moved("reverse_v2", part({2, 3}), {0, -1}), {1, 2, 3, 4, 5, 6}) == Numbers{6, 5, 4, 3, 2, 1});
}

TEST_CASE("tile, broadcast_to and reverse_v2 say what they cannot run") {
  CHECK_THAT(refusal_of(moved("tile", part({2, 2}), {2}, {2, 2})), Contains("its multiples has 1 values, not 2"));
  CHECK_THAT(refusal_of(moved("tile", part({2}), {0}, {2})), Contains("it repeats 2 times 0"));
  CHECK_THAT(refusal_of(moved("tile", part({2, 2}), {1 << 20, 1 << 20}, {2})),
             Contains("it repeats 2x2 times 1048576"));
  CHECK_THAT(refusal_of(moved("broadcast_to", part({2}), {3}, {3})), Contains("it repeats 2 to 3"));
  CHECK_THAT(refusal_of(moved("reverse_v2", part({2}), {1}, {2})),
             Contains("its axis is 1, and there are 1 dimensions"));
  CHECK_THAT(refusal_of(moved("tile", part({2, 2, 2, 2, 2, 2}), {2, 2, 2, 2, 2, 2})),
             Contains("it goes along 11 dimensions at once"));
}
