// libFuzzer's target: `make fuzz`. Half of what it tries are bytes changed anywhere, half are models whose shapes,
// attributes, indices and constants were changed and which were then written anew, so that they get past the verifier.
#include "handle.h"
#include "tflite/hostile_model.h"

using namespace dragonet;
using namespace dragonet::testing;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  refusal_by_all({data, size});
  return 0;
}

/// A variable's first value is written whole, whatever shape it was given here; a file cannot ask for more than 256 MB.
static bool is_small_to_write(const Model& model) {
  const auto is_small = [](const Tensor& tensor) { return tensor.bytes() < 1 << 20; };
  const auto takes_variable = [](const Node& node) { return node.op.ends_with("_variable"); };
  return std::ranges::none_of(model.nodes, takes_variable) || std::ranges::all_of(model.tensors, is_small);
}

/// None where the file cannot be read, or holds what our writer does not know.
static Bytes changed(std::span<const std::uint8_t> file, unsigned seed) try {
  Model model = parse_tflite(file, "hostile.tflite");
  for (const Node& node : model.nodes)
    if (!find_operator(node.op)) return {};
  RandomModels random(seed);
  for (int changes = random.pick(1, 3); changes > 0; --changes) make_hostile(random, model);
  return is_small_to_write(model) ? serialize_tflite(model) : Bytes();
} catch (const Error&) {
  return {};
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  const Bytes file = seed % 2 == 0 ? changed({data, size}, seed) : Bytes();
  if (file.empty() || file.size() > most) return LLVMFuzzerMutate(data, size, most);
  std::ranges::copy(file, data);
  return file.size();
}
