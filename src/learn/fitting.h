#pragma once

#include "base/observer.h"
#include "learn/training.h"

namespace dragonet {

/// A network that is fitted (is_fitted), in both arithmetics: to all samples of `split` that train or validate, so that
/// the result's split has no validation. The thresholds come of cross-fitted scores: those samples are dealt into
/// parts (parts_to_hold_out), and each is scored by a model that was fitted to, and quantized for, the others alone.
/// In its history, of one epoch, the validation's loss and error are the mean of these scores.
Trained fit_and_quantize(const Project& project, const Network& network, const Samples& samples, const Split& split,
                         const TrainingStart& start, const Observer& observer);

}  // namespace dragonet
