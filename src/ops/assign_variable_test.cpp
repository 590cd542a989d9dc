#include <catch2/catch.hpp>

#include "ops/op_cases.h"
#include "ops/variable_models.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

/// Assigned before and after it is read: gives its input, beside what the variable held.
static Model random_model(RandomModels& random, DType type) {
  const Tensor form = random_form(random, type);
  VariableModel model(form, random_first(random, form));
  const int old = model.read();
  model.assign(0);
  const int now = model.read();
  if (random.one_in(2)) model.assign(old);
  return model.giving(random.one_in(2) ? std::vector<int>{now, old} : std::vector<int>{old, now});
}

static const Cases assign_cases{{.op = "assign_variable",
                                 .types = numeric,
                                 .make = random_model,
                                 .judged_within = -1}};  // but in tests/state_test.cpp

TEST_CASE("a read after an assignment sees the new value, one before it the old one") {
  VariableModel twice({.name = "x", .dtype = DType::int8, .shape = {1, 1}, .quantization = plain}, {9});
  const int first = twice.read();
  twice.assign(0);
  const int second = twice.read();
  twice.assign(first);
  const int third = twice.read();
  const Model model = twice.giving({first, second, third});
  check_supported(model);
  ModelState state = initial_state(model);
  for (const int x : {1, 2, 3}) {
    const TensorBytes bytes = run_reference(model, bytes_of({x}), state);
    CHECK(bytes[first] == Bytes{9});  // the last assignment puts back what was first
    CHECK(bytes[second] == bytes_of({x}));
    CHECK(bytes[third] == Bytes{9});
  }
}

TEST_CASE("assign_variable says what it cannot run") {
  VariableModel keep({.name = "x", .dtype = DType::int8, .shape = {1, 4}, .quantization = plain});
  keep.assign(0);
  Model model = keep.giving({2});
  CHECK(refusal_of(model) == "");
  model.tensors[1].shape = {1, 2};
  CHECK_THAT(refusal_of(model), Contains("its variable v is int8 1x2, and its values are int8 1x4"));
  model.nodes[0].inputs = {1, -1};
  CHECK_THAT(refusal_of(model), Contains("its input is missing"));
}
