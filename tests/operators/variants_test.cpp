// Every variant of a kernel on random layers that it is for: its C++ on this machine, and, on the virtual board of its
// core, its instructions.
#include "board/core.h"
#include "board/many_models.h"
#include "made_cases.h"

using namespace dragonet;
using namespace dragonet::testing;

/// Wider and deeper than RandomModels' own, so that all lanes, runs and ends of kernels are met.
static Shape shape_for(const Operator& op, RandomModels& random) {
  if (op.name == std::string("fully_connected")) return {1, random.pick(1, 90)};
  return {1, random.pick(2, 6), random.one_in(3) ? random.pick(1, 3) : random.pick(2, 20), random.pick(1, 24)};
}

/// As they are, weights use all of int8, so that sums of few of them reach far; smaller ones make long runs.
static void shrink_weights(Model& model, int shift) {
  const Node& node = model.nodes.back();
  const Operands operands = operands_of(node);
  if (node.op == "add" || node.op == "sub" || !model.has_input(node, operands.weights)) return;
  Tensor& weights = model.tensors[node.inputs[operands.weights]];
  for (std::uint8_t& byte : weights.data) byte = static_cast<std::uint8_t>(static_cast<std::int8_t>(byte) >> shift);
}

static Model model_for(const Operator& op, const Variant& variant, RandomModels& random) {
  for (;;) {
    Model model = random.node_on(op.name, shape_for(op, random));
    shrink_weights(model, random.pick(0, 5));
    if (variant.applies(model, model.nodes.back())) return model;
  }
}

static std::vector<Model> models_for(const Operator& op, const Variant& variant, RandomModels& random, int count) {
  std::vector<Model> models;
  for (; count > 0; --count) models.push_back(model_for(op, variant, random));
  return models;
}

static const Board& board_of(KernelCore core) {
  for (const Board& board : boards())
    if (board.id.starts_with("virtual-") && core_of(board).kernels == core) return board;
  throw Error({"boards", "none is made up for that core", "add one to boards.cpp"});
}

static void check_on_board(const Operator& op, const Variant& variant) {
  constexpr int inputs_each = 4;
  RandomModels random(501);
  std::vector<Model> models = models_for(op, variant, random, 10);
  const ModelAnswers expected = reference_answers(models, random, inputs_each);
  const Bytes answered = run_all_on_board(models, board_of(variant.core), expected.inputs, inputs_each,
                                          {Optimize::balanced, variant.core});
  check_answers(models, answered, expected, inputs_each);
}

static const MadeCases each([] {
  for (const Operator* op : operators())
    for (const Variant& variant : op->variants) {
      const std::string name =
          fmt::format("{}, {}, on {}", op->name, variant.name, board_of(variant.core).id.substr(8));
      make_case(name + ": its C++ answers as the reference does", "", [op, &variant] {
        RandomModels random(500);
        check_emitted_equals_reference(models_for(*op, variant, random, 24), random,
                                       {Optimize::balanced, variant.core});
      });
      make_case(name + ": the board answers as the reference does", "[board]",
                [op, &variant] { check_on_board(*op, variant); });
    }
});
