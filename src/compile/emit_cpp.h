#pragma once

#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

#include "compile/emitted_interface.h"
#include "compile/memory_plan.h"
#include "ops/operator.h"

namespace dragonet {

EmittedInterface interface_of(const Model& model, const std::vector<Emitted>& nodes, const MemoryPlan& plan);

std::string emit_header(const Model& model, const EmittedInterface& interface, const MemoryPlan& plan);
std::string emit_source(const Model& model, const std::vector<Emitted>& nodes, const RowGraph& graph,
                        const MemoryPlan& plan);

/// Relative to firmware/: "kernels/conv_2d.h".
std::set<std::string> used_headers(const Model& model, const std::vector<Emitted>& nodes);

}  // namespace dragonet
