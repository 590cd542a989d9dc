#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "compile/dropped_layers.h"
#include "compile/emitted_interface.h"
#include "compile/memory_plan.h"
#include "model/model.h"
#include "ops/operator.h"

namespace dragonet {

/// What one node became.
struct EmittedLayer {
  std::string function;            // "layer_03_conv_2d"; "" where nothing runs (reshape)
  std::string op, kernel, output;  // kernel: the variant's name; "" the plain one
  Shape shape;                     // of its output
  std::int64_t macs = 0;           // of the model as it was read
  std::int64_t live_macs = 0;      // those that are computed
  std::size_t constant_bytes = 0;  // weights, biases, multipliers
};

struct EmittedFile {
  fs::path path;  // relative to the output folder
  std::string text;
};

/// A model as C++11: <name>.h, <name>.cpp and the kernel headers that they use. The files stand on their own.
struct EmittedModel {
  EmittedInterface interface;
  std::vector<EmittedFile> files;
  std::vector<EmittedLayer> layers;
  std::vector<DroppedOfLayer> dropped;  // per layer, what of it is not computed
  Optimize optimize = Optimize::balanced;
  MemoryPlan plan;
};

struct CompileTarget {
  Optimize optimize = Optimize::balanced;
  KernelCore core = KernelCore::any;  // whose kernels may be taken; the files compile for any core all the same
};

/// A quantize or dequantize node at the model's edge is left to the host (edges.h). Throws Error naming all that is not
/// supported.
EmittedModel compile_model(const Model& whole, const CompileTarget& target = {});

void write_emitted(const EmittedModel& emitted, const fs::path& folder);

}  // namespace dragonet
