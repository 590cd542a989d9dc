#pragma once

#include "base/observer.h"
#include "judge/task_score.h"
#include "learn/training.h"

namespace dragonet {

/// A network of somebody's own, of an anomaly task, beside the default one, which is fitted to the same samples in
/// moments and tested on the same: where it is no better, that in a sentence. Otherwise "", also where there are no
/// anomalies to compare on.
std::string simple_score_text(const Project& project, const Samples& samples, const Split& split,
                              const TaskScore& int8_score, const Observer& observer = {});

}  // namespace dragonet
