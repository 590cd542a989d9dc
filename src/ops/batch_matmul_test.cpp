#include <catch2/catch.hpp>

#include "ops/binary_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Model product(const Tensor& first, const Tensor& second, bool adj_x, bool adj_y, const Quantization& out,
                     const Shape& shape = {}) {
  return one_node("batch_matmul", {first, second}, {{"adj_x", std::int64_t{adj_x}}, {"adj_y", std::int64_t{adj_y}}},
                  {{"out", first.dtype, shape, out, {}}});
}

static void append(Shape& shape, int height, int width, bool is_turned) {
  shape.push_back(is_turned ? width : height);
  shape.push_back(is_turned ? height : width);
}

/// Of up to two batch dimensions, one of the second's now and then left out or 1; sums spread over some hundred steps.
static Model random_product(RandomModels& random, DType type) {
  Shape first, second;
  for (int left = random.pick(0, 2); left > 0; --left) first.push_back(random.one_in(2) ? 1 : random.pick(1, 3));
  second = first;
  for (int& side : second)
    if (random.one_in(4)) side = 1;
  const int rows = random.pick(1, 5), depth = random.pick(1, 8), columns = random.pick(1, 5);
  const bool adj_x = random.one_in(2), adj_y = random.one_in(2);
  append(first, rows, depth, adj_x), append(second, depth, columns, adj_y);
  Tensor a = random.tensor(type, first), b = random.tensor(type, second);
  if (random.one_in(3)) b = random.with_values(b);
  Quantization out;
  if (type != DType::float32) {
    const float spread = (type == DType::int16 ? 20000.0f : 100.0f) * std::sqrt(static_cast<float>(depth));
    out = {{a.quantization.scale[0] * b.quantization.scale[0] * spread * random.real(0.5f, 4)},
           {type == DType::int16 ? 0 : random.pick(-128, 127)},
           0};
  }
  return product(a, b, adj_x, adj_y, out);
}

static const Cases matmul_cases{{.op = "batch_matmul", .types = int8_int16_float, .make = random_product}};

static Tensor part(const Shape& shape, const Quantization& quantization = plain) {
  return {"in", DType::int8, shape, quantization, {}};
}

TEST_CASE("batch_matmul multiplies matrices, and turns those that it is asked to") {
  const Numbers in{1, 2, 3, 4, 5, 6, 7, 8};
  CHECK(run(product(part({2, 2}), part({2, 2}), false, false, plain), in) == Numbers{19, 22, 43, 50});
  CHECK(run(product(part({2, 2}), part({2, 2}), true, false, plain), in) == Numbers{26, 30, 38, 44});
  CHECK(run(product(part({2, 2}), part({2, 2}), false, true, plain), in) == Numbers{17, 23, 39, 53});
}

TEST_CASE("batch_matmul takes one matrix for all of a batch") {
  CHECK(run(product(part({2, 1, 2}), part({2, 1}), false, false, plain), {1, 2, 3, 4, 5, 6}) == Numbers{17, 39});
}

TEST_CASE("batch_matmul follows the scales and zero points of all three, and saturates") {
  const Model model = product(part({1, 2}, {{0.5f}, {1}}), part({2, 1}, {{0.25f}, {-2}}), false, false, {{0.5f}, {10}});
  CHECK(run(model, {3, 5, 2, 6}) == Numbers{20});  // (1 * 1 + 2 * 2) / 0.5
  CHECK(run(model, {127, 127, 127, 127}) == Numbers{127});
}

TEST_CASE("batch_matmul needs of each the matrices of one row, and counts its products") {
  const Model model = product(part({1, 3, 4, 5}), part({1, 3, 5, 2}), false, false, plain);
  const Operator& op = *find_operator("batch_matmul");
  for (const int input : {0, 1}) {
    const Rows rows = op.rows(model, model.nodes[0], input, 2);
    CHECK((rows.first == 2 && rows.count == 1));
  }
  CHECK(op.macs(model, model.nodes[0]) == 3 * 4 * 2 * 5);
}

TEST_CASE("batch_matmul says what it cannot run") {
  CHECK_THAT(refusal_of(product(part({2, 3}), part({2, 3}), false, false, plain, {2, 3})),
             Contains("it multiplies 2x3 by 2x3"));
  CHECK_THAT(refusal_of(product(part({2, 2, 3}), part({3, 3, 2}), false, false, plain, {3, 2, 2})),
             Contains("it multiplies 2x2x3 by 3x3x2"));
  CHECK_THAT(refusal_of(product(part({2, 2}), part({2, 2}), false, false, {{1e-9f}, {0}})),
             Contains("that overflows 32 bits"));
  CHECK_THAT(refusal_of(product(part({2, 2}), {"b", DType::int16, {2, 2}, plain, {}}, false, false, plain)),
             Contains("its inputs are int8 and int16"));
}
