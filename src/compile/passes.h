#pragma once

#include <string>
#include <vector>

#include "model/model.h"

namespace dragonet {

/// A step on the way from the model as its file has it to the model that is compiled.
struct Pass {
  const char* name;
  const char* what;
  Model (*run)(const Model&);
};

/// In the order in which they run. The first, `import`, leaves the model as it was read.
const std::vector<Pass>& passes();

/// The model that rows are planned for and that the chip runs.
Model run_passes(const Model& model);

/// The model as the pass of this name leaves it. Throws Error where there is none.
Model run_passes_until(const Model& model, const std::string& name);

/// The model as the pass of this name finds it.
Model run_passes_before(const Model& model, const std::string& name);

}  // namespace dragonet
