#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;
using Indices = std::vector<std::int32_t>;

static Model sliced(const Tensor& in, const Indices& begin, const Indices& end, const Indices& strides,
                    const Attributes& masks = {}, const Shape& out = {}) {
  return one_node("strided_slice", {in, numbers(begin), numbers(end), numbers(strides)}, masks,
                  {{"out", in.dtype, out, in.quantization, {}}});
}

static Tensor part(const Shape& shape) { return {"in", DType::int8, shape, plain, {}}; }

static Attributes mask(const char* name, std::int64_t bits) { return {{name, bits}}; }

namespace {
/// Of one dimension of `length`; at least one value is left. The last one backwards ends at -1, which only a mask says.
struct RandomRange {
  std::int32_t begin, end, stride;
  RandomRange(RandomModels& random, int length) {
    const int a = random.pick(0, length - 1), b = random.pick(0, length - 1);
    const bool backwards = a > b && b > 0;
    begin = backwards ? a : std::min(a, b), end = backwards ? b - 1 : std::max(a, b) + 1;
    stride = random.pick(1, 3) * (backwards ? -1 : 1);
    if (random.one_in(3)) begin -= length;
    if (random.one_in(3) && end < length) end -= length;
  }
};
}  // namespace

static Model random_strided_slice(RandomModels& random, DType type) {
  const Tensor in = random.tensor(type, random.shape());
  Indices begin, end, strides;
  std::map<std::string, std::int64_t> masks;
  for (std::size_t i = 0; i < in.shape.size(); ++i) {
    const RandomRange range(random, in.shape[i]);
    begin.push_back(range.begin), end.push_back(range.end), strides.push_back(range.stride);
    const bool shrinks = range.stride > 0 && i > 0 && random.one_in(6);
    masks["shrink_axis_mask"] |= std::int64_t{shrinks} << i;
    masks["begin_mask"] |= std::int64_t{!shrinks && random.one_in(4)} << i;
    masks["end_mask"] |= std::int64_t{random.one_in(4)} << i;
  }
  return sliced(in, begin, end, strides, Attributes(masks.begin(), masks.end()));
}

static const Cases strided_slice_cases{{.op = "strided_slice",
                                        .types = {DType::int8, DType::int16, DType::float32, DType::uint8},
                                        .make = random_strided_slice}};

TEST_CASE("strided_slice takes every so manieth value from begin to before end") {
  CHECK(run(sliced(part({6}), {1}, {5}, {2}), {0, 1, 2, 3, 4, 5}) == Numbers{1, 3});
  CHECK(run(sliced(part({2, 3}), {0, 1}, {2, 3}, {1, 1}), {1, 2, 3, 4, 5, 6}) == Numbers{2, 3, 5, 6});
}

TEST_CASE("strided_slice counts negative indices from the end, and stops where the input does") {
  CHECK(run(sliced(part({5}), {-3}, {-1}, {1}), {0, 1, 2, 3, 4}) == Numbers{2, 3});
  CHECK(run(sliced(part({5}), {-99}, {99}, {1}), {0, 1, 2, 3, 4}) == Numbers{0, 1, 2, 3, 4});
}

TEST_CASE("strided_slice goes backwards with a negative stride") {
  CHECK(run(sliced(part({5}), {4}, {0}, {-2}), {0, 1, 2, 3, 4}) == Numbers{4, 2});
  CHECK(run(sliced(part({5}), {0}, {0}, {-1}, {{"begin_mask", std::int64_t{1}}, {"end_mask", std::int64_t{1}}}),
            {0, 1, 2, 3, 4}) == Numbers{4, 3, 2, 1, 0});
}

TEST_CASE("strided_slice drops a dimension that it takes one index of, and adds new ones") {
  const Model dropped = sliced(part({2, 3}), {-1, 0}, {0, 3}, {1, 1}, mask("shrink_axis_mask", 1));
  CHECK(dropped.tensors[4].shape == Shape{3});
  CHECK(run(dropped, {1, 2, 3, 4, 5, 6}) == Numbers{4, 5, 6});
  const Model added = sliced(part({2, 3}), {0, 0, 1}, {2, 0, 2}, {1, 1, 1}, mask("new_axis_mask", 2));
  CHECK(added.tensors[4].shape == Shape{2, 1, 1});
  CHECK(run(added, {1, 2, 3, 4, 5, 6}) == Numbers{2, 5});
}

TEST_CASE("strided_slice's ellipsis stands for the dimensions that nothing else names") {
  const Model model = sliced(part({2, 2, 2}), {0, 1}, {0, 2}, {1, 1}, mask("ellipsis_mask", 1));
  CHECK(model.tensors[4].shape == Shape{2, 2, 1});
  CHECK(run(model, {1, 2, 3, 4, 5, 6, 7, 8}) == Numbers{2, 4, 6, 8});
}

TEST_CASE("strided_slice's end counts from its begin where the file says so") {
  CHECK(run(sliced(part({5}), {1}, {2}, {1}, mask("offset", 1)), {0, 1, 2, 3, 4}) == Numbers{1, 2});
}

TEST_CASE("strided_slice of rows needs only those that it takes") {
  const Model model = sliced(part({1, 8, 2, 1}), {0, 1, 0, 0}, {1, 8, 2, 1}, {1, 3, 1, 1});
  const auto rows = [&](int y) { return find_operator("strided_slice")->rows(model, model.nodes[0], 0, y); };
  CHECK((rows(0).first == 1 && rows(0).count == 1));
  CHECK((rows(2).first == 7 && rows(2).count == 1));
}

TEST_CASE("strided_slice says what it cannot run") {
  const Shape any{1};
  CHECK_THAT(refusal_of(sliced(part({5}), {0}, {5}, {0}, {}, any)), Contains("its stride 0 is 0"));
  CHECK_THAT(refusal_of(sliced(part({5}), {3}, {3}, {1}, {}, any)), Contains("it leaves nothing of dimension 0"));
  CHECK_THAT(refusal_of(sliced(part({5}), {7}, {8}, {1}, mask("shrink_axis_mask", 1), any)),
             Contains("it leaves nothing of dimension 0"));
  CHECK_THAT(refusal_of(sliced(part({5}), {0, 0}, {1, 1}, {1, 1}, {}, any)),
             Contains("it names 2 dimensions of its input, which is 5"));
  CHECK_THAT(refusal_of(sliced(part({5}), {0, 0}, {1, 1}, {1, 1}, mask("ellipsis_mask", 3), any)),
             Contains("it has two ellipses"));
  CHECK_THAT(refusal_of(sliced(part({5}), {0}, {1, 1}, {1}, {}, any)), Contains("its end has 2 values, not 1"));
  CHECK_THAT(refusal_of(sliced(part({5}), Indices(13), Indices(13), Indices(13), {}, any)),
             Contains("it has 13 indices; at most 12 are supported"));
  CHECK_THAT(refusal_of(sliced(part({5}), {0}, {3}, {1}, {}, {4})), Contains("its output should be 3"));
}
