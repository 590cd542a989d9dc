#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Attributes places(bool align_corners, bool half_pixel_centers) {
  return {{"align_corners", std::int64_t{align_corners}}, {"half_pixel_centers", std::int64_t{half_pixel_centers}}};
}

static Model random_model(RandomModels& random, DType type) {
  const Tensor in = random.tensor(type, random.image());
  const Tensor out{.name = "out", .dtype = type, .quantization = in.quantization};
  const int kind = random.pick(0, 2);
  return one_node("resize_bilinear", {in, numbers({random.pick(1, 12), random.pick(1, 12)})},
                  places(kind == 1, kind == 2), {out});
}

static const Cases resize_bilinear_cases{{.op = "resize_bilinear", .types = int8_int16_float, .make = random_model}};

/// One row of `in` pixels to one of `out`.
static Model row(int in, int out, const Attributes& attributes) {
  const Tensor image{.name = "in", .dtype = DType::int8, .shape = {1, 1, in, 1}, .quantization = plain};
  return one_node("resize_bilinear", {image, numbers({1, out})}, attributes,
                  {{.name = "out", .dtype = DType::int8, .quantization = plain}});
}

TEST_CASE("resize_bilinear puts new pixels in proportion between the old ones, the first on the first") {
  CHECK(run(row(2, 4, places(false, false)), {0, 100}) == Numbers{0, 50, 100, 100});
}

TEST_CASE("resize_bilinear with aligned corners puts the last pixel on the last") {
  CHECK(run(row(2, 5, places(true, false)), {0, 100}) == Numbers{0, 25, 50, 75, 100});
}

TEST_CASE("resize_bilinear with half-pixel centers goes on flat beyond the outer centers") {
  CHECK(run(row(2, 4, places(false, true)), {0, 100}) == Numbers{0, 25, 75, 100});
}

TEST_CASE("resize_bilinear rounds halves away from zero") {
  CHECK(run(row(2, 4, places(false, false)), {0, -1}) == Numbers{0, -1, -1, -1});
  CHECK(run(row(2, 4, places(false, false)), {0, 1}) == Numbers{0, 1, 1, 1});
}

TEST_CASE("resize_bilinear blends both ways, each channel by itself") {
  const Tensor image{.name = "in", .dtype = DType::int8, .shape = {1, 2, 2, 2}, .quantization = plain};
  const Model model = one_node("resize_bilinear", {image, numbers({3, 3})}, places(true, false),
                               {{.name = "out", .dtype = DType::int8, .quantization = plain}});
  CHECK(run(model, {0, 8, 40, 8, 20, 8, 100, 8}) ==
        Numbers{0, 8, 20, 8, 40, 8, 10, 8, 40, 8, 70, 8, 20, 8, 60, 8, 100, 8});
}

TEST_CASE("resize_bilinear says what it cannot run") {
  const auto refusal = [](auto change) {
    Model model = row(2, 4, places(false, false));
    change(model);
    return refusal_of(model);
  };
  enum { in, size, out };
  CHECK(refusal([](Model&) {}) == "");
  CHECK_THAT(refusal([](Model& m) { m.tensors[in].shape = {2, 1, 2, 1}; }), Contains("its input is 2x1x2x1, not one"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[in].shape = {2}; }), Contains("its input is 2, not one image"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[out].quantization.scale = {2}; }), Contains("different scales"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].attributes = places(true, true); }), Contains("at once"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].inputs = {0}; }), Contains("not two constant numbers"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[size].data.clear(); }), Contains("not two constant numbers"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[size] = numbers({1, 4, 1}); }), Contains("not two constant numbers"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[size] = numbers({1, 0}); }), Contains("it resizes 2 pixels to 0"));
  CHECK_THAT(refusal([](Model& m) {
               m.tensors[size] = numbers({1, 5});
             }),
             Contains("its output should be 1x1x5x1, and the file says 1x1x4x1"));
  CHECK_THAT(refusal([](Model& m) {
               m.tensors[in].shape = {1, 1, 3, 1}, m.tensors[size] = numbers({1, 2000});
             }),
             Contains("it resizes 3 pixels to 2000: so many that 10 bits lead past the end"));
}
