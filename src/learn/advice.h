#pragma once

#include "data/dataset.h"
#include "judge/task_score.h"

namespace dragonet {

/// Where a test on few groups leaves open how good the model is, the command that tests on all of them; otherwise "".
///   dataset  the samples that the test is a part of
std::string folds_advice(const TaskScore& score, const Dataset& dataset);

/// What a careless random split would have claimed, where that is more; otherwise "".
std::string random_split_text(const Interval& honest, const Interval& claim);

}  // namespace dragonet
