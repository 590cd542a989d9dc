// Resource variables. In a file a node makes a handle, by the variable's name; others take it to read or to assign; and
// another graph, which is called once, assigns the first values. Here a variable is a tensor that knows how it begins,
// and the nodes that read and assign it name that. What is read and never assigned is a constant.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "ops/run_reference.h"
#include "tflite/known_forms.h"

namespace dragonet {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 24;  // of all first values: no chip's RAM holds more
constexpr std::size_t most_variables = 1000;

struct Variable {
  Handle handle;
  int tensor = -1;  // of the main graph
  bool is_read = false, is_assigned = false;
  std::optional<Tensor> first{};  // the constant that it begins with
};

bool is_same(const Handle& a, const Handle& b) {
  const bool same_container = a.container == b.container || a.container.empty() || b.container.empty();
  return a.name == b.name && same_container;  // some files leave the container out
}

class Variables {
 public:
  explicit Variables(const FileGraphs& graphs) : model_(graphs.main.model), is_free_(graphs.main.is_free) {
    for (const auto& [tensor, handle] : graphs.main.handles) {
      const auto found = std::ranges::find_if(all_, [&](const auto& v) { return is_same(v.handle, handle); });
      number_[tensor] = static_cast<int>(found - all_.begin());
      if (found == all_.end()) all_.push_back({.handle = handle, .tensor = tensor});
      if (all_.size() > most_variables)
        throw Error({model_.source, fmt::format("has more than {} resource variables", most_variables), export_anew});
    }
    for (const FileGraph& graph : graphs.initializers) note_first_values(graph);
  }

  Model resolved() && {
    for (Node& node : model_.nodes) take(node);
    for (const int t : model_.outputs)
      if (number_.contains(t))
        refuse("outputs", "gives the handle of a variable", "let it give what the variable holds");
    stop_if_refused();
    for (Variable& variable : all_) settle(variable);
    drop_needless();
    return std::move(model_);
  }

 private:
  void refuse(const std::string& where, const std::string& what, const std::string& next) {
    problems_.push_back({where, what, next});
  }
  void stop_if_refused() const {
    if (!problems_.empty()) throw Error(problems_);
  }

  static constexpr const char* export_anew = "the file is damaged or hostile: export or download it again";

  // --- The graph that is called once

  /// Constants alone are assigned there, or what can be worked out from such.
  void note_first_values(const FileGraph& graph) {
    const Model model = with_shapes_folded(with_halves_widened(graph.model), graph.is_free);
    for (const Node& node : model.nodes) {
      if (node.op == "var_handle") continue;
      const bool is_assignment = node.op == "assign_variable" && node.inputs.size() == 2 && node.inputs[1] >= 0;
      const auto handle = is_assignment ? graph.handles.find(node.inputs[0]) : graph.handles.end();
      if (handle == graph.handles.end())
        throw Error({fmt::format("{}, the graph that initializes its variables, node {} ({})", model.source, node.index,
                                 node.op),
                     "does more than to assign constants to resource variables",
                     "begin each variable with a constant; hash tables and the like are not supported"});
      note_first_value(handle->second, model, node);
    }
  }

  void note_first_value(const Handle& handle, const Model& model, const Node& node) {
    const Tensor& value = model.input(node, 1);
    if (!value.is_constant())
      throw Error({fmt::format("{}, the variable {}", model.source, handle.name),
                   fmt::format("begins with {}, which is no constant and cannot be worked out here", value.name),
                   "begin it with a constant"});
    count_bytes(value);
    for (Variable& variable : all_)
      if (is_same(variable.handle, handle)) variable.first = value;
  }

  /// A small file may name one value very often.
  void count_bytes(const Tensor& value) {
    bytes_ += value.bytes();
    if (bytes_ > most_bytes)
      throw Error({model_.source, fmt::format("its variables take more than {} MB", most_bytes >> 20),
                   "no microcontroller holds them"});
  }

  // --- The main graph

  Variable* variable_of(const Node& node, std::size_t operands, std::size_t outputs) {
    const bool has_places = node.inputs.size() == operands && node.outputs.size() == outputs;
    const auto found = has_places ? number_.find(node.inputs[0]) : number_.end();
    if (found != number_.end() && !number_.contains(operands == 2 ? node.inputs[1] : node.outputs[0]))
      return &all_[static_cast<std::size_t>(found->second)];
    refuse(where_of(node), "takes no handle of a resource variable", export_anew);
    return nullptr;
  }

  std::string where_of(const Node& node) const {
    return fmt::format("{}, node {} ({})", model_.source, node.index, node.op);
  }

  void take(Node& node) {
    if (node.op == "read_variable") return take_read(node);
    if (node.op == "assign_variable") return take_assignment(node);
    if (node.op == "var_handle" || node.op == "call_once") return;
    for (const int t : node.inputs)
      if (number_.contains(t))
        refuse(where_of(node), "takes the handle of a resource variable", "only READ_VARIABLE and ASSIGN_VARIABLE may");
  }

  void take_read(Node& node) {
    Variable* const variable = variable_of(node, 1, 1);
    if (!variable) return;
    const int out = node.outputs[0];
    if (is_free_[static_cast<std::size_t>(out)] && variable->first) model_.tensors[out].shape = variable->first->shape;
    variable->is_read = true;
    node.inputs[0] = variable->tensor;
    give_form(node, *variable, model_.tensors[out]);
  }

  void take_assignment(Node& node) {
    Variable* const variable = variable_of(node, 2, 0);
    if (!variable) return;
    if (node.inputs[1] < 0) return refuse(where_of(node), "assigns nothing", export_anew);
    variable->is_assigned = true;
    node.inputs[0] = variable->tensor;
    const Tensor& value = model_.tensors[node.inputs[1]];
    const std::string number = assigned_ ? fmt::format("_{}", assigned_) : "";
    Tensor out{.name = fmt::format("{}/assigned{}", name_of(*variable), number),
               .dtype = value.dtype,
               .shape = value.shape,
               .quantization = value.quantization};
    give_form(node, *variable, out);
    ++assigned_;
    node.outputs = {static_cast<int>(model_.tensors.size())};
    model_.tensors.push_back(std::move(out));
  }

  std::string name_of(const Variable& variable) const {
    return variable.handle.name.empty() ? model_.tensors[variable.tensor].name : variable.handle.name;
  }

  /// Type, shape and scale are those of the values that are read or assigned first; the file says none.
  void give_form(const Node& node, const Variable& variable, const Tensor& values) {
    Tensor& tensor = model_.tensors[variable.tensor];
    if (!tensor.is_variable) {
      tensor = {.name = name_of(variable),
                .dtype = values.dtype,
                .shape = values.shape,
                .quantization = values.quantization,
                .is_variable = true};
    } else if (tensor.dtype != values.dtype || tensor.shape != values.shape) {
      refuse(
          where_of(node),
          fmt::format("the variable {} is {} {} here, and {} {} before", tensor.name, dragonet::name_of(values.dtype),
                      text_of(values.shape), dragonet::name_of(tensor.dtype), text_of(tensor.shape)),
          "a variable must keep its type and shape");
    }
  }

  void settle(Variable& variable) {
    Tensor& tensor = model_.tensors[variable.tensor];
    if (!variable.is_read) return;
    if (variable.first && (variable.first->dtype != tensor.dtype || variable.first->data.size() != tensor.bytes()))
      throw Error({fmt::format("{}, the variable {}", model_.source, tensor.name),
                   fmt::format("begins as {} {}, and is then {} {}", dragonet::name_of(variable.first->dtype),
                               text_of(variable.first->shape), dragonet::name_of(tensor.dtype), text_of(tensor.shape)),
                   "a variable must keep its type and shape"});
    if (variable.first) tensor.initial = variable.first->data;
    if (!variable.first && is_read_first(variable.tensor))
      model_.remarks.push_back(fmt::format(
          "nothing initializes its variable {}: it begins as zero, as in TensorFlow Lite Micro; TensorFlow Lite would "
          "not run the model",
          tensor.name));
  }

  bool is_read_first(int variable) const {
    for (const Node& node : model_.nodes)
      if (!node.inputs.empty() && node.inputs[0] == variable && node.op != "var_handle")
        return node.op == "read_variable";
    return false;
  }

  /// What is never assigned is a constant, and what is never read need not be kept.
  void drop_needless() {
    std::vector<bool> is_done;
    for (const Node& node : model_.nodes) {
      bool done = node.op == "var_handle" || node.op == "call_once";
      if (node.op == "read_variable" || node.op == "assign_variable") {
        const Variable& variable = all_[static_cast<std::size_t>(number_.at(node.inputs[0]))];
        done = !variable.is_read || !variable.is_assigned;
        if (!variable.is_assigned) {
          count_bytes(model_.output(node));
          model_.tensors[node.outputs[0]].data = initial_value(model_.input(node, 0));
        }
      }
      is_done.push_back(done);
    }
    erase_nodes(model_, is_done);
  }

  Model model_;
  const std::vector<bool>& is_free_;
  std::vector<Variable> all_;
  std::map<int, int> number_;  // of the variable for which a tensor of the main graph stands
  int assigned_ = 0;
  std::size_t bytes_ = 0;
  std::vector<Problem> problems_;
};

}  // namespace

bool is_of_variables(const std::string& op) {
  return op == "var_handle" || op == "call_once" || op == "read_variable" || op == "assign_variable";
}

Model with_variables(const FileGraphs& graphs) {
  const auto is_one = [](const Node& node) { return is_of_variables(node.op); };
  if (std::ranges::none_of(graphs.main.model.nodes, is_one)) return graphs.main.model;
  return Variables(graphs).resolved();
}

}  // namespace dragonet
