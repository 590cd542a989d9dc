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
    switch (random_.pick(0, 12)) {
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
      case 6:
        return add("reverse_v2", {random_.pick(1, 3)});
      case 7:
        return add_tile();
      case 8:
        return add_mirror();
      case 9:
        return add_blocks();
      case 10:
        return add("cumsum", {random_.pick(1, 3)}, {{"reverse", std::int64_t{random_.one_in(2)}}});
      case 11:
        return add_gather();
      default:
        return add_concatenation();
    }
  }

  void add_tile() {
    if (shape()[1] < 20) add("tile", {1, random_.pick(1, 2), random_.pick(1, 2), 1});
  }

  /// Symmetric: by as many rows as there are at most.
  void add_mirror() {
    const int before = random_.pick(0, std::min(2, shape()[1])), after = random_.pick(0, std::min(2, shape()[1]));
    add("mirror_pad", {0, 0, before, after, 0, random_.pick(0, 1), 0, 0}, {{"mode", std::int64_t{1}}});
  }

  void add_blocks() {
    const Attributes block{{"block_size", std::int64_t{2}}};
    if (shape()[1] % 2 == 0 && shape()[2] % 2 == 0 && random_.one_in(2)) return add("space_to_depth", {}, block);
    if (shape()[3] % 4 == 0) add("depth_to_space", {}, block);
  }

  void add_gather() {
    std::vector<std::int32_t> picks;
    for (int left = random_.pick(2, 6); left > 0; --left) picks.push_back(random_.pick(0, shape()[1] - 1));
    add("gather", picks, {{"axis", std::int64_t{1}}});
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

TEST_CASE("parts of unequal heights are cut out of rows as they come") {
  const Tensor in{"in", DType::int8, {1, 6, 2, 3}, scales, {}};
  Model model = one_node("relu", {in}, {}, {in});
  const Tensor axis = constant("axis", DType::int32, {}, std::vector<std::int32_t>{1});
  model.tensors.insert(model.tensors.end(), {numbers({1, 3, -1}), axis});
  Node split{.op = "split_v", .index = 1, .inputs = {1, 2, 3}};
  for (const int height : {1, 3, 2}) {
    split.outputs.push_back(static_cast<int>(model.tensors.size()));
    model.tensors.push_back({"part", DType::int8, {1, height, 2, 3}, scales, {}});
  }
  model.nodes.push_back(split);
  model.outputs = split.outputs;
  check_supported(model);
  RandomModels random(9);
  check_emitted_equals_reference({model}, random);
}

TEST_CASE("rows that are padded, reversed, joined and turned are the reference's, in whatever order they are made") {
  RandomModels random(3);
  std::vector<Model> models;
  while (models.size() < 150) {
    Model model = MovedRows(random).chain();
    if (!model.nodes.empty()) models.push_back(model);
  }
  check_emitted_equals_reference(models, random);
}
