#pragma once

#include "data/dataset.h"
#include "judge/task_score.h"

namespace dragonet {

/// Where a test on few groups leaves open how good the model is, the command that tests on all of them; otherwise "".
///   dataset  the samples that the test is a part of
std::string folds_advice(const TaskScore& score, const Dataset& dataset);

/// Where an anomaly's threshold was set by too few scores to show the share of false alarms that was asked for, that in
/// a sentence; otherwise "".
///   scores  of normal samples that the model had not learnt
std::string threshold_advice(const Task& task, std::size_t scores);

/// What `dragonet data say` tells of a test on what it made.
inline constexpr const char* said_advice =
    "a test on these flatters: synthesizers resemble each other more than people do; record people, and test on them "
    "with `dragonet test --samples DIR`";

/// The same of a test, where most of its samples were made by `dragonet data say`; otherwise "".
std::string said_test_advice(const Dataset& dataset, const Indices& test);

/// What a careless random split would have claimed, where that is more; otherwise "".
std::string random_split_text(const Interval& honest, const Interval& claim);

}  // namespace dragonet
