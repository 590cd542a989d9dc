#include "compile/memory_plan.h"

#include <catch2/catch.hpp>

#include "ops/op_test.h"

using namespace dragonet;
using namespace dragonet::testing;

namespace {

/// A graph in which only sizes and names of operators matter to the planner: nodes that read any of the earlier
/// tensors.
Model random_graph(RandomModels& random) {
  Model model{.inputs = {0}};
  model.tensors.push_back({.dtype = DType::int8, .shape = {1, random.pick(1, 300)}});
  const int nodes = random.pick(1, 12);
  for (int i = 0; i < nodes; ++i) {
    const int last = static_cast<int>(model.tensors.size()) - 1;
    const bool is_alias = random.one_in(3);
    Node node{.op = is_alias ? "reshape" : "conv_2d", .index = i, .inputs = {random.pick(0, last)}};
    if (!is_alias && random.one_in(2)) node.inputs.push_back(random.pick(0, last));  // a branch joins
    if (!is_alias && random.one_in(4)) node.inputs.push_back(-1);
    node.outputs = {last + 1};
    const Shape shape{1, random.pick(1, 300)};
    model.tensors.push_back({.dtype = DType::int8, .shape = is_alias ? model.input(node, 0).shape : shape});
    model.nodes.push_back(node);
  }
  model.outputs = {random.pick(1, static_cast<int>(model.tensors.size()) - 1)};
  return model;
}

std::vector<std::size_t> random_scratch(RandomModels& random, const Model& model) {
  std::vector<std::size_t> scratch(model.nodes.size());
  for (std::size_t& bytes : scratch) bytes = random.one_in(2) ? random.pick(1, 200) : 0;
  return scratch;
}

/// What lies where, said without the planner's blocks: each byte's owner, as the nodes run one after another.
/// A tensor is known by what made its bytes; in-place operators hand them on.
class Memory {
 public:
  Memory(const Model& model, const MemoryPlan& plan) : model_(model), plan_(plan), owner_(plan.bytes, -1) {}

  void write(int tensor, int value) { fill(plan_.offsets[tensor], model_.tensors[tensor].bytes(), value); }
  void fill(std::size_t offset, std::size_t bytes, int value) {
    REQUIRE(offset % 4 == 0);
    REQUIRE(offset + bytes <= owner_.size());
    std::fill_n(owner_.begin() + offset, bytes, value);
  }
  bool holds(int tensor, int value) const {
    const auto first = owner_.begin() + plan_.offsets[tensor];
    return std::all_of(first, first + model_.tensors[tensor].bytes(), [&](int owner) { return owner == value; });
  }

 private:
  const Model& model_;
  const MemoryPlan& plan_;
  std::vector<int> owner_;
};

void check_every_read(const Model& model, const std::vector<std::size_t>& scratch, const MemoryPlan& plan) {
  Memory memory(model, plan);
  std::vector<int> value(model.tensors.size());  // that a tensor's bytes have
  memory.write(0, value[0] = 0);
  for (const Node& node : model.nodes) {
    const int out = node.outputs[0];
    if (node.op == "reshape") {
      value[out] = value[node.inputs[0]];
      CHECK(plan.offsets[out] == plan.offsets[node.inputs[0]]);
      continue;
    }
    memory.write(out, value[out] = out);  // the output grows while inputs are still read, so it is written first
    if (scratch[node.index]) memory.fill(plan.scratch[node.index], scratch[node.index], 1000 + node.index);
    CHECK(memory.holds(out, value[out]));
    for (const int t : node.inputs)
      if (t >= 0) CHECK(memory.holds(t, value[t]));
  }
  CHECK(memory.holds(model.outputs[0], value[model.outputs[0]]));
}

}  // namespace

TEST_CASE("over random graphs, what a node reads is still there, and its output and scratch harm none of it") {
  RandomModels random(5);
  for (int round = 0; round < 500; ++round) {
    const Model model = random_graph(random);
    const auto scratch = random_scratch(random, model);
    INFO("round " << round);
    check_every_read(model, scratch, plan_memory(model, scratch));
  }
}

TEST_CASE("no two blocks that live in one step share a byte, and the plan ends with the highest") {
  RandomModels random(6);
  for (int round = 0; round < 500; ++round) {
    const Model model = random_graph(random);
    const MemoryPlan plan = plan_memory(model, random_scratch(random, model));
    std::size_t end = 0;
    for (std::size_t i = 0; i < plan.blocks.size(); ++i) {
      const Block& a = plan.blocks[i];
      end = std::max(end, a.offset + a.bytes);
      for (std::size_t j = 0; j < i; ++j) {
        const Block& b = plan.blocks[j];
        const bool share_time = a.first <= b.last && b.first <= a.last;
        const bool share_bytes = a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
        CHECK_FALSE((share_time && share_bytes));
      }
    }
    CHECK(plan.bytes == end);
    CHECK(plan.lower_bound <= plan.bytes);
  }
}

static Model chain_of(const std::vector<int>& sizes) {
  Model model{.inputs = {0}, .outputs = {static_cast<int>(sizes.size()) - 1}};
  for (std::size_t t = 0; t < sizes.size(); ++t) {
    const int i = static_cast<int>(t);
    model.tensors.push_back({.dtype = DType::int8, .shape = {1, sizes[t]}});
    if (i > 0) model.nodes.push_back({.op = "conv_2d", .index = i - 1, .inputs = {i - 1}, .outputs = {i}});
  }
  return model;
}

TEST_CASE("a chain takes its widest pair of neighbours and no more") {
  const MemoryPlan plan = plan_memory(chain_of({100, 200, 40, 120, 8}), {0, 0, 0, 0});
  CHECK(plan.bytes == 300);
  CHECK(plan.lower_bound == 300);
}

TEST_CASE("sizes are rounded up to 4 bytes") { CHECK(plan_memory(chain_of({1, 5}), {0}).bytes == 4 + 8); }

TEST_CASE("scratch counts only while its layer runs") {
  CHECK(plan_memory(chain_of({100, 100, 100}), {48, 0}).bytes == 248);
  CHECK(plan_memory(chain_of({100, 20, 20}), {0, 80}).bytes == 120);
}

TEST_CASE("the input stays until its last reader") {
  Model model = chain_of({100, 100, 100});
  model.nodes[1].inputs.push_back(0);
  CHECK(plan_memory(model, {0, 0}).bytes == 300);
}

TEST_CASE("the peak names the step at which most is alive, and what is") {
  const Peak peak = peak_of(plan_memory(chain_of({100, 200, 40}), {12, 0}));
  CHECK(peak.step == 0);
  CHECK(peak.bytes == std::vector<std::size_t>{200, 100, 12});
}
