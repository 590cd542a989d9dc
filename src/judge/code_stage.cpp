#include "judge/code_stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/parallel.h"
#include "compile/emit_layers.h"
#include "judge/text.h"
#include "model/codec.h"
#include "ops/emit.h"
#include "ops/near.h"
#include "ops/run_reference.h"

namespace dragonet {
namespace {

/// All values of one tensor that are not the reference's, over all vectors.
struct Differences {
  std::size_t count = 0, of = 0;
  std::size_t first_vector = 0, first_value = 0;
  double first_found = 0, first_wanted = 0;
  std::set<std::size_t> channels, rows;
  std::set<double> offsets;
  bool only_at_ends = true;  // wherever it differs, one of the two is the least or the greatest value of all
};

bool is_same(double is, double should, double allowed) {
  return is == should || std::abs(is - should) <= allowed || (std::isnan(is) && std::isnan(should));
}

Differences differences_of(const Tensor& tensor, const std::vector<TensorBytes>& wanted, const Captured& found, int t) {
  Differences differences;
  const std::size_t channels = tensor.shape.empty() ? 1 : tensor.shape.back();
  const std::size_t row_values = rows_of(tensor).bytes / size_of(tensor.dtype);
  double low = 1e300, high = -1e300, largest = 1;
  for (const TensorBytes& bytes : wanted)
    for (const double real : stored_values(tensor, bytes[t])) {
      low = std::min(low, real), high = std::max(high, real);
      if (std::isfinite(real)) largest = std::max(largest, std::abs(real));
    }
  const double allowed = tensor.dtype == DType::float32 ? double{real_tolerance} * largest : 0;  // as ops/near.h has it
  for (std::size_t v = 0; v < wanted.size(); ++v) {
    const Reals is = stored_values(tensor, found[v][t]), should = stored_values(tensor, wanted[v][t]);
    for (std::size_t i = 0; i < should.size(); ++i) {
      ++differences.of;
      if (i < is.size() && is_same(is[i], should[i], allowed)) continue;
      const double value = i < is.size() ? is[i] : 0;
      if (differences.count++ == 0)
        differences.first_vector = v, differences.first_value = i, differences.first_found = value,
        differences.first_wanted = should[i];
      differences.channels.insert(i % channels);
      differences.rows.insert(i / row_values);
      differences.offsets.insert(value - should[i]);
      differences.only_at_ends &= value <= low || value >= high || should[i] <= low || should[i] >= high;
    }
  }
  return differences;
}

/// What the pattern of the differences points to.
std::string likely_cause(const Differences& differences, const Tensor& tensor) {
  const std::size_t channels = tensor.shape.empty() ? 1 : tensor.shape.back();
  const auto rows = static_cast<std::size_t>(rows_of(tensor).count);
  if (differences.channels.size() == 1 && channels > 1)
    return fmt::format("only channel {} differs: its weights, bias or multiplier", *differences.channels.begin());
  if (differences.offsets.size() == 1)
    return fmt::format("all by {:+.0f}: a zero point or a bias", *differences.offsets.begin());
  if (differences.only_at_ends) return "only at the ends of the values: the limits of the activation";
  if (differences.channels.size() < channels)
    return fmt::format("{} of {} channels differ: their weights, biases or multipliers", differences.channels.size(),
                       channels);
  if (differences.rows.size() < rows && rows > 1)
    return fmt::format("only {} of {} rows differ, first row {}: padding at an edge, or a place in the arena",
                       differences.rows.size(), rows, *differences.rows.begin());
  return "all channels differ: zero points, weights or the kernel";
}

CodeDifference describe_difference(const std::string& where, const Model& model, const Node& node,
                                   const Differences& differences) {
  const Tensor& tensor = model.output(node);
  const auto [found, wanted] = told_apart(differences.first_found, differences.first_wanted, 6);
  return {
      .node = node.index,
      .what = fmt::format("on {} {} of its {} values differ from the reference, though all that it reads are equal; "
                          "first in vector {}, value {}: {} instead of {}; {}",
                          where, differences.count, differences.of, differences.first_vector, differences.first_value,
                          found, wanted, likely_cause(differences, tensor)),
      .next = fmt::format("look at {}'s constants in the emitted {}.cpp, and compile the model anew",
                          layer_function(node), model.name)};
}

}  // namespace

CodeStage compare_code(const std::string& name, const Model& model, std::span<const Bytes> inputs,
                       const Captured& captured) {
  std::vector<TensorBytes> wanted(inputs.size());
  run_references(model, inputs, [&](std::size_t v, TensorBytes&& bytes) { wanted[v] = std::move(bytes); });
  CodeStage stage{.name = name};
  for (const Node& node : model.nodes) {
    const int t = node.outputs[0];
    if (find_operator(node.op)->in_place) {
      stage.equal.emplace_back();
      continue;
    }
    const Differences differences = differences_of(model.tensors[t], wanted, captured, t);
    stage.equal.emplace_back(differences.count == 0);
    if (differences.count > 0 && !stage.difference)
      stage.difference = describe_difference(name, model, node, differences);
  }
  return stage;
}

/// Do the bytes of all outputs, back to back, agree with the reference's?
static bool is_answer(const Model& model, std::span<const std::uint8_t> answer, const TensorBytes& wanted) {
  for (const int t : model.outputs) {
    const std::size_t bytes = model.tensors[t].bytes();
    if (answer.size() < bytes || !is_near(model.tensors[t], answer.first(bytes), wanted[t])) return false;
    answer = answer.subspan(bytes);
  }
  return true;
}

void compare_answers(CodeStage& stage, const Model& model, std::span<const Bytes> inputs,
                     std::span<const Bytes> answers) {
  ModelState state = initial_state(model);
  for (std::size_t v = 0; v < inputs.size() && !stage.difference; ++v)
    if (!is_answer(model, answers[v], run_reference(model, inputs[v], state)))
      stage.difference = {.node = model.nodes.back().index,
                          .what = fmt::format("on {} the answer to vector {} differs from the reference, though every "
                                              "layer was right when it was completed",
                                              stage.name, v),
                          .next = "this is a fault of Dragonet's: please report it with the model"};
}

}  // namespace dragonet
