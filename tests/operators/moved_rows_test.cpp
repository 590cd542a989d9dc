// Operators that move values, one after another: rows come from other rows than those of the same number, or from none.
#include "compile/emitted_program.h"
#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;

namespace {

const Quantization scales{{0.05f}, {3}, 0};

/// Of images, each node on the last one's output, and sometimes on an earlier one's too.
class MovedRows {
 public:
  explicit MovedRows(RandomModels& random) : random_(random) {
    model_ = {.name = "moved", .source = "moved.tflite", .inputs = {0}, .outputs = {0}};
    model_.tensors = {{"in", DType::int8, random.image(), scales, {}}};
  }

  Model chain() && {
    for (int left = random_.pick(2, 6); left > 0; --left) add_any();
    check_supported(model_);
    return model_;
  }

 private:
  Shape shape() const { return model_.tensors[model_.outputs[0]].shape; }

  void add(const std::string& op, const std::vector<std::int32_t>& operand, const Attributes& attributes = {}) {
    std::vector<int> inputs = model_.outputs;
    if (!operand.empty()) inputs.push_back(add_tensor(numbers(operand)));
    add_node(op, inputs, attributes);
  }

  void add_node(const std::string& op, const std::vector<int>& inputs, const Attributes& attributes) {
    Node node{.op = op, .index = static_cast<int>(model_.nodes.size()), .inputs = inputs, .attributes = attributes};
    Tensor out{op, DType::int8, {}, scales, {}};
    node.outputs = {static_cast<int>(model_.tensors.size())};
    model_.tensors.push_back(out);
    model_.tensors.back().shape = find_operator(op)->shape(model_, node);
    model_.outputs = node.outputs;
    model_.nodes.push_back(node);
  }

  int add_tensor(const Tensor& tensor) {
    model_.tensors.push_back(tensor);
    return static_cast<int>(model_.tensors.size()) - 1;
  }

  void add_any() {
    switch (random_.pick(0, 6)) {
      case 0:
        return add("pad", {0, 0, random_.pick(0, 2), random_.pick(0, 2), random_.pick(0, 1), 0, 0, 0});
      case 1:
        return add("resize_nearest_neighbor", {random_.pick(1, 9), random_.pick(1, 9)});
      case 2:
        return add("transpose",
                   random_.one_in(2) ? std::vector<std::int32_t>{0, 2, 1, 3} : std::vector<std::int32_t>{0, 1, 3, 2});
      case 3:
        return add("mean", {random_.pick(1, 3)}, {{"keep_dims", std::int64_t{1}}});
      case 4:
        return add("relu", {});
      case 5:
        return add_strided_slice();
      default:
        return add_concatenation();
    }
  }

  /// Every other row, or all backwards.
  void add_strided_slice() {
    const std::int32_t stride = random_.one_in(2) ? 2 : -1;
    std::vector<int> inputs = model_.outputs;
    for (const auto& operand : {numbers({0, 0, 0, 0}), numbers({0, 0, 0, 0}), numbers({1, stride, 1, 1})})
      inputs.push_back(add_tensor(operand));
    add_node("strided_slice", inputs, {{"begin_mask", std::int64_t{15}}, {"end_mask", std::int64_t{15}}});
  }

  /// With an earlier tensor of as many columns and channels; the last one itself is there at least.
  void add_concatenation() {
    std::vector<int> others;
    for (int t = 0; t < static_cast<int>(model_.tensors.size()); ++t)
      if (const Shape& other = model_.tensors[t].shape;
          other.size() == 4 && other[2] == shape()[2] && other[3] == shape()[3])
        others.push_back(t);
    const int other = others[random_.pick(0, static_cast<int>(others.size()) - 1)];
    std::vector<int> inputs{other, model_.outputs[0]};
    if (random_.one_in(2)) std::swap(inputs[0], inputs[1]);
    if (shape()[1] < 40) add_node("concatenation", inputs, {{"axis", std::int64_t{1}}});
  }

  RandomModels& random_;
  Model model_;
};

}  // namespace

TEST_CASE("rows that are padded, reversed, joined and turned are the reference's, in whatever order they are made") {
  RandomModels random(3);
  std::vector<Model> models;
  while (models.size() < 150) {
    Model model = MovedRows(random).chain();
    if (!model.nodes.empty()) models.push_back(model);
  }
  check_emitted_equals_reference(models, random);
}
