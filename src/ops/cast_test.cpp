#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

static Model cast_to(DType to, const Tensor& in) {
  return one_node("cast", {in}, {{"in_data_type", std::int64_t{0}}, {"out_data_type", std::int64_t{0}}},
                  {{"out", to, {}, {}, {}}});
}

static Model cast_from(DType from, DType to, int count) { return cast_to(to, {"in", from, {count}, {}, {}}); }

/// TensorFlow Lite is asked of those that it takes in and gives out.
static Model random_cast(RandomModels& random, DType type) {
  const std::vector<DType> to{DType::float32, DType::int32, DType::boolean, DType::int8, DType::int16, DType::int64};
  Tensor in = random.tensor(type, random.shape());
  in.quantization = {};
  return cast_to(to[random.pick(0, type == DType::int16 ? 5 : 2)], in);
}

static const Cases cast_cases{{.op = "cast",
                               .types = {DType::int8, DType::int32, DType::float32, DType::int16, DType::boolean},
                               .make = random_cast}};

TEST_CASE("cast keeps numbers, and cuts floats off towards 0") {
  CHECK(answer<std::int32_t>(cast_from(DType::float32, DType::int32, 4), std::vector<float>{1.9f, -1.9f, 0, 3}) ==
        std::vector<std::int32_t>{1, -1, 0, 3});
  CHECK(answer<float>(cast_from(DType::int8, DType::float32, 2), std::vector<std::int8_t>{-128, 7}) ==
        std::vector<float>{-128, 7});
  CHECK(answer<std::int64_t>(cast_from(DType::int32, DType::int64, 1), std::vector<std::int32_t>{-5}) ==
        std::vector<std::int64_t>{-5});
}

TEST_CASE("cast of what the type does not hold: floats become the nearest, integers wrap around") {
  CHECK(answer<std::int32_t>(cast_from(DType::float32, DType::int32, 4),
                             std::vector<float>{1e10f, -INFINITY, NAN, 2147483648.0f}) ==
        std::vector<std::int32_t>{INT32_MAX, INT32_MIN, 0, INT32_MAX});
  CHECK(answer<std::int8_t>(cast_from(DType::float32, DType::int8, 2), std::vector<float>{200, -200}) ==
        std::vector<std::int8_t>{127, -128});
  CHECK(answer<std::int8_t>(cast_from(DType::int32, DType::int8, 2), std::vector<std::int32_t>{257, 128}) ==
        std::vector<std::int8_t>{1, -128});
}

TEST_CASE("cast to bool asks whether it is 0, and from bool makes 0 and 1") {
  CHECK(answer<std::uint8_t>(cast_from(DType::float32, DType::boolean, 3), std::vector<float>{0, 0.25f, -0.0f}) ==
        std::vector<std::uint8_t>{0, 1, 0});
  CHECK(answer<float>(cast_from(DType::boolean, DType::float32, 2), std::vector<std::uint8_t>{0, 1}) ==
        std::vector<float>{0, 1});
}
