#pragma once

#include <map>
#include <string>
#include <vector>

#include "compile/emitted_interface.h"
#include "compile/memory_plan.h"
#include "ops/operator.h"

namespace dragonet {

std::string layer_function(const Node& node);

std::string output_name(std::size_t i);  // "output", "output_1"

bool mentions(const std::string& code, const std::string& name);  // as a word of its own

/// As a comment may hold it: nothing in it can end the line, or reorder it on a screen.
std::string one_line(const std::string& text);

/// The numbers by which the schedule knows the nodes that run, from 1 on; 0 is the input.
std::map<int, int> layer_numbers(const Model& model);

/// Where in model.kept each node keeps what goes on from one inference to the next, and the size of all.
struct KeptPlaces {
  std::vector<std::size_t> places;  // per node
  std::size_t bytes = 0;
};
KeptPlaces kept_places(const std::vector<Emitted>& nodes);

/// The least types that count the rows of every layer and of the inputs, and the runs of the schedule.
const char* row_counter_type(const Model& model, const MemoryPlan& plan);
const char* run_counter_type(const Model& model, const MemoryPlan& plan);

/// Per node that runs: its constants, where its rows lie, and a function that makes one row.
std::string emit_layers(const Model& model, const std::vector<Emitted>& nodes, const RowGraph& graph,
                        const MemoryPlan& plan);

/// The order in which rows are made, and `make_row`, which calls the layers by their numbers.
std::string emit_schedule(const Model& model, const MemoryPlan& plan);

/// The functions that take the next input row, that say how long it is, and that give the outputs.
std::string emit_take_row(const Model& model, const MemoryPlan& plan);
std::string emit_next_row_bytes(const Model& model);
std::string emit_outputs(const Model& model, const RowGraph& graph, const MemoryPlan& plan);

}  // namespace dragonet
