#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Model gathered(const Tensor& in, const Tensor& indices, int axis, int batch_dims = 0, const Shape& out = {}) {
  return one_node("gather", {in, indices}, {{"axis", std::int64_t{axis}}, {"batch_dims", std::int64_t{batch_dims}}},
                  {{"out", in.dtype, out, in.quantization, {}}});
}

static Tensor part(const Shape& shape) { return {"in", DType::int8, shape, plain, {}}; }

static Tensor picks(const Shape& shape, const std::vector<std::int32_t>& elements) {
  return constant("indices", DType::int32, shape, elements);
}

/// Indices of one or two dimensions, or none; those of batches are the input's. Computed ones, which may be any
/// number, are not asked of TensorFlow Lite: it refuses what lies outside.
static Model random_gather(RandomModels& random, DType type, bool computed) {
  const Tensor in = random.tensor(type, random.shape());
  const int rank = static_cast<int>(in.shape.size()), axis = random.pick(0, rank - 1);
  const int batches = random.one_in(3) ? random.pick(0, axis) : 0;
  Shape shape(in.shape.begin(), in.shape.begin() + batches);
  for (int more = random.pick(0, std::min(2, 7 - rank)); more > 0; --more) shape.push_back(random.pick(1, 4));
  Tensor indices{"indices", DType::int32, shape, {}, {}};
  if (shape.size() == 4) computed = false;  // it may be rows
  std::vector<std::int32_t> elements(element_count(shape));
  for (std::int32_t& element : elements) element = random.pick(0, in.shape[axis] - 1);
  if (!computed) set_values<std::int32_t>(indices, elements);
  return gathered(in, indices, random.one_in(2) ? axis : axis - rank, batches);
}

static const Cases gather_cases{{.op = "gather", .types = numeric, .make = [](RandomModels& random, DType type) {
                                   return random_gather(random, type, type == DType::int16);
                                 }}};

static Model gathered_nd(const Tensor& in, const Tensor& indices, const Shape& out = {}) {
  return one_node("gather_nd", {in, indices}, {}, {{"out", in.dtype, out, in.quantization, {}}});
}

static Model random_nd(RandomModels& random, DType type) {
  const Tensor in = random.tensor(type, random.shape());
  const int rank = static_cast<int>(in.shape.size()), count = random.pick(1, rank);
  Shape shape;
  for (int more = random.pick(0, 2); more > 0; --more) shape.push_back(random.pick(1, 4));
  shape.push_back(count);
  Tensor indices{"indices", DType::int32, shape, {}, {}};
  std::vector<std::int32_t> elements(element_count(shape));
  for (std::size_t i = 0; i < elements.size(); ++i) elements[i] = random.pick(0, in.shape[i % count] - 1);
  if (type != DType::int16) set_values<std::int32_t>(indices, elements);
  return gathered_nd(in, indices);
}

static const Cases gather_nd_cases{{.op = "gather_nd", .types = numeric, .make = random_nd, .share = 2}};

TEST_CASE("gather_nd takes slices by numbers along the first dimensions") {
  CHECK(run(gathered_nd(part({2, 3}), picks({2, 2}, {0, 2, 1, 0})), {1, 2, 3, 4, 5, 6}) == Numbers{3, 4});
  CHECK(run(gathered_nd(part({2, 3}), picks({1, 1}, {1})), {1, 2, 3, 4, 5, 6}) == Numbers{4, 5, 6});
  CHECK(run(gathered_nd(part({2, 3}), picks({2}, {1, 1})), {1, 2, 3, 4, 5, 6}) == Numbers{5});
}

TEST_CASE("gather takes slices along an axis by their numbers") {
  CHECK(run(gathered(part({3, 2}), picks({2}, {2, 0}), 0), {1, 2, 3, 4, 5, 6}) == Numbers{5, 6, 1, 2});
  CHECK(run(gathered(part({2, 3}), picks({2}, {2, 2}), -1), {1, 2, 3, 4, 5, 6}) == Numbers{3, 3, 6, 6});
  CHECK(gathered(part({4, 3}), picks({2, 5}, Numbers(10)), 0).tensors[2].shape == Shape{2, 5, 3});
  CHECK(run(gathered(part({3, 2}), picks({}, {1}), 0), {1, 2, 3, 4, 5, 6}) == Numbers{3, 4});
}

TEST_CASE("gather takes other slices in each batch") {
  CHECK(run(gathered(part({2, 3}), picks({2, 1}, {0, 2}), 1, 1), {1, 2, 3, 4, 5, 6}) == Numbers{1, 6});
}

TEST_CASE("gather of computed numbers takes the nearest slice for those outside") {
  const Model model = gathered(part({3}), {"indices", DType::int64, {4}, {}, {}}, 0);
  CHECK(answer<std::int8_t>(model, std::vector<std::int8_t>{7, 8, 9}, std::vector<std::int64_t>{0, -5, 99, 1}) ==
        std::vector<std::int8_t>{7, 7, 9, 8});
}

TEST_CASE("gather of known rows needs those alone") {
  const Model model = gathered(part({1, 6, 2, 2}), picks({3}, {4, 0, 5}), 1);
  const auto rows = [&](int y) { return find_operator("gather")->rows(model, model.nodes[0], 0, y); };
  CHECK((rows(0).first == 4 && rows(0).count == 1));
  CHECK((rows(2).first == 5 && rows(2).count == 1));
}

TEST_CASE("gather_nd says what it cannot run") {
  CHECK_THAT(refusal_of(gathered_nd(part({3}), picks({1, 2}, {0, 0}), {1})),
             Contains("its indices 1x2 have more numbers than 3 has dimensions"));
  CHECK_THAT(refusal_of(gathered_nd(part({2, 3}), picks({1, 2}, {0, 3}), {1})), Contains("it takes slice 3 of 3"));
}

TEST_CASE("gather says what it cannot run") {
  CHECK_THAT(refusal_of(gathered(part({3}), picks({1}, {3}), 0)), Contains("it takes slice 3 of 3"));
  CHECK_THAT(refusal_of(gathered(part({3}), picks({1}, {0}), 1, 0, {1})), Contains("its axis is 1, and there are 1"));
  CHECK_THAT(refusal_of(gathered(part({2, 3}), picks({1}, {0}), 1, 1, {2})), Contains("its 1 batch dimensions"));
  CHECK_THAT(refusal_of(gathered(part({3}), {"indices", DType::float32, {1}, {}, {}}, 0)),
             Contains("its indices are float32, not int32 or int64"));
  CHECK_THAT(refusal_of(gathered(part({3}), {"indices", DType::int32, {1, 2, 2, 1}, {}, {}}, 0)),
             Contains("its indices 1x2x2x1 are computed row by row"));
}
