#pragma once

#include "app/judging.h"

namespace dragonet {

/// Writes runs/<n>/report.html, one page with everything that was found out, and result.svg, the same at a glance;
/// returns the page's path.
fs::path write_report(const Run& run, const Project& project, const Samples& samples, const Indices& test,
                      const Model& int8, const Judgement& judgement, const Board* board, const RunRecord& record,
                      const std::optional<Interval>& random_split);

}  // namespace dragonet
