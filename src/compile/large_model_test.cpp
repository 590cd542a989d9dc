// A model of 2 000 nodes, larger than any that a microcontroller runs: its plan and its C++ must still come in moderate
// time and memory.
#include "compile/compile.h"
#include "cost.h"
#include "ops/op_test.h"

using namespace dragonet;
using namespace dragonet::testing;

namespace {

/// Blocks of a pointwise and a depthwise convolution with a residual connection around them, at four sizes of picture.
class LargeModel {
 public:
  Model build(int nodes) && {
    model_.tensors = {{"in", DType::int8, {1, 64, 64, 8}, {{0.05f}, {0}, 0}, {}}};
    constexpr int stages = 4;
    for (int stage = 0; stage < stages; ++stage) {
      const int first = convolution(last(), 3, 2, 8 << stage);
      while (static_cast<int>(model_.nodes.size()) < nodes * (stage + 1) / stages) block(first);
    }
    model_.outputs = {last()};
    return std::move(model_);
  }

 private:
  int last() const { return static_cast<int>(model_.tensors.size()) - 1; }
  const Shape& shape(int tensor) const { return model_.tensors[tensor].shape; }

  /// In some, the stage's first tensor comes in once more, and so lives until the last of them.
  void block(int first) {
    const int in = last();
    int out = depthwise(convolution(in, 1, 1, shape(in)[3]));
    if (model_.nodes.size() % 7 == 0) out = append("add", {out, first});
    if (model_.nodes.size() % 5 == 0) out = append("relu6", {out});
    append("add", {out, in});
  }

  int convolution(int in, int kernel, int stride, int channels) {
    return append("conv_2d", {in, weights({channels, kernel, kernel, shape(in)[3]})}, window_attributes(same, stride));
  }
  int depthwise(int in) {
    return append("depthwise_conv_2d", {in, weights({1, 3, 3, shape(in)[3]})}, window_attributes(same, 1));
  }
  int weights(const Shape& shape) {
    model_.tensors.push_back(
        constant("weights", DType::int8, shape, std::vector<std::int8_t>(element_count(shape), 3), {{0.01f}, {0}, 0}));
    return last();
  }
  int append(const std::string& op, const std::vector<int>& inputs, const Attributes& attributes = {}) {
    const int out = last() + 1;
    Node node{op, static_cast<int>(model_.nodes.size()), inputs, {out}, attributes};
    model_.tensors.push_back({op, DType::int8, {}, {{0.05f}, {0}, 0}, {}});
    model_.tensors[out].shape = find_operator(op)->shape(model_, node);
    model_.nodes.push_back(node);
    return out;
  }

  Model model_{.name = "large", .source = "large.tflite", .inputs = {0}};
};

}  // namespace

TEST_CASE(
    "a model of 2 000 nodes is planned and emitted in less than 30 seconds and 300 MB, whatever it is to be good at",
    "[serial][slow]") {
  const Model model = LargeModel{}.build(2000);
  CHECK(model.nodes.size() >= 2000);
  for (const Optimize optimize : {Optimize::speed, Optimize::balanced, Optimize::ram}) {
    const Cost cost = cost_of([&] { compile_model(model, {optimize}); });
    INFO(name_of(optimize) << ": " << cost.seconds << " s, " << cost.peak_mb << " MB");
    CHECK((cost.seconds < 30 || !costs_count));
    CHECK((cost.peak_mb < 300 || !costs_count));
  }
}
