// Every operator on the virtual boards: some random layers of each of its types, all in one firmware image.
#include "board/many_models.h"
#include "operators/case_per_operator.h"

using namespace dragonet;
using namespace dragonet::testing;

static constexpr int most_models = 5, least_models = 2, inputs_each = 4;

static std::vector<Model> models_of(const OperatorCases& cases, RandomModels& random) {
  std::vector<Model> models;
  for (const DType type : cases.types)
    for (int m = std::max(most_models / cases.share, least_models); m > 0; --m)
      models.push_back(cases.make(random, type));
  return models;
}

static void check_operator_on(const Board& board, const OperatorCases& cases) {
  RandomModels random(77);
  std::vector<Model> models = models_of(cases, random);
  const ModelAnswers expected = reference_answers(models, random, inputs_each);
  check_answers(models, run_all_on_board(models, board, expected.inputs, inputs_each), expected, inputs_each);
}

static void check_operator(const OperatorCases& cases) {
  for (const Board& board : boards())
    if (board.id.starts_with("virtual-")) DYNAMIC_SECTION(board.id) {
        check_operator_on(board, cases);
      }
}

static const CasePerOperator on_boards(
    "{} answers on the virtual boards as its reference does, byte for byte in integers", "[board]", check_operator);
