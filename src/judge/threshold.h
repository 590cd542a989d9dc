#pragma once

#include <span>

#include "judge/anomalies.h"

namespace dragonet {

/// How many scores can show that the share of false alarms is no larger than 1 - `share`: the next sample is as likely
/// to have any rank among n, so that it is above all of them once in n + 1 times. Infinite where `share` is 1.
double scores_needed(double share);
bool can_show(std::size_t scores, double share);

/// The score that a new normal sample exceeds with a chance of 1 - `share`.
///   normal  scores of at least one normal sample that the model has not learnt, with their groups
/// Of scores that can show it: the one of rank share (n + 1), above which a new one lies as seldom as asked, whatever
/// their distribution (Vovk, Gammerman and Shafer 2005, "Algorithmic learning in a random world"). Of fewer: the
/// largest of them or, where that is more, the upper prediction bound by Student's t of their logarithms (Hahn and
/// Meeker 1991, "Statistical intervals", 4.8), whose variance is that between groups and that within.
double threshold_of(std::span<const ScoredSample> normal, double share);

/// The value that a variable of Student's distribution is below with the chance `share`, 0.5 to below 1.
///   degrees  of freedom, 1 or more
double student_quantile(double share, double degrees);

}  // namespace dragonet
