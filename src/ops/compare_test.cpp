#include <catch2/catch.hpp>

#include "ops/binary_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Truths = std::vector<std::uint8_t>;

static Model compared(const std::string& op, const Tensor& first, const Tensor& second) {
  return one_node(op, {first, second}, {}, {{"out", DType::boolean, {}, {}, {}}});
}

/// Half of the pairs of integers have one scale, and few values, so that some are equal.
static Model random_comparison(const std::string& op, RandomModels& random, DType type) {
  Model model =
      random_pairs(random, op, type, random.shape(), [](const Tensor& a, const Tensor&) { return a.quantization; });
  if (random.one_in(2)) model.tensors[1].quantization = model.tensors[0].quantization;
  model.tensors[2].dtype = DType::boolean;
  model.tensors[2].quantization = {};
  return model;
}

static Cases cases_of(const std::string& op) {
  std::vector<DType> types = numeric;
  if (op == "equal" || op == "not_equal") types.push_back(DType::boolean);
  return {{.op = op,
           .types = types,
           .make = [op](RandomModels& random, DType type) { return random_comparison(op, random, type); },
           .share = 4}};
}

static const Cases equal_cases = cases_of("equal");
static const Cases not_equal_cases = cases_of("not_equal");
static const Cases greater_cases = cases_of("greater");
static const Cases greater_equal_cases = cases_of("greater_equal");
static const Cases less_cases = cases_of("less");
static const Cases less_equal_cases = cases_of("less_equal");

template <typename Value>
static Truths truths(const std::string& op, DType type, const std::vector<Value>& a, const std::vector<Value>& b) {
  const auto tensor = [&](const std::vector<Value>& values) {
    return Tensor{"t", type, {static_cast<int>(values.size())}, type == DType::int8 ? plain : Quantization{}, {}};
  };
  Model model = compared(op, tensor(a), tensor(b));
  if (type == DType::int8)
    for (const int t : model.inputs) model.tensors[t].quantization.scale[0] = 0.5f;
  return answer<std::uint8_t>(model, a, b);
}

TEST_CASE("comparisons of int32, with one value compared with all") {
  const std::vector<std::int32_t> in{-5, 7, 9}, seven{7};
  CHECK(truths("equal", DType::int32, in, seven) == Truths{0, 1, 0});
  CHECK(truths("not_equal", DType::int32, in, seven) == Truths{1, 0, 1});
  CHECK(truths("greater", DType::int32, in, seven) == Truths{0, 0, 1});
  CHECK(truths("greater_equal", DType::int32, in, seven) == Truths{0, 1, 1});
  CHECK(truths("less", DType::int32, in, seven) == Truths{1, 0, 0});
  CHECK(truths("less_equal", DType::int32, in, seven) == Truths{1, 1, 0});
}

TEST_CASE("comparisons of floats: what is no number is equal to nothing, and neither less nor greater") {
  const std::vector<float> in{1, NAN}, one{1};
  CHECK(truths("equal", DType::float32, in, one) == Truths{1, 0});
  CHECK(truths("not_equal", DType::float32, in, one) == Truths{0, 1});
  CHECK(truths("less_equal", DType::float32, in, one) == Truths{1, 0});
}

TEST_CASE("comparisons of int8 are of what they stand for") {
  const auto of = [](const std::string& op, int a, const Quantization& first, int b, const Quantization& second) {
    const Model model = compared(op, {"a", DType::int8, {1}, first, {}}, {"b", DType::int8, {1}, second, {}});
    return run(model, {a, b})[0];
  };
  CHECK(of("equal", 10, {{0.5f}, {0}}, 22, {{0.25f}, {2}}) == 1);  // both 5
  CHECK(of("less", 9, {{0.5f}, {0}}, 22, {{0.25f}, {2}}) == 1);
  CHECK(of("greater", 10, {{0.5f}, {-100}}, 100, {{0.5f}, {0}}) == 1);  // 55 and 50
  CHECK(of("equal", 10, {{0.001f}, {0}}, 11, {{0.001f}, {0}}) ==
        1);  // apart by less than 1/256, as the reference has it
  CHECK(of("less", 10, {{0.5f}, {0}}, 10, {{0.5f}, {0}}) == 0);
}

TEST_CASE("comparisons say what they cannot run") {
  const auto tensor = [](DType type, const Quantization& quantization) {
    return Tensor{"t", type, {2}, quantization, {}};
  };
  CHECK_THAT(refusal_of(compared("less", tensor(DType::int8, plain), tensor(DType::int16, plain))),
             Contains("its inputs are int8 and int16"));
  CHECK_THAT(refusal_of(compared("less", tensor(DType::int64, {}), tensor(DType::int64, {}))),
             Contains("it makes bool of int64"));
  CHECK_THAT(refusal_of(compared("less", tensor(DType::int8, {{1e5f}, {0}}), tensor(DType::int8, plain))),
             Contains("the scale 100000 of its input is too large"));
  CHECK_THAT(refusal_of(compared("less", tensor(DType::int8, plain), tensor(DType::int8, {}))),
             Contains("its second input has 0 scales, not 1"));
}
