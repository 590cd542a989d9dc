// Every operator as emitted code on this machine, over many random layers of each of its types.
#include "compile/emitted_program.h"
#include "operators/case_per_operator.h"

using namespace dragonet;
using namespace dragonet::testing;

static std::vector<Model> models_of(const OperatorCases& cases, RandomModels& random) {
  std::vector<Model> models;
  for (const DType type : cases.types)
    for (int m = (type == DType::int8 ? 60 : 24) / cases.share; m > 0; --m) models.push_back(cases.make(random, type));
  for (const Model& model : models) check_supported(model);
  return models;
}

static void check_operator(const OperatorCases& cases) {
  RandomModels random(static_cast<unsigned>(std::hash<std::string>()(cases.op)));
  check_emitted_equals_reference(models_of(cases, random), random);
}

static const CasePerOperator emitted("{} as emitted equals its reference, over random layers of each of its types",
                                     "[slow]", check_operator);

TEST_CASE("every operator of the table has random layers") {
  for (const Operator* op : operators()) {
    INFO(op->name);
    CHECK(std::ranges::count(operator_cases(), op->name, &OperatorCases::op) == 1);
  }
}
