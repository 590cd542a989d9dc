#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Tensor paddings_of(const std::vector<std::int32_t>& elements) {
  return constant("paddings", DType::int32, {static_cast<int>(elements.size()) / 2, 2}, elements);
}

static Model padded(const Tensor& in, const Tensor& paddings) {
  return one_node("pad", {in, paddings}, {}, {{"out", in.dtype, {}, in.quantization, {}}});
}

static Tensor small(const Shape& shape, const Quantization& quantization = plain) {
  return {"in", DType::int8, shape, quantization, {}};
}

static Model random_pad(RandomModels& random, DType type, const std::string& op) {
  const Tensor in = random.tensor(type, random.shape());
  std::vector<std::int32_t> paddings;
  for (std::size_t i = 0; i < 2 * in.shape.size(); ++i) paddings.push_back(random.one_in(2) ? 0 : random.pick(0, 3));
  if (in.shape.size() == 4 && random.one_in(2)) paddings[0] = paddings[1] = 0;
  Tensor numbers = paddings_of(paddings);
  if (type == DType::int16 && random.one_in(2))  // of others TensorFlow Lite is asked, which takes none in this version
    numbers =
        constant("paddings", DType::int64, numbers.shape, std::vector<std::int64_t>(paddings.begin(), paddings.end()));
  std::vector<Tensor> inputs{in, numbers};
  if (op == "padv2") inputs.push_back(random.with_values({"value", type, {1}, in.quantization, {}}));
  return one_node(op, inputs, {}, {{"out", type, {}, in.quantization, {}}});
}

static const Cases pad_cases{
    {.op = "pad",
     .types = {DType::int8, DType::int16, DType::float32, DType::int32},
     .make = [](RandomModels& random, DType type) { return random_pad(random, type, "pad"); }}};
static const Cases padv2_cases{{.op = "padv2", .types = int8_int16_float, .make = [](RandomModels& random, DType type) {
                                  return random_pad(random, type, "padv2");
                                }}};

TEST_CASE("pad lays a frame of the zero point around the input") {
  CHECK(run(padded(small({2, 2}, {{0.5f}, {-7}}), paddings_of({1, 0, 0, 2})), {1, 2, 3, 4}) ==
        Numbers{-7, -7, -7, -7, 1, 2, -7, -7, 3, 4, -7, -7});
}

TEST_CASE("padv2 lays a frame of the value that it is given") {
  const Tensor value = constant("value", DType::int8, {}, std::vector<std::int8_t>{9}, plain);
  const Model model =
      one_node("padv2", {small({1, 1, 2, 1}), paddings_of({0, 0, 0, 1, 1, 0, 0, 0}), value}, {}, {small({})});
  CHECK(run(model, {1, 2}) == Numbers{9, 1, 2, 9, 9, 9});
}

TEST_CASE("pad's rows of padding need none of the input's, and wait for the nearest") {
  const Model model = padded(small({1, 3, 2, 1}), paddings_of({0, 0, 2, 1, 0, 0, 0, 0}));
  const auto rows = [&](int y) { return find_operator("pad")->rows(model, model.nodes[0], 0, y); };
  CHECK((rows(0).first == 0 && rows(0).count == 0));
  CHECK((rows(2).first == 0 && rows(2).count == 1));
  CHECK((rows(4).first == 2 && rows(4).count == 1));
  CHECK((rows(5).first == 2 && rows(5).count == 0));
}

TEST_CASE("pad says what it cannot run") {
  const auto refusal = [](const Tensor& paddings) {
    Model model = padded(small({2, 2}), paddings_of({0, 0, 0, 0}));
    model.tensors[1] = paddings;
    return refusal_of(model);
  };
  CHECK_THAT(refusal(paddings_of({0, 0})), Contains("its padding has 2 values, not 4"));
  CHECK_THAT(refusal(paddings_of({0, 0, -1, 0})), Contains("it pads by -1, not by 0 to 1048576"));
  CHECK_THAT(refusal(constant("p", DType::int64, {2, 2}, std::vector<std::int64_t>{0, INT64_MAX, 0, 0})),
             Contains("it pads by 9223372036854775807"));
  CHECK_THAT(refusal(constant("p", DType::float32, {2, 2}, std::vector<float>{0, 0, 0, 0})),
             Contains("its padding is float32, not int32 or int64"));
  CHECK_THAT(refusal(paddings_of({0, 0, 0, 1})), Contains("its output should be 2x3, and the file says 2x2"));
  CHECK_THAT(refusal({"p", DType::int32, {2, 2}, {}, {}}), Contains("its padding is not a constant"));
}

TEST_CASE("pad and padv2 change neither type nor quantization") {
  Model model = padded(small({2}), paddings_of({0, 1}));
  model.tensors[2].quantization = {{0.5f}, {0}};
  CHECK_THAT(refusal_of(model), Contains("its input and output are quantized differently"));
  model.tensors[2].dtype = DType::int16;
  CHECK_THAT(refusal_of(model), Contains("its input and output have different types"));
  model = padded(small({2}, {{1}, {300}}), paddings_of({0, 1}));
  CHECK_THAT(refusal_of(model), Contains("its input has the zero point 300, which int8 may not"));
  const Tensor other = constant("value", DType::int8, {}, std::vector<std::int8_t>{9}, {{0.5f}, {0}});
  CHECK_THAT(refusal_of(one_node("padv2", {small({2}), paddings_of({0, 1}), other}, {}, {small({3})})),
             Contains("the value it pads with is quantized otherwise than its input"));
}
