#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;
using Floats = std::vector<float>;

static Model function_of(const std::string& op, DType type, const Shape& shape, const Quantization& in,
                         const Quantization& out, const Attributes& attributes = {}) {
  return one_node(op, {{"in", type, shape, in, {}}}, attributes, {{"out", type, {}, out, {}}});
}

/// Of int8, inputs of -4 to 4 at most, and outputs that they mostly reach; where only positive inputs have a value,
/// those alone.
static Model random_function(const std::string& op, RandomModels& random, DType type) {
  const bool is_of_positive = op == "rsqrt" || op == "log" || op == "sqrt";
  Quantization in{{random.real(0.01f, 0.03f)}, {is_of_positive ? -128 : random.pick(-128, 127)}, 0};
  Quantization out{{random.real(0.01f, 0.1f)}, {random.pick(-128, 127)}, 0};
  if (type == DType::float32) in = out = {};
  Attributes attributes;
  if (op == "gelu") attributes["approximate"] = std::int64_t{random.one_in(2)};
  return function_of(op, type, random.shape(), in, out, attributes);
}

/// TensorFlow Lite takes most of floats alone; gelu and sign it does not know in this version.
static Cases cases_of(const std::string& op, const std::vector<DType>& unjudged) {
  return {{.op = op,
           .types = int8_and_float,
           .make = [op](RandomModels& random, DType type) { return random_function(op, random, type); },
           .unjudged = unjudged,
           .share = 5}};
}

static const Cases ceil_cases = cases_of("ceil", {DType::int8});
static const Cases cos_cases = cases_of("cos", {DType::int8});
static const Cases elu_cases = cases_of("elu", {});
static const Cases exp_cases = cases_of("exp", {DType::int8});
static const Cases floor_cases = cases_of("floor", {DType::int8});
static const Cases gelu_cases = cases_of("gelu", int8_and_float);
static const Cases log_cases = cases_of("log", {DType::int8});
static const Cases round_cases = cases_of("round", {DType::int8});
static const Cases rsqrt_cases = cases_of("rsqrt", {});
static const Cases sign_cases = cases_of("sign", int8_and_float);
static const Cases sin_cases = cases_of("sin", {DType::int8});
static const Cases sqrt_cases = cases_of("sqrt", {DType::int8});
static const Cases square_cases = cases_of("square", {DType::int8});

/// Of a float.
static float of(const std::string& op, float x, const Attributes& attributes = {}) {
  return answer<float>(function_of(op, DType::float32, {1}, {}, {}, attributes), Floats{x})[0];
}

TEST_CASE("functions of floats are the library's") {
  CHECK(of("ceil", 1.25f) == 2);
  CHECK(of("cos", 0) == 1);
  CHECK(of("elu", -1) == Approx(std::exp(-1.0) - 1));
  CHECK(of("elu", 2) == 2);
  CHECK(of("exp", 1) == Approx(2.718282));
  CHECK(of("floor", -1.25f) == -2);
  CHECK(of("gelu", 1) == Approx(0.841345));
  CHECK(of("gelu", 1, {{"approximate", std::int64_t{1}}}) == Approx(0.841192));
  CHECK(of("log", 1) == 0);
  CHECK(of("round", 2.5f) == 2);  // of two nearest the even one
  CHECK(of("round", 3.5f) == 4);
  CHECK(of("rsqrt", 4) == 0.5f);
  CHECK(of("sign", -0.5f) == -1);
  CHECK(of("sin", 0) == 0);
  CHECK(of("sqrt", 9) == 3);
  CHECK(of("square", -3) == 9);
}

TEST_CASE("functions of int8 are those of the reals that they stand for") {
  const Quantization quarters{{0.25f}, {-100}};  // -100 is 0
  const auto of_byte = [&](const std::string& op, int q, const Quantization& out) {
    return run(function_of(op, DType::int8, {1}, quarters, out), {q})[0];
  };
  CHECK(of_byte("exp", -96, {{0.1f}, {0}}) == 27);          // e
  CHECK(of_byte("square", -88, {{0.5f}, {-128}}) == -110);  // 9
  CHECK(of_byte("sqrt", -64, {{0.1f}, {0}}) == 30);
  CHECK(of_byte("elu", -104, {{0.01f}, {0}}) == -63);  // 1/e - 1
  CHECK(of_byte("log", -96, {{0.1f}, {5}}) == 5);
  CHECK(of_byte("exp", 127, {{0.1f}, {0}}) == 127);  // saturated
}

TEST_CASE("where a function of int8 has no value, the output is its least, and of rsqrt its largest") {
  const Quantization out{{0.1f}, {0}};
  CHECK(run(function_of("log", DType::int8, {2}, plain, out), {0, -5}) == Numbers{-128, -128});
  CHECK(run(function_of("sqrt", DType::int8, {2}, plain, out), {0, -5}) == Numbers{0, -128});
  CHECK(run(function_of("rsqrt", DType::int8, {4}, plain, out), {0, -5, 1, 4}) == Numbers{127, 127, 10, 5});
}

TEST_CASE("rsqrt of int8 is within one step of the exact value, for any scales") {
  for (const float in : {0.001f, 0.02f, 1.0f, 30.0f})
    for (const float out : {0.001f, 0.01f, 0.5f})
      for (int q = 1; q < 128; ++q) {
        const double exact = 1 / std::sqrt(double{in} * q) / out;
        CHECK(std::abs(run(function_of("rsqrt", DType::int8, {1}, {{in}, {0}}, {{out}, {0}}), {q})[0] -
                       std::min(exact, 127.0)) <= 1);
      }
}

TEST_CASE("functions of one real number say what they cannot run") {
  CHECK_THAT(refusal_of(function_of("exp", DType::int16, {1}, {{1}, {0}}, {{1}, {0}})),
             Contains("both must be the same of int8, float32"));
  CHECK_THAT(refusal_of(function_of("sin", DType::int8, {1}, {}, plain)), Contains("its input has 0 scales, not 1"));
}
