#include <catch2/catch.hpp>

#include "ops/binary_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

static Model random_choice(const std::string& op, RandomModels& random, DType type) {
  Model model =
      random_pairs(random, op, type, random.shape(), [](const Tensor& a, const Tensor&) { return a.quantization; });
  model.tensors[1].quantization = model.tensors[0].quantization;
  return model;
}

static Cases cases_of(const std::string& op) {
  return {{.op = op, .types = numeric, .make = [op](RandomModels& random, DType type) {
             return random_choice(op, random, type);
           }}};
}

static const Cases maximum_cases = cases_of("maximum");
static const Cases minimum_cases = cases_of("minimum");

TEST_CASE("maximum and minimum take the larger and the smaller of two values") {
  const std::vector<int> in{-128, 5, 127, 127, 4, -1};
  const std::vector<std::int8_t> bytes(in.begin(), in.end());
  CHECK(of_plain<std::int8_t>("maximum", DType::int8, {3}, {3}, bytes) == std::vector<std::int8_t>{127, 5, 127});
  CHECK(of_plain<std::int8_t>("minimum", DType::int8, {3}, {3}, bytes) == std::vector<std::int8_t>{-128, 4, -1});
  CHECK(of_plain<float>("maximum", DType::float32, {2, 2}, {1}, {-1, 2, 0.5f, 0, 0.25f}, {}) ==
        std::vector<float>{0.25f, 2, 0.5f, 0.25f});
}

TEST_CASE("maximum says what it cannot run") {
  const auto of = [](const Quantization& second, const Quantization& out) {
    return one_node("maximum", {{"a", DType::int8, {2}, plain, {}}, {"b", DType::int8, {2}, second, {}}}, {},
                    {{"out", DType::int8, {2}, out, {}}});
  };
  CHECK(refusal_of(of(plain, plain)) == "");
  CHECK_THAT(refusal_of(of({{0.5f}, {0}}, plain)), Contains("its input b has the scale 0.5 and zero point 0, and its "
                                                            "output 1 and 0; it compares integers of one scale"));
  CHECK_THAT(refusal_of(of(plain, {{1}, {3}})), Contains("its input a has the scale 1 and zero point 0"));
}
