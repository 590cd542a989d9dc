#include <catch2/catch.hpp>

#include "ops/op_cases.h"
#include "ops/variable_models.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

/// Gives the input of the inference before.
static Model random_model(RandomModels& random, DType type) {
  const Tensor form = random_form(random, type);
  VariableModel model(form, random_first(random, form));
  const int old = model.read();
  model.assign(0);
  return model.giving({old});
}

static const Cases read_cases{{.op = "read_variable",
                               .types = numeric,
                               .make = random_model,
                               .judged_within = -1}};  // but in tests/state_test.cpp

static Numbers in_turn(const Model& model, const Numbers& inputs) {
  check_supported(model);
  ModelState state = initial_state(model);
  Numbers outputs;
  for (const int value : inputs)
    outputs.push_back(static_cast<std::int8_t>(reference_output(model, bytes_of({value}), state)[0]));
  return outputs;
}

static Tensor one_byte(const Quantization& quantization) {
  return {.name = "x", .dtype = DType::int8, .shape = {1, 1}, .quantization = quantization};
}

TEST_CASE("read_variable gives what the inference before assigned, and at first what the variable begins with") {
  VariableModel delay(one_byte(plain), {42});
  const int old = delay.read();
  delay.assign(0);
  CHECK(in_turn(delay.giving({old}), {1, 2, 3}) == Numbers{42, 1, 2});
}

TEST_CASE("a variable of int8 that nothing initializes begins with what stands for zero") {
  VariableModel delay(one_byte({{0.5f}, {7}}));
  const int old = delay.read();
  delay.assign(0);
  CHECK(in_turn(delay.giving({old}), {1, 2}) == Numbers{7, 1});
}

TEST_CASE("read_variable says what it cannot run") {
  VariableModel delay(one_byte(plain));
  Model model = delay.giving({delay.read()});
  CHECK(refusal_of(model) == "");
  model.tensors[model.outputs[0]].shape = {1, 2};
  CHECK_THAT(refusal_of(model), Contains("its variable v is int8 1x1, and its values are int8 1x2"));
  model.nodes[0].inputs = {0};
  CHECK_THAT(refusal_of(model), Contains("its input 0 is not a variable"));
}
