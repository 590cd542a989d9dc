// What Dragonet does with a .tflite from anywhere, all of it: for the tests of hostile files and for the fuzzer.
#pragma once

#include <span>

#include "compile/compile.h"
#include "ops/check.h"
#include "ops/emit.h"
#include "ops/run_reference.h"
#include "tflite/tflite.h"

namespace dragonet::testing {

/// A file of 1 KB can ask for a year of the references, which are slow on purpose; whoever runs them can stop them.
inline bool is_quick_to_run(const Model& model) {
  std::int64_t bytes = 0, work = 0;
  for (const Tensor& tensor : model.tensors) bytes += static_cast<std::int64_t>(tensor.bytes());
  for (const Node& node : model.nodes) {
    const std::int64_t cells = std::max<std::int64_t>(1, node.integer("filter_height") * node.integer("filter_width"));
    work += find_operator(node.op)->macs(model, node);
    for (const int t : node.outputs) work += static_cast<std::int64_t>(model.tensors[t].bytes()) * cells;
  }
  return bytes < 1 << 20 && work < 1 << 21;
}

/// Planning is bounded, but by what a patient user waits for.
inline bool is_quick_to_plan(const Model& model) {
  std::int64_t rows = 0, constants = 0;
  for (const Tensor& tensor : model.tensors)
    rows += rows_of(tensor).count, constants += static_cast<std::int64_t>(tensor.data.size());
  return rows < 1 << 11 && constants < 1 << 18 && model.nodes.size() < 100;
}

inline Bytes some_input(const Model& model) {
  std::size_t size = 0;
  for (const int t : model.inputs) size += model.tensors[t].bytes();
  Bytes input(size);
  for (std::size_t i = 0; i < size; ++i) input[i] = static_cast<std::uint8_t>(i * 37 + 11);
  return input;
}

inline void handle_model(const Model& model) {
  parse_tflite(serialize_tflite(model), model.source);  // what we took, we take back
  if (is_quick_to_run(model)) run_reference(model, some_input(model));
  if (is_quick_to_plan(model))
    for (const Optimize optimize : {Optimize::ram, Optimize::speed}) compile_model(model, {optimize});
}

/// Reads, checks, writes, runs, plans and emits. Returns the sentences of refusal, "" where there are none. Anything
/// but an Error with whole sentences goes on to the caller, and is a fault of ours.
inline std::string refusal_by_all(std::span<const std::uint8_t> file) try {
  Model model = parse_tflite(file, "hostile.tflite");
  model.name = "hostile";
  check_supported(model);
  handle_model(model);
  return "";
} catch (const Error& error) {
  for (const Problem& problem : error.problems)
    if (problem.where.empty() || problem.what.empty() || problem.next.empty())
      throw std::logic_error("a refusal does not say where, what and what next");
  if (error.problems.empty()) throw std::logic_error("a refusal says nothing");
  return error.what();
}

}  // namespace dragonet::testing
