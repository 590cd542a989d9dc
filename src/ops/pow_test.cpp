#include <catch2/catch.hpp>

#include "ops/binary_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Integers = std::vector<std::int32_t>;

/// To a constant power: of integers none is negative, of which little is left; of floats whole ones too, so that
/// negative bases have powers.
static Model random_power(RandomModels& random, DType type) {
  const auto no_scale = [](const Tensor&, const Tensor&) { return Quantization{}; };
  Model model = random_pairs(random, "pow", type, random.shape(), no_scale);
  model.tensors[0].data.clear(), model.inputs = {0};
  Tensor& exponent = model.tensors[1];
  std::vector<std::int32_t> integers(element_count(exponent.shape));
  for (std::int32_t& integer : integers) integer = random.pick(0, 5);
  std::vector<float> reals(integers.begin(), integers.end());
  for (float& real : reals) real = random.one_in(2) ? real - 2 : random.real(-2, 4);
  type == DType::int32 ? set_values<std::int32_t>(exponent, integers) : set_values<float>(exponent, reals);
  return model;
}

/// Of int32 TensorFlow Lite goes through floats, and saturates.
static const Cases pow_cases{
    {.op = "pow", .types = {DType::int32, DType::float32}, .make = random_power, .unjudged = {DType::int32}}};

TEST_CASE("pow raises the first to the power of the second") {
  CHECK(of_plain<std::int32_t>("pow", DType::int32, {4}, {4}, {3, -2, 7, 2, 4, 3, 0, 33}, {}) ==
        Integers{81, -8, 1, 0});  // the last wraps around
  CHECK(of_plain<float>("pow", DType::float32, {3}, {1}, {3, -3, 0.5f, 2}, {}) == std::vector<float>{9, 9, 0.25f});
}

TEST_CASE("pow of int32 to a negative power is what is left of a fraction, cut off") {
  CHECK(of_plain<std::int32_t>("pow", DType::int32, {4}, {1}, {1, -1, 2, 0, -3}, {}) == Integers{1, -1, 0, 0});
}

TEST_CASE("pow says what it cannot run") {
  const Tensor bytes{"t", DType::int8, {2}, plain, {}};
  CHECK_THAT(refusal_of(one_node("pow", {bytes, bytes}, {}, {bytes})), Contains("must be the same of int32, float32"));
}
