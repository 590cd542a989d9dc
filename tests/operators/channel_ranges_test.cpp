// What the analysis of ranges says of each operator, against what its reference answers.
#include "compile/channel_ranges.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;

/// "" if every int8 value lies in its channel's range.
static std::string outside(const Model& model, const TensorBytes& bytes) {
  const ChannelRanges ranges = channel_ranges(model);
  for (const Node& node : model.nodes)
    for (const int t : node.outputs)
      for (std::size_t i = 0; i < bytes[t].size() && !ranges[t].empty(); ++i) {
        const auto value = static_cast<std::int8_t>(bytes[t][i]);
        const auto& [least, most] = ranges[t][i % ranges[t].size()];
        if (value < least || value > most) return fmt::format("{}: {} not in {}..{}", node.op, value, least, most);
      }
  return "";
}

TEST_CASE("no operator of int8 answers anything outside the ranges of its channels") {
  RandomModels random(37);
  for (const OperatorCases& cases : operator_cases()) {
    if (std::ranges::find(cases.types, DType::int8) == cases.types.end()) continue;
    for (int m = 0; m < 20; ++m) {
      const Model model = cases.make(random, DType::int8);
      for (int i = 0; i < 3; ++i) CHECK(outside(model, run_reference(model, random.input(model))) == "");
    }
  }
}

TEST_CASE("behind a layer whose outputs are narrow, operators answer nothing outside their ranges either") {
  RandomModels random(38);
  for (const OperatorCases& cases : operator_cases()) {
    if (std::ranges::find(cases.types, DType::int8) == cases.types.end()) continue;
    for (int m = 0; m < 20; ++m) {
      Model model = cases.make(random, DType::int8);
      const int in = model.inputs[0];
      if (model.inputs.size() != 1 || model.tensors[in].dtype != DType::int8) continue;
      // relu6 of a scale 0.2: 0 to 30, and of 0.04 all above the zero point
      Tensor before = model.tensors[in];
      before.quantization = {{random.one_in(2) ? 0.2f : 0.04f}, {random.pick(-128, 127)}, 0};
      model.tensors.push_back(before);
      model.inputs = {static_cast<int>(model.tensors.size()) - 1};
      model.nodes.insert(model.nodes.begin(), {.op = "relu6", .inputs = model.inputs, .outputs = {in}});
      for (std::size_t n = 0; n < model.nodes.size(); ++n) model.nodes[n].index = static_cast<int>(n);
      if (!refusal_of(model).empty()) continue;
      for (int i = 0; i < 3; ++i) CHECK(outside(model, run_reference(model, random.input(model))) == "");
    }
  }
}
