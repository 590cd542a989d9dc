// What we write is what TensorFlow Lite reads, and our arithmetic is its own but for 1 in the last place: its kernels for
// WebAssembly (XNNPACK) round once where its reference rounds twice.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "../src/ops/op_test.h"
#include "app/pipeline.h"
#include "app/project.h"
#include "drawn_samples.h"
#include "golden.h"
#include "tensorflow_lite.h"

using namespace dragonet;
using testing::Question;

static OutputsOfModel ours(const Question& question) {
  return {};
}
