#include "compile/passes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "compile/channel_ranges.h"
#include "compile/drop_channels.h"
#include "compile/edges.h"
#include "compile/fold_constants.h"
#include "compile/uneven_parts.h"

namespace dragonet {

static Model as_read(const Model& model) { return model; }

// To add a pass: a function from model to model in a file of its own, and its line here.
const std::vector<Pass>& passes() {
  static const std::vector<Pass> table{
      {"import", "as the file has it", as_read},
      {"without_edges", "without nodes that only quantize the input or dequantize the output", without_edges},
      {"fold_constants", "with what constants alone make worked out here", fold_constants},
      {"cut_uneven_parts", "with slices where a SPLIT_V makes parts of unequal rows", cut_uneven_parts},
      {"drop_channels", "without channels that are the same for every input, or that nobody reads", drop_channels},
      {"mark_idle_clamps", "with a mark where an end of a clamp can never act", mark_idle_clamps}};
  return table;
}

Model run_passes(const Model& model) { return run_passes_until(model, passes().back().name); }

Model run_passes_before(const Model& model, const std::string& name) {
  Model result = model;
  for (const Pass& pass : passes()) {
    if (pass.name == name) return result;
    result = pass.run(result);
  }
  return result;
}

static void check_pass(const std::string& name) {
  std::vector<std::string> names;
  for (const Pass& pass : passes()) {
    if (pass.name == name) return;
    names.emplace_back(pass.name);
  }
  throw Error({fmt::format("the pass `{}`", name), "there is none of this name", choice_of(name, names)});
}

Model run_passes_until(const Model& model, const std::string& name) {
  check_pass(name);
  Model result = model;
  for (const Pass& pass : passes()) {
    result = pass.run(result);
    if (pass.name == name) break;
  }
  return result;
}

}  // namespace dragonet
