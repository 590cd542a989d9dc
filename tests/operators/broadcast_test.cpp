// What TensorFlow Lite is not asked about, since it does not take it: broadcasting over five and six dimensions, int32.
#include "compile/emitted_program.h"
#include "ops/binary_cases.h"

using namespace dragonet;
using namespace dragonet::testing;

static Model random_wide_pair(RandomModels& random) {
  Shape whole;
  for (int rank = random.pick(4, 6); rank > 0; --rank) whole.push_back(random.pick(1, 3));
  const auto out = [](const Tensor& a, const Tensor& b) -> Quantization {
    return {{a.quantization.scale[0] + b.quantization.scale[0]}, {0}};
  };
  const std::vector<DType>& types = int8_int16_float;
  return random_pairs(random, "sub", types[random.pick(0, 2)], whole, out);
}

TEST_CASE("broadcasting over up to six dimensions, batches and inputs of rows too, equals the reference") {
  RandomModels random(23);
  std::vector<Model> models;
  for (int m = 0; m < 200; ++m) models.push_back(random_wide_pair(random));
  for (const Model& model : models) check_supported(model);
  check_emitted_equals_reference(models, random);
}

/// Rows flow: the image is made row by row, and what is broadcast to it has one row or none of its own.
static Model random_band(RandomModels& random) {
  const Tensor in = random.tensor(DType::int8, {1, random.pick(2, 6), random.pick(1, 6), random.pick(1, 6)});
  Model model = one_node("relu", {in}, {}, {in});
  Tensor other = random.tensor(DType::int8, parts_of(random, in.shape).second);
  if (random.one_in(2)) other = random.with_values(other);
  if (!other.is_constant()) model.inputs.push_back(2);
  model.tensors.push_back(other);
  Tensor out = in;
  out.quantization.scale[0] += other.quantization.scale[0];
  model.tensors.insert(model.tensors.end(), {out, out});
  model.nodes.push_back({.op = "add", .index = 1, .inputs = {1, 2}, .outputs = {3}});
  model.nodes.push_back({.op = "relu6", .index = 2, .inputs = {3}, .outputs = {4}});
  model.outputs = {4};
  return model;
}

TEST_CASE("broadcasting to an image whose rows flow equals the reference") {
  RandomModels random(29);
  std::vector<Model> models;
  for (int m = 0; m < 200; ++m) models.push_back(random_band(random));
  for (const Model& model : models) check_supported(model);
  check_emitted_equals_reference(models, random);
}

TEST_CASE("quantize from int32 equals the reference") {
  RandomModels random(31);
  std::vector<Model> models;
  for (int m = 0; m < 50; ++m) {
    const DType to = random.one_in(2) ? DType::int8 : DType::int16;
    const Tensor in{"in", DType::int32, random.shape(), {{random.real(1e-9f, 1e-5f)}, {0}}, {}};
    models.push_back(
        one_node("quantize", {in}, {}, {{"mid", DType::int16, {}, random.quantization(DType::int16), {}}}));
    Model& model = models.back();
    model.tensors.push_back({"out", to, in.shape, random.quantization(to), {}});
    model.nodes.push_back({.op = "quantize", .index = 1, .inputs = {1}, .outputs = {2}});
    model.outputs = {2};
    check_supported(model);
  }
  check_emitted_equals_reference(models, random);
}
