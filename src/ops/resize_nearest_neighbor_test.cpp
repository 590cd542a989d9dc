#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Model resized(const Tensor& in, std::int32_t height, std::int32_t width, const Attributes& attributes = {},
                     const Shape& out = {}) {
  return one_node("resize_nearest_neighbor", {in, numbers({height, width})}, attributes,
                  {{"out", in.dtype, out, in.quantization, {}}});
}

static Tensor part(const Shape& shape) { return {"in", DType::int8, shape, plain, {}}; }

static Attributes flag(const char* name) { return {{name, std::int64_t{1}}}; }

static Model random_resize(RandomModels& random, DType type) {
  const Attributes attributes{{"align_corners", std::int64_t{random.one_in(3)}},
                              {"half_pixel_centers", std::int64_t{random.one_in(3)}}};
  return resized(random.tensor(type, random.image()), random.pick(1, 20), random.pick(1, 20), attributes);
}

static const Cases resize_cases{{.op = "resize_nearest_neighbor", .types = int8_int16_float, .make = random_resize}};

TEST_CASE("resize_nearest_neighbor repeats values that it blows up, and leaves some out that it scales down") {
  CHECK(run(resized(part({1, 1, 2, 2}), 2, 4), {1, 2, 3, 4}) ==
        Numbers{1, 2, 1, 2, 3, 4, 3, 4, 1, 2, 1, 2, 3, 4, 3, 4});
  CHECK(run(resized(part({1, 1, 6, 1}), 1, 3), {0, 1, 2, 3, 4, 5}) == Numbers{0, 2, 4});
}

TEST_CASE("resize_nearest_neighbor measures from the pixels' middles, or lays the corners on each other, if told so") {
  CHECK(run(resized(part({1, 1, 6, 1}), 1, 3, flag("half_pixel_centers")), {0, 1, 2, 3, 4, 5}) == Numbers{1, 3, 5});
  CHECK(run(resized(part({1, 1, 6, 1}), 1, 3, flag("align_corners")), {0, 1, 2, 3, 4, 5}) == Numbers{0, 3, 5});
}

TEST_CASE("resize_nearest_neighbor needs one row for a row") {
  const Model model = resized(part({1, 3, 2, 1}), 6, 2);
  const Rows rows = find_operator("resize_nearest_neighbor")->rows(model, model.nodes[0], 0, 5);
  CHECK((rows.first == 2 && rows.count == 1));
}

TEST_CASE("resize_nearest_neighbor says what it cannot run") {
  const Shape any{1, 1, 1, 1};
  CHECK_THAT(refusal_of(resized(part({2, 2, 2, 1}), 4, 4, {}, any)), Contains("its input is 2x2x2x1, not an image"));
  CHECK_THAT(refusal_of(resized(part({1, 2, 2, 1}), 0, 4, {}, any)), Contains("it makes a side of 0, not 1 to 32767"));
  CHECK_THAT(refusal_of(resized(part({1, 2, 2, 1}), 4, 4, {}, any)), Contains("its output should be 1x4x4x1"));
  Model model = resized(part({1, 2, 2, 1}), 4, 4);
  model.tensors[1] = numbers({4});
  CHECK_THAT(refusal_of(model), Contains("its size has 1 values, not 2"));
}
