// Models that read and assign one variable, for the tests.
#pragma once

#include "ops/op_test.h"

namespace dragonet::testing {

/// x, of which the variable v has the form; reads and assignments are added behind each other.
class VariableModel {
 public:
  explicit VariableModel(const Tensor& x, const Bytes& initial = {}) {
    model_ = {.name = "one", .source = "one.tflite", .tensors = {x, x}, .inputs = {0}};
    model_.tensors[1].name = "v";
    model_.tensors[1].is_variable = true;
    model_.tensors[1].initial = initial;
  }
  int read() { return add("read_variable", {1}); }
  void assign(int value) { add("assign_variable", {1, value}); }
  int add(const std::string& op, const std::vector<int>& inputs, const Attributes& attributes = {}) {
    const int out = static_cast<int>(model_.tensors.size());
    Tensor tensor = model_.tensors[0];
    tensor.name = op + "_" + std::to_string(out);
    model_.tensors.push_back(tensor);
    model_.nodes.push_back({.op = op,
                            .index = static_cast<int>(model_.nodes.size()),
                            .inputs = inputs,
                            .outputs = {out},
                            .attributes = attributes});
    return out;
  }
  int add_constant(const Tensor& tensor) {
    model_.tensors.push_back(tensor);
    return static_cast<int>(model_.tensors.size()) - 1;
  }
  Model giving(const std::vector<int>& outputs) {
    model_.outputs = outputs;
    return model_;
  }

 private:
  Model model_;
};

inline Tensor random_form(RandomModels& random, DType type) {
  const Shape shape = random.one_in(2) ? Shape{1, random.pick(1, 7)}
                                       : Shape{1, random.pick(1, 5), random.pick(1, 3), random.pick(1, 3)};
  return random.tensor(type, shape);
}

inline Bytes random_first(RandomModels& random, const Tensor& form) {
  if (random.one_in(3)) return {};
  return random.with_values({.name = "first", .dtype = form.dtype, .shape = form.shape}).data;
}

}  // namespace dragonet::testing
