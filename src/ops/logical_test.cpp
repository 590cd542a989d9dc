#include <catch2/catch.hpp>

#include "ops/binary_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Truths = std::vector<std::uint8_t>;

static Cases cases_of_two(const std::string& op) {
  const auto none_of_bool = [](const Tensor&, const Tensor&) { return Quantization{}; };
  return {
      {.op = op,
       .types = {DType::boolean},
       .make = [op, none_of_bool](RandomModels& random,
                                  DType type) { return random_pairs(random, op, type, random.shape(), none_of_bool); },
       .share = 2}};
}

static Model inverse_of(const Tensor& in) { return one_node("logical_not", {in}, {}, {{"out", in.dtype, {}, {}, {}}}); }

static const Cases and_cases = cases_of_two("logical_and");
static const Cases or_cases = cases_of_two("logical_or");
static const Cases not_cases{
    {.op = "logical_not", .types = {DType::boolean}, .make = [](RandomModels& random, DType type) {
       return inverse_of(random.tensor(type, random.shape()));
     }}};

TEST_CASE("logical_and, logical_or and logical_not") {
  const Tensor truths{"t", DType::boolean, {4}, {}, {}};
  const Truths a{0, 0, 1, 1}, b{0, 1, 0, 1};
  const auto of = [&](const std::string& op) {
    return answer<std::uint8_t>(one_node(op, {truths, truths}, {}, {{"out", DType::boolean, {}, {}, {}}}), a, b);
  };
  CHECK(of("logical_and") == Truths{0, 0, 0, 1});
  CHECK(of("logical_or") == Truths{0, 1, 1, 1});
  CHECK(answer<std::uint8_t>(inverse_of(truths), b) == Truths{1, 0, 1, 0});
}

TEST_CASE("logic is of bools") {
  CHECK_THAT(refusal_of(inverse_of({"t", DType::int8, {4}, plain, {}})), Contains("both must be the same of bool"));
}
