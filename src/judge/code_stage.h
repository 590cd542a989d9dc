#pragma once

#include <optional>
#include <string>
#include <vector>

#include "judge/capture.h"

namespace dragonet {

/// The first layer whose bytes are not the reference's, though all that it reads are.
struct CodeDifference {
  int node = 0;
  std::string what, next;
};

/// A place where the same int8 model ran, beside the reference.
struct CodeStage {
  std::string name;  // "this machine", or a board's id
  /// Per node of the compiled model; none: nothing runs there, its bytes are its input's.
  std::vector<std::optional<bool>> equal;
  std::optional<CodeDifference> difference;
};

/// `model` is the compiled one (run_passes); `inputs` are of its types.
CodeStage compare_code(const std::string& name, const Model& model, std::span<const Bytes> inputs,
                       const Captured& captured);

/// The answers too, as whoever uses the code gets them: a difference where no layer has any.
void compare_answers(CodeStage& stage, const Model& model, std::span<const Bytes> inputs,
                     std::span<const Bytes> answers);

}  // namespace dragonet
