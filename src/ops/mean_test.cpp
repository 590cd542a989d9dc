#include <catch2/catch.hpp>
#include <cmath>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;
using Axes = std::vector<std::int32_t>;

static Model reduced(const std::string& op, const Tensor& in, const Axes& axes, bool keep_dims,
                     const Quantization& out = plain, const Shape& shape = {}) {
  return one_node(op, {in, numbers(axes)}, {{"keep_dims", std::int64_t{keep_dims}}},
                  {{"out", in.dtype, shape, out, {}}});
}

static Tensor part(const Shape& shape, const Quantization& quantization = plain) {
  return {"in", DType::int8, shape, quantization, {}};
}

/// Of int8 sums none is beyond the output's range: there TensorFlow Lite wraps around in this version.
static Quantization holds_sums(RandomModels& random, const Quantization& in, std::int64_t count) {
  const float factor = random.real(1.1f, 3);
  const auto zero_point = static_cast<std::int32_t>(std::lround(static_cast<float>(in.zero_point[0]) / factor));
  return {{in.scale[0] * factor * static_cast<float>(count)}, {zero_point}, 0};
}

/// A third of the means is quantized alike.
static Model random_reduction(RandomModels& random, DType type, const std::string& op) {
  const Tensor in = random.tensor(type, random.shape());
  const int rank = static_cast<int>(in.shape.size());
  Axes axes;
  for (int d = 0; d < rank; ++d)
    if (random.one_in(2)) axes.push_back(random.one_in(2) ? d : d - rank);
  if (axes.empty()) axes.push_back(rank - 1);
  const Quantization out = random.one_in(3) ? in.quantization : random.quantization(type);  // none of int32
  Model model = reduced(op, in, axes, random.one_in(2), out);
  if (op == "sum" && type == DType::int8)
    model.tensors[2].quantization =
        holds_sums(random, in.quantization, element_count(in.shape) / element_count(model.tensors[2].shape));
  return model;
}

static const Cases mean_cases{{.op = "mean", .types = numeric, .make = [](RandomModels& random, DType type) {
                                 return random_reduction(random, type, "mean");
                               }}};
static const Cases sum_cases{{.op = "sum", .types = numeric, .make = [](RandomModels& random, DType type) {
                                return random_reduction(random, type, "sum");
                              }}};

TEST_CASE("mean and sum work along any axes, which stay as 1 or go") {
  CHECK(run(reduced("sum", part({2, 3}), {1}, false), {1, 2, 3, 4, 5, 6}) == Numbers{6, 15});
  CHECK(run(reduced("sum", part({2, 3}), {-2}, false), {1, 2, 3, 4, 5, 6}) == Numbers{5, 7, 9});
  CHECK(run(reduced("mean", part({2, 3}), {0, 1, 0}, false), {1, 2, 3, 4, 5, 9}) == Numbers{4});
  CHECK(reduced("mean", part({2, 3}), {1}, true).tensors[2].shape == Shape{2, 1});
  CHECK(reduced("mean", part({2, 3}), {0, 1}, false).tensors[2].shape == Shape{});
}

TEST_CASE("mean rounds to nearest, halves of a fixed-point product upward") {
  CHECK(run(reduced("mean", part({2, 2}), {1}, false), {1, 2, -1, -2}) == Numbers{2, -1});
  CHECK(run(reduced("mean", part({1, 3}), {1}, false), {1, 1, 2}) == Numbers{1});
}

TEST_CASE("mean and sum follow the scales and zero points of both sides, and saturate") {
  const Quantization in{{0.5f}, {10}}, out{{0.25f}, {-20}};
  CHECK(run(reduced("mean", part({2}, in), {0}, false, out), {12, 16}) == Numbers{-12});  // 1 and 3: 2
  CHECK(run(reduced("sum", part({2}, in), {0}, false, out), {12, 16}) == Numbers{-4});
  CHECK(run(reduced("sum", part({2}, in), {0}, false, out), {127, 127}) == Numbers{127});
}

TEST_CASE("mean of int32 is cut off towards 0, and a sum wraps around") {
  const auto of = [](const std::string& op, const std::vector<std::int32_t>& in) {
    return answer<std::int32_t>(reduced(op, {"in", DType::int32, {3}, {}, {}}, {0}, false, {}), in);
  };
  CHECK(of("mean", {1, 2, 5}) == std::vector<std::int32_t>{2});
  CHECK(of("mean", {-1, -2, -5}) == std::vector<std::int32_t>{-2});
  CHECK(of("sum", {INT32_MAX, 1, 1}) == std::vector<std::int32_t>{INT32_MIN + 1});
}

TEST_CASE("mean over the height can take its rows as they come") {
  const auto emitted = [](const Shape& shape, const Axes& axes) {
    const Model model = reduced("mean", part(shape), axes, true);
    return find_operator("mean")->emit(model, model.nodes[0]);
  };
  CHECK(emitted({1, 8, 8, 5}, {1, 2}).state_bytes == 10);
  CHECK(emitted({1, 32, 32, 5}, {1, 2}).state_bytes == 20);
  CHECK(emitted({1, 8, 8, 5}, {2}).accumulate == "");
}

TEST_CASE("mean along the width needs one row for a row") {
  const Model model = reduced("mean", part({1, 4, 3, 2}), {2}, true);
  const Rows rows = find_operator("mean")->rows(model, model.nodes[0], 0, 3);
  CHECK((rows.first == 3 && rows.count == 1));
}

TEST_CASE("mean and sum say what they cannot run") {
  CHECK_THAT(refusal_of(reduced("mean", part({2, 3}), {2}, false, plain, {2})),
             Contains("its axis is 2, and there are 2 dimensions"));
  CHECK_THAT(refusal_of(reduced("mean", part({2, 3}), {1}, false, plain, {3})), Contains("its output should be 2"));
  CHECK_THAT(refusal_of(reduced("sum", part({2, 3}), {1}, false, {{1e-9f}, {0}})), Contains("overflows 32 bits"));
  Model model = reduced("sum", part({2, 3}), {1}, false);
  model.tensors[1].data.clear();
  CHECK_THAT(refusal_of(model), Contains("its axis is not a constant"));
  model.tensors[0].dtype = DType::int32;
  CHECK_THAT(refusal_of(model), Contains("its input is int32 and its output int8"));
}
