#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;
using Axes = std::vector<std::int32_t>;

static Model best_of(const std::string& op, const Tensor& in, const Axes& axes, bool keep_dims) {
  return one_node(op, {in, numbers(axes)}, {{"keep_dims", std::int64_t{keep_dims}}},
                  {{"out", in.dtype, {}, in.quantization, {}}});
}

static Tensor part(const Shape& shape, DType type = DType::int8) {
  return {"in", type, shape, type == DType::int8 ? plain : Quantization{}, {}};
}

static Model random_best(RandomModels& random, DType type, const std::string& op) {
  const Tensor in = random.tensor(type, random.shape());
  const int rank = static_cast<int>(in.shape.size());
  Axes axes;
  for (int d = 0; d < rank; ++d)
    if (random.one_in(2)) axes.push_back(random.one_in(2) ? d : d - rank);
  if (axes.empty()) axes.push_back(rank - 1);
  return best_of(op, in, axes, random.one_in(2));
}

static Cases cases_of(const std::string& op, const std::vector<DType>& types) {
  return {{.op = op,
           .types = types,
           .make = [op](RandomModels& random, DType type) { return random_best(random, type, op); },
           .share = 3}};
}

static const Cases max_cases = cases_of("reduce_max", numeric);
static const Cases min_cases = cases_of("reduce_min", numeric);
static const Cases any_cases = cases_of("reduce_any", {DType::boolean});
static const Cases all_cases = cases_of("reduce_all", {DType::boolean});

TEST_CASE("reduce_max and reduce_min find the largest and the least along any axes, which stay as 1 or go") {
  const Numbers in{1, -2, 3, 4, 127, -128};
  CHECK(run(best_of("reduce_max", part({2, 3}), {1}, false), in) == Numbers{3, 127});
  CHECK(run(best_of("reduce_min", part({2, 3}), {0}, false), in) == Numbers{1, -2, -128});
  CHECK(run(best_of("reduce_max", part({2, 3}), {-1, 0}, false), {-7, -7, -9, -8, -7, -9}) == Numbers{-7});
  CHECK(best_of("reduce_max", part({2, 3}), {1}, true).tensors[2].shape == Shape{2, 1});
}

TEST_CASE("reduce_max and reduce_min of int32 and of floats, the ends of their types too") {
  CHECK(answer<std::int32_t>(best_of("reduce_max", part({2}, DType::int32), {0}, false), Axes{INT32_MIN, INT32_MIN}) ==
        Axes{INT32_MIN});
  CHECK(answer<float>(best_of("reduce_min", part({2}, DType::float32), {0}, false),
                      std::vector<float>{INFINITY, 1e30f}) == std::vector<float>{1e30f});
}

TEST_CASE("reduce_any and reduce_all say whether one or each is true") {
  const std::vector<std::uint8_t> in{0, 1, 0, 0, 1, 1};
  const Tensor truths = part({3, 2}, DType::boolean);
  CHECK(answer<std::uint8_t>(best_of("reduce_any", truths, {1}, false), in) == std::vector<std::uint8_t>{1, 0, 1});
  CHECK(answer<std::uint8_t>(best_of("reduce_all", truths, {1}, false), in) == std::vector<std::uint8_t>{0, 0, 1});
}

TEST_CASE("reduce_max over the height can take its rows as they come") {
  const Model model = best_of("reduce_max", part({1, 8, 8, 5}), {1, 2}, true);
  CHECK(find_operator("reduce_max")->emit(model, model.nodes[0]).state_bytes == 5);
}

TEST_CASE("reduce_max and its like say what they cannot run") {
  Model model = best_of("reduce_max", part({2, 3}), {1}, false);
  model.tensors[2].quantization = {{0.5f}, {0}};
  CHECK_THAT(refusal_of(model), Contains("its input and output are quantized differently"));
  CHECK_THAT(refusal_of(best_of("reduce_max", part({2, 3}, DType::boolean), {1}, false)),
             Contains("its input is bool, not int8, int16, int32 or float32"));
  CHECK_THAT(refusal_of(best_of("reduce_any", part({2, 3}), {1}, false)), Contains("its input is int8, not bool"));
  model = best_of("reduce_min", part({2, 3}), {1}, false);
  model.tensors[1] = numbers({2});
  CHECK_THAT(refusal_of(model), Contains("its axis is 2, and there are 2 dimensions"));
}
