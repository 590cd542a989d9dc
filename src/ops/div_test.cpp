#include <catch2/catch.hpp>

#include "ops/binary_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Integers = std::vector<std::int32_t>;

/// Divided by a constant without zeros, which TensorFlow Lite refuses; of int8, which it does not know, by anything
/// computed, too.
static Model random_quotient(const std::string& op, RandomModels& random, DType type) {
  const auto out = [&](const Tensor& a, const Tensor& b) -> Quantization {
    return {{a.quantization.scale[0] / b.quantization.scale[0] * random.real(0.02f, 2)}, {random.pick(-128, 127)}, 0};
  };
  Model model = random_pairs(random, op, type, random.shape(), out,
                             op == "div" ? activation(random.pick(none, relu6)) : Attributes{});
  Tensor& divisor = model.tensors[1];
  if (type == DType::int8) {
    const auto zero = static_cast<std::uint8_t>(divisor.quantization.zero_point[0]);
    std::ranges::replace(divisor.data, zero, static_cast<std::uint8_t>(zero + 1));
    return model;
  }
  divisor = random.with_values(divisor);
  std::vector<std::int32_t> integers(element_count(divisor.shape));
  for (std::int32_t& integer : integers) integer = random.pick(1, 20) * (random.one_in(2) ? 1 : -1);
  std::vector<float> reals(integers.begin(), integers.end());
  for (float& real : reals) real /= 4;
  type == DType::int32 ? set_values<std::int32_t>(divisor, integers) : set_values<float>(divisor, reals);
  model.inputs = model.tensors[0].is_constant() ? std::vector<int>{} : std::vector<int>{0};
  if (model.inputs.empty()) model.tensors[0].data.clear(), model.inputs = {0};
  return model;
}

static Cases cases_of(const std::string& op, const std::vector<DType>& types, const std::vector<DType>& unjudged) {
  return {{.op = op,
           .types = types,
           .make = [op](RandomModels& random, DType type) { return random_quotient(op, random, type); },
           .unjudged = unjudged,
           .share = 2}};
}

static const Cases div_cases = cases_of("div", {DType::int8, DType::int32, DType::float32}, {DType::int8});
static const Cases floor_div_cases = cases_of("floor_div", {DType::int32, DType::float32}, {});
static const Cases floor_mod_cases = cases_of("floor_mod", {DType::int32, DType::float32}, {});

TEST_CASE("div divides what its inputs stand for, whatever their scales and zero points") {
  const Quantization half{{0.5f}, {0}};
  CHECK(of_two("div", 40, half, 8, {{0.25f}, {0}}, plain) == 10);     // 20 / 2
  CHECK(of_two("div", 30, {{0.5f}, {-10}}, -4, plain, plain) == -5);  // 20 / -4
  CHECK(of_two("div", 7, plain, 2, plain, {{0.5f}, {-20}}) == -13);   // 3.5
  CHECK(of_two("div", 127, plain, 1, {{0.01f}, {0}}, plain) == 127);  // saturated
  CHECK(of_two("div", 100, plain, 3, plain, {{100}, {7}}) == 7);      // a third of a step
}

TEST_CASE("div of one step below the zero point, which shifts to the least number") {
  for (const float out : {0.01f, 0.1f, 0.25f}) {
    CHECK(of_two("div", -1, plain, 2, plain, {{out}, {0}}) == std::lround(-0.5 / out));
    CHECK(of_two("div", 1, plain, -2, plain, {{out}, {0}}) == std::lround(-0.5 / out));
  }
}

TEST_CASE("div by 0 is the largest or the least, and 0 of 0") {
  CHECK(of_two("div", 5, plain, 0, plain, plain) == 127);
  CHECK(of_two("div", -5, plain, 3, {{1}, {3}}, plain) == -128);
  CHECK(of_two("div", 0, plain, 0, plain, {{1}, {-7}}) == -7);
  CHECK(of_plain<std::int32_t>("div", DType::int32, {3}, {1}, {5, -5, 0, 0}, {}) == Integers{INT32_MAX, INT32_MIN, 0});
}

TEST_CASE("div of int8 is within one step of the exact value") {
  for (const float out : {0.02f, 0.5f, 3.0f})
    for (int a = -128; a < 128; a += 5)
      for (int b = -128; b < 128; b += 3) {
        if (b == 4) continue;
        const double exact = (a - 1) * 0.5 / ((b - 4) * 0.25) / out;
        const int q = of_two("div", a, {{0.5f}, {1}}, b, {{0.25f}, {4}}, {{out}, {0}});
        CHECK(std::abs(q - std::clamp(exact, -128.0, 127.0)) <= 1);
      }
}

TEST_CASE("div of int32 is cut off towards 0, floor_div goes to the smaller, floor_mod leaves the rest") {
  const Integers in{7, -7, 7, -7, 2, 2, -2, -2};
  const auto of = [&](const std::string& op) { return of_plain<std::int32_t>(op, DType::int32, {4}, {4}, in, {}); };
  CHECK(of("div") == Integers{3, -3, -3, 3});
  CHECK(of("floor_div") == Integers{3, -4, -4, 3});
  CHECK(of("floor_mod") == Integers{1, 1, -1, -1});
  CHECK(of_plain<std::int32_t>("floor_mod", DType::int32, {2}, {2}, {7, INT32_MIN, 0, -1}, {}) == Integers{0, 0});
  CHECK(of_plain<std::int32_t>("div", DType::int32, {1}, {1}, {INT32_MIN, -1}, {}) == Integers{INT32_MIN});
}

TEST_CASE("div, floor_div and floor_mod of floats") {
  const std::vector<float> in{7, -7.5f, 2, 2};
  const auto of = [&](const std::string& op) { return of_plain<float>(op, DType::float32, {2}, {2}, in, {}); };
  CHECK(of("div") == std::vector<float>{3.5f, -3.75f});
  CHECK(of("floor_div") == std::vector<float>{3, -4});
  CHECK(of("floor_mod") == std::vector<float>{1, 0.5f});
}

TEST_CASE("div says what it cannot run") {
  const auto quotient = [](const std::string& op, DType type, const Quantization& in, const Quantization& out) {
    return one_node(op, {{"a", type, {2}, in, {}}, {"b", type, {2}, plain, {}}}, {}, {{"out", type, {2}, out, {}}});
  };
  CHECK_THAT(refusal_of(quotient("div", DType::int8, plain, {{1e-9f}, {0}})), Contains("its scales make quotients"));
  CHECK_THAT(refusal_of(quotient("div", DType::int16, plain, plain)), Contains("the same of int8, int32, float32"));
  Model by_constant = quotient("div", DType::int8, plain, plain);
  by_constant.tensors[1] = constant("b", DType::int8, {2}, std::vector<std::int8_t>{3, 0}, plain);
  CHECK_THAT(refusal_of(by_constant), Contains("its divisor b is a constant that is 0 somewhere"));
  CHECK_THAT(refusal_of(quotient("floor_div", DType::int8, plain, plain)), Contains("the same of int32, float32"));
}
